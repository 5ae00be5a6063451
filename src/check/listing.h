/* SPDX-License-Identifier: ISC */
/* Faults as people and programs read them, on standard output. */
#ifndef CHECK_LISTING_H
#define CHECK_LISTING_H

#include "faults.h"

/* How many there are of a kind. */
size_t listing_count(const struct faults *faults, enum fault_kind kind);

/* "FILE:LINE: error: WHAT", one a line; without a line, "FILE: error: WHAT". */
void listing_print(const struct faults *faults);

/*
 * The same as one JSON object, in a line.  Returns false where the package was
 * built without jansson.
 */
bool listing_print_json(const struct faults *faults);

#endif
