/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/age.h"

#include <stddef.h>
#include <string.h>

/*
 * Whether it is at most that many seconds since then.  A time in the future
 * says nothing: the clock was wrong, then or now.
 */
static bool is_within(int64_t then, int64_t now, int64_t seconds)
{
	return then >= 0 && then <= now && now - then <= seconds;
}

/* A policy from the future is not older than anything, but must not hold for
   ever: whoever fails to fetch it anew says that it was fetched now. */
bool sts_age_is_valid(
    const struct sts_entry *entry, const struct sts_policy *policy, int64_t now)
{
	return policy != NULL && policy->max_age > 0 &&
	       (entry->fetched > now ||
		   is_within(entry->fetched, now, policy->max_age));
}

enum sts_step sts_age_step(const struct sts_entry *entry,
    const struct sts_policy *policy, const char *id, int64_t now)
{
	bool valid = sts_age_is_valid(entry, policy, now);

	if (id != NULL) {
		bool fresh = valid && strcmp(id, entry->id) == 0 &&
			     is_within(entry->fetched, now, STS_REFRESH_AGE);
		bool failed = strcmp(id, entry->failed_id) == 0 &&
			      is_within(entry->failed, now, STS_RETRY_AGE - 1);

		if (!fresh && !failed)
			return STS_STEP_FETCH;
	}
	return valid ? STS_STEP_USE : STS_STEP_NOTHING;
}
