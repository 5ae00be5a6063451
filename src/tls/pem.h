/* SPDX-License-Identifier: ISC */
/* Certificates in a text. */
#ifndef TLS_PEM_H
#define TLS_PEM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds the next certificate in a text that begins at *from and ends at limit,
 * whatever else stands there: from its mark of beginning to its mark of end,
 * under either of the names that PEM has for it (RFC 7468 section 5).  One that
 * has been cut off is not the beginning of the next.  Moves *from behind it.
 * Returns false when there is no more.
 */
bool pem_next(
    const char **from, const char *limit, const char **start, size_t *size);

/* Whether the text is one such certificate, and nothing else. */
bool pem_is_one(const char *text, size_t size);

#endif
