/* SPDX-License-Identifier: ISC */
/* What certificates are compared with, as tlspolicy writes it. */
#ifndef ROUTE_CRITERIA_H
#define ROUTE_CRITERIA_H

#include <stdbool.h>

#include "failure.h"

enum { CRITERIA_PIN_SIZE = 32 };

/*
 * A name as certificates bear it, A-labels in lower case, behind "*." or "."
 * where that stands in front.  The caller frees it.  NULL with a failure: a
 * temporary one when it cannot be converted now, a permanent one, whose text
 * does not matter, when it is no such name.
 */
char *criteria_read_name(const char *text, struct failure *failure);

/*
 * The SHA-256 of a key: two hexadecimal digits for each byte, and perhaps a
 * colon between two bytes.  Returns false for anything else.
 */
bool criteria_read_pin(
    unsigned char sha256[CRITERIA_PIN_SIZE], const char *text);

#endif
