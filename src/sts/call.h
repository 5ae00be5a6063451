/* SPDX-License-Identifier: ISC */
/*
 * What qmail-remote and qmail-remote-sts say to each other: the arguments of
 * the latter, and what it writes to its standard output, a pipe.
 */
#ifndef STS_CALL_H
#define STS_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ip.h"
#include "sts/policy.h"

enum { STS_REASON_SIZE = 256, STS_ADDRESSES_MAX = 16 };

/* More than the longest result. */
enum { STS_RESULT_SIZE_MAX = STS_POLICY_SIZE_MAX + 64 };

/* One fetch. */
struct sts_call {
	const char *host; /* "mta-sts." and the domain */
	uint16_t port;
	unsigned long milliseconds; /* in which it has to be done */
	const char *anchors;	    /* as in struct settings */
	bool bind_v4, bind_v6;
	struct ip v4, v6; /* where connections come from */
	struct ip addresses[STS_ADDRESSES_MAX]; /* of the host */
	size_t address_count;
};

/*
 * The arguments, ended by NULL, the first of them being name.  The version of
 * the package is the next, so that programs of two versions do not misread each
 * other.  They live as long as the process.
 */
char **sts_call_to_arguments(const struct sts_call *call, const char *name);

/* Returns false when the arguments are not such. */
bool sts_call_from_arguments(
    struct sts_call *call, int count, char **arguments);

enum sts_outcome {
	STS_OUTCOME_POLICY,  /* text is what the host served */
	STS_OUTCOME_FAILED,  /* text is the reason, in English */
	STS_OUTCOME_FOREIGN, /* the two are not of one version */
	STS_OUTCOME_MISSING, /* it could not be run; text says why */
	STS_OUTCOME_LOST     /* no whole result */
};

struct sts_result {
	enum sts_outcome outcome;
	const char *text; /* any octets; ended by a NUL, which is not counted */
	size_t size;
};

/* Writes a result.  Returns false when nobody listens. */
bool sts_result_write(int descriptor, const struct sts_result *result);

/* Understands what was written, which a NUL ends; text is a part of it. */
void sts_result_read(struct sts_result *result, const char *bytes, size_t size);

#endif
