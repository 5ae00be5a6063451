/* SPDX-License-Identifier: ISC */
/* The standard descriptors, before anything else is opened. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stdbool.h>

/*
 * Opens /dev/null where 0, 1 or 2 is closed, so that no socket takes that
 * number, and always on 2: under qmail-rspawn it is the report's pipe, which
 * no library may write to.  *input_closed tells whether 0 was closed.
 * Returns false with errno.
 */
bool descriptors_secure(bool *input_closed);

#endif
