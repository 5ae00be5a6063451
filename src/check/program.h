/* SPDX-License-Identifier: ISC */
/* The programs of this package that others run. */
#ifndef CHECK_PROGRAM_H
#define CHECK_PROGRAM_H

#include "faults.h"

/*
 * Adds a fault of that kind when the program in file cannot be run, or does not
 * say that it is of this version.  It is run with --version, for some seconds
 * at most.
 */
void program_check(
    const char *file, enum fault_kind kind, struct faults *faults);

#endif
