/* SPDX-License-Identifier: ISC */
/* The system calls that a confined process may make, on Linux. */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

#include <stdbool.h>

/*
 * Sets the filter, for good; what it does not allow fails as if the system
 * could not do it.  Returns false with errno where the kernel has such filters
 * and refuses this one.
 */
bool confine_filter(void);

#endif
