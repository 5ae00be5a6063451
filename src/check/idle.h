/* SPDX-License-Identifier: ISC */
/* What stands in control files and comes to nothing, or to something else. */
#ifndef CHECK_IDLE_H
#define CHECK_IDLE_H

#include "faults.h"
#include "route/settings.h"

/*
 * Of the files with one value each: lines behind the first, what stock's way of
 * reading makes of numbers and names, and settings that need another one.  What
 * is wrong with the files themselves is in faults already.
 */
void idle_check(const struct settings *settings, struct faults *faults);

/* For a line that prefers TLS, which is not tried without trust anchors. */
void idle_check_preference(const struct settings *settings, const char *file,
    unsigned long line, struct faults *faults);

#endif
