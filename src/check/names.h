/* SPDX-License-Identifier: ISC */
/* Files of control/ that nobody reads. */
#ifndef CHECK_NAMES_H
#define CHECK_NAMES_H

#include "faults.h"
#include "route/settings.h"

/*
 * Adds a warning for each file there that another qmail patch reads, with what
 * to write instead, and for each whose name is nearly that of one of ours.
 */
void names_check(const struct settings *settings, struct faults *faults);

#endif
