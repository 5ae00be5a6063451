/* SPDX-License-Identifier: ISC */
/*
 * Second opinions: the slow and plain way of what the code under test does
 * as bytes come.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>

enum { MODEL_PARTIAL = 0, MODEL_INVALID = -1 };

/* The size of the empty lines that bytes begin with, of one without its LF,
 * too.
 */
size_t model_blank(const char *bytes, size_t size);

/*
 * The code of the SMTP reply that bytes begin with, and its size; or that it
 * has no end yet, or that it is none.  Empty lines before it are not its.
 */
int model_reply(const char *bytes, size_t size, size_t *length);

/* The length of the line at the start, with its LF; 0: it has no end. */
size_t model_line(const char *bytes, size_t size);

/*
 * A message as it goes out, without the final dot; the caller frees it.
 * dots is how many were added for transparency.
 */
char *model_encode(
    const char *bytes, size_t size, size_t *length, size_t *dots);

/* Whether bytes are UTF-8. */
bool model_is_utf8(const char *bytes, size_t size);

/* Whether bytes are UTF-8 and not ASCII alone. */
bool model_is_foreign(const char *bytes, size_t size);

#endif
