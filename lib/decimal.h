/* SPDX-License-Identifier: ISC */
/* Decimal numbers without a sign, whose ends others have written. */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads the digits at the start of a text of that length, and says how many
 * they are; without any the number is 0.  Returns false when it is above
 * maximum.
 */
bool decimal_scan(const char *text, size_t length, uint64_t maximum,
    uint64_t *number, size_t *digits);

/*
 * Reads a text that is digits, at least one, and nothing else.  Returns false
 * for any other, and for a number above maximum.
 */
bool decimal_read(const char *text, uint64_t maximum, uint64_t *number);

#endif
