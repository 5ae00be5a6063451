/* SPDX-License-Identifier: ISC */
/*
 * Questions to the DNS, asked in parallel through c-ares, which only carries
 * them: by UDP, by TCP on truncation, again where no answer comes, to the next
 * server of resolv.conf.  What they mean is dns/answer.h's.  Names are
 * absolute: no search list, no hosts file, no aliases of ours.
 *
 *     resolver_ask(resolver, &question, "example.net", TYPE_MX);
 *     while ((answered = resolver_next(resolver)) != NULL)
 *             ...answered->answer..., perhaps resolver_ask anew
 */
#ifndef DNS_RESOLVER_H
#define DNS_RESOLVER_H

#include <stdbool.h>

#include "deadline.h"
#include "dns/answer.h"
#include "failure.h"

struct resolver;

/* One question; starts as zeros, and stays where it is until answered. */
struct question {
	char name[DOMAIN_MAX + 1];
	unsigned type;
	void *context;	      /* the caller's */
	struct answer answer; /* ANSWER_FAILED until resolver_next gives it */

	/* The resolver's own. */
	struct resolver *resolver;
	struct question *next;
	bool edns;
};

struct resolver_options {
	unsigned long timeout;	  /* seconds for all questions; 0: no limit */
	struct deadline deadline; /* and not beyond this */
	bool validates;		  /* AD is asked for, and believed */
};

/*
 * Ready to ask the server that DNSCACHEIP names in the environment, by an
 * address with or without a port, or else those of resolv.conf.  Returns NULL
 * with a temporary failure: when DNSCACHEIP names none, or when the servers are
 * to validate, and one of them is neither on this machine (127.0.0.0/8, ::1)
 * nor vouched for by "options trust-ad" in resolv.conf, which says nothing of
 * DNSCACHEIP.
 */
struct resolver *resolver_open(
    const struct resolver_options *options, struct failure *failure);

/*
 * The servers in use, for people: "127.0.0.1, [::1]:5353", with the ports that
 * are not 53.  The caller frees it.
 */
char *resolver_servers(const struct resolver *resolver);

/* Questions without an answer stay so. */
void resolver_close(struct resolver *resolver);

/*
 * Asks for records of the type that a domain has.  Where EDNS may be to blame
 * for what comes back the question is asked once more without it.
 */
void resolver_ask(struct resolver *resolver, struct question *question,
    const char *domain, unsigned type);

/*
 * The same for the name PREFIX.DOMAIN.  Returns false, and asks nothing, when
 * there can be none of that length.
 */
bool resolver_ask_below(struct resolver *resolver, struct question *question,
    const char *prefix, const char *domain, unsigned type);

/*
 * Waits for the next question to be answered, and gives it; its owner frees
 * the answer.  NULL when none is left to wait for, or the time is over: the
 * rest have failed.
 */
struct question *resolver_next(struct resolver *resolver);

/* How many questions have been asked whose answers have not been given. */
size_t resolver_waiting(const struct resolver *resolver);

/* Waits so many seconds more at the most. */
void resolver_hurry(struct resolver *resolver, unsigned long seconds);

#endif
