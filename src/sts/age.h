/* SPDX-License-Identifier: ISC */
/*
 * What to do about the policy of a domain, by what the cache has, what the TXT
 * record says and what time it is.  Nothing here asks anybody.
 */
#ifndef STS_AGE_H
#define STS_AGE_H

#include <stdbool.h>
#include <stdint.h>

#include "sts/cache.h"
#include "sts/policy.h"

/* Seconds after which a policy is fetched again although it is valid, and for
   which no fetch follows one that failed. */
enum { STS_REFRESH_AGE = 24 * 60 * 60, STS_RETRY_AGE = 5 * 60 };

enum sts_step {
	STS_STEP_NOTHING, /* there is no policy to be had */
	STS_STEP_USE,	  /* the cached one */
	STS_STEP_FETCH /* and the cached one, if it is valid, when it fails */
};

/*
 * Whether the policy of the entry, NULL for none, still holds.  One of max_age
 * 0 does not: it was for the delivery that fetched it.
 */
bool sts_age_is_valid(const struct sts_entry *entry,
    const struct sts_policy *policy, int64_t now);

/* id is that of the TXT record, NULL where none counts. */
enum sts_step sts_age_step(const struct sts_entry *entry,
    const struct sts_policy *policy, const char *id, int64_t now);

#endif
