/* SPDX-License-Identifier: ISC */
/* The addresses of a policy host. */
#ifndef STS_HOST_H
#define STS_HOST_H

#include "deadline.h"
#include "route/settings.h"
#include "route/source.h"
#include "sts/call.h"

enum sts_host {
	STS_HOST_UNKNOWN, /* it cannot be found out now */
	STS_HOST_CLOSED,  /* it has none, or none that may be called */
	STS_HOST_OPEN
};

/*
 * Looks call->host up, and puts the addresses that may be called into the call:
 * of a family that the source has, public, and none of this machine's own;
 * those of the family that comes first are first.
 */
enum sts_host sts_host_find(struct sts_call *call,
    const struct settings *settings, const struct source *source,
    struct deadline deadline);

#endif
