/* SPDX-License-Identifier: ISC */
/* The system calls that a confined process may make, on Linux. */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

#include <stdbool.h>

enum confine_kind {
	CONFINE_COPYING, /* from one descriptor that is there to another */
	CONFINE_CALLING	 /* others, by IPv4 and IPv6; reading of files */
};

/*
 * Sets the filter, for good; what it does not allow fails as if the system
 * could not do it.  Returns false with errno where the kernel has such filters
 * and refuses this one.
 */
bool confine_filter(enum confine_kind kind);

#endif
