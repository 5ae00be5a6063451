/* SPDX-License-Identifier: ISC */
/*
 * The MTA-STS policy of a domain (RFC 8461): from the cache, or fetched when
 * the domain's TXT record says so.
 */
#ifndef STS_FETCH_H
#define STS_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "deadline.h"
#include "failure.h"
#include "reason.h"
#include "route/settings.h"
#include "route/source.h"
#include "servers/exchanger.h"
#include "sts/policy.h"
#include "sts/record.h"

/* Longer than that no delivery waits for a policy. */
enum { STS_FETCH_SECONDS = 20 };

struct sts_question {
	const char *domain;	   /* the next hop, A-labels in lower case,
				      without a dot at its end */
	const struct texts *texts; /* of _mta-sts.DOMAIN, as servers has them */
	const struct settings *settings;
	const struct source *source;
	const char *run_directory;
	struct deadline deadline; /* of the delivery */
	bool offline;		  /* only what the cache has is used */
};

enum sts_origin {
	STS_ORIGIN_NONE,
	STS_ORIGIN_CACHE,
	STS_ORIGIN_HOST /* fetched for this delivery, or just before */
};

struct sts {
	/* Whether there is a policy that asks for something: its mode is not
	   STS_MODE_NONE. */
	bool present;
	struct sts_policy policy;
	enum sts_origin origin; /* also of one of mode none */
	int64_t fetched;	/* seconds since 1970 */
	char id[STS_ID_MAX + 1];
	/* Why there is none, or why a cached one could not be fetched anew;
	   else empty. */
	struct reason why;
};

/*
 * Finds the policy.  Whatever fails, the delivery goes on: with a cached policy
 * while it is valid, else without.  Returns false, with a temporary failure
 * that names it, only when a policy has to be fetched and qmail-remote-sts
 * cannot be run, or there are no trust anchors.  What is found lives until
 * sts_free.
 */
bool sts_find(struct sts *sts, const struct sts_question *question,
    struct failure *failure);

void sts_free(struct sts *sts);

#endif
