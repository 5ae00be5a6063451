/* SPDX-License-Identifier: ISC */
/* The text of an MTA-STS policy (RFC 8461, section 3.2), and what it allows. */
#ifndef STS_POLICY_H
#define STS_POLICY_H

#include <stdbool.h>
#include <stddef.h>

/* A text as long as that is still read; a policy is valid for a year at most.
 */
enum { STS_POLICY_SIZE_MAX = 64 * 1024, STS_MAX_AGE = 31557600 };

enum sts_mode {
	STS_MODE_NONE,	  /* as if there were no policy */
	STS_MODE_TESTING, /* looked at, and told; decides nothing */
	STS_MODE_ENFORCE
};

struct sts_policy {
	enum sts_mode mode;
	long max_age; /* seconds, 0 to STS_MAX_AGE */
	/* Names in lower case; "*." at the start is any one label. */
	char **mx;
	size_t mx_count;
};

/*
 * Reads a policy.  Returns false, with nothing to free, when the text is none:
 * a key that it needs is missing, or something in it cannot be meant.
 */
bool sts_policy_read(struct sts_policy *policy, const char *text, size_t size);

void sts_policy_free(struct sts_policy *policy);

/*
 * Whether one of the mx lines names this exchanger, a name as its MX record has
 * it, without a final dot (RFC 8461, section 4.1).  In either case; what a
 * policy of this mode means is for the caller to know.
 */
bool sts_policy_names(const struct sts_policy *policy, const char *exchanger);

#endif
