/* SPDX-License-Identifier: ISC */
/*
 * Upper and lower case of the letters A to Z, whatever the locale: to the C
 * library's functions I and i are different letters in Turkish.
 */
#ifndef ASCII_H
#define ASCII_H

#include <stdbool.h>
#include <stddef.h>

/* Changes A to Z, and nothing else, to lower case. */
void ascii_lower(char *text);

/* Whether the first length bytes of text are word, in either case. */
bool ascii_is_word(const char *text, size_t length, const char *word);

/* Whether there is a control character among the bytes. */
bool ascii_has_control(const char *bytes, size_t length);

#endif
