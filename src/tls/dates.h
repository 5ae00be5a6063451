/* SPDX-License-Identifier: ISC */
/* When certificates of the administrator's expire, and which are none. */
#ifndef TLS_DATES_H
#define TLS_DATES_H

#include "faults.h"

/* Days before the end in which it is time to think of it. */
enum { DATES_SOON_DAYS = 30 };

/*
 * Adds a warning for each certificate at path, a PEM file, or a directory of
 * such when it ends in '/', that has expired, expires soon, is not valid yet,
 * or cannot be read, in the line where it begins.
 */
void dates_check(const char *path, struct faults *faults);

#endif
