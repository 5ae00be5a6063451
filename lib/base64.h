/* SPDX-License-Identifier: ISC */
/* Base64 (RFC 4648 section 4): with padding, on one line. */
#ifndef BASE64_H
#define BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* The base64 text of so many bytes, a string; the caller frees it. */
char *base64_encode(const void *bytes, size_t size);

/*
 * What length characters of text stand for: *size bytes, and a NUL behind
 * them, which the caller frees.  Returns false when the text is not what
 * base64_encode would have made of any bytes.
 */
bool base64_decode(const char *text, size_t length, char **bytes, size_t *size);

#endif
