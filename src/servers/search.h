/* SPDX-License-Identifier: ISC */
/*
 * All that the DNS is asked about one exchanger: its addresses, and, where DANE
 * counts, the TLSA records that they lead to (RFC 7672, section 2.2).
 */
#ifndef SERVERS_SEARCH_H
#define SERVERS_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/resolver.h"
#include "servers/exchanger.h"

/* What is asked for. */
struct search_scope {
	uint16_t port;	     /* that TLSA records are about */
	bool use_v4, use_v6; /* the other addresses do not exist */
	bool dane;	     /* TLSA records; the resolver validates */
};

/* What the answers about one exchanger are waited for. */
enum search_stage {
	SEARCH_ADDRESSES, /* A and AAAA */
	SEARCH_ALIAS,	  /* CNAME: its addresses are not secure, it may be */
	SEARCH_EXPANDED,  /* TLSA at the end of its alias chain */
	SEARCH_NAME,	  /* TLSA at its own name */
	SEARCH_KNOWN
};

struct search {
	bool incomplete; /* a lookup failed for now: there may be addresses */
	/* Its own. */
	const struct search_scope *scope;
	struct resolver *resolver;
	struct exchanger *exchanger;
	enum search_stage stage;
	struct question v6, v4, other; /* whose context is the search */
	unsigned waiting;	       /* addresses that have been asked for */
	bool alias;
	bool secure; /* an answer with addresses is */
};

/*
 * Asks for the addresses of the exchanger, which has none yet.  The search, and
 * what it is given, stay where they are until its end.
 */
void search_begin(struct search *search, struct exchanger *exchanger,
    const struct search_scope *scope, struct resolver *resolver);

/*
 * Takes the answer to a question of the search into the exchanger, and asks
 * what follows from it.
 */
void search_take(struct search *search, const struct answer *answer);

/* What has not been answered in time leaves its mark. */
void search_end(struct search *search);

#endif
