/* SPDX-License-Identifier: ISC */
/* Checks bytes for well-formed UTF-8 (RFC 3629) as they come. */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* All zero at the start. */
struct utf8 {
	unsigned due;		 /* continuation bytes still due */
	unsigned char low, high; /* what the next one may be */
	bool foreign;		 /* a byte above 127 was seen */
	bool broken;
};

void utf8_take(struct utf8 *utf8, const char *bytes, size_t size);

/* Whether all so far is ASCII. */
bool utf8_is_ascii(const struct utf8 *utf8);

/* Whether a text is ASCII. */
bool utf8_is_ascii_text(const char *text, size_t size);

/* Whether all so far is well-formed and complete. */
bool utf8_is_valid(const struct utf8 *utf8);

#endif
