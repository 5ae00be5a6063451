/* SPDX-License-Identifier: ISC */
/*
 * Texts that others have written, so that nothing in them is a command to
 * whoever reads them.  The caller frees what these return.
 */
#ifndef PROBE_VISIBLE_H
#define PROBE_VISIBLE_H

#include <stddef.h>

/*
 * For terminals: in one line, of characters that the user's locale can show and
 * that stay where they are written; of all others each byte becomes "\xHH".
 */
char *visible_line(const char *bytes, size_t size);

/* For JSON: UTF-8, with U+FFFD for each byte that is none, and for NUL. */
char *visible_utf8(const char *bytes, size_t size);

/* How many columns of a terminal a text takes that visible_line has made. */
size_t visible_columns(const char *text, size_t size);

#endif
