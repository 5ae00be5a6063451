/* SPDX-License-Identifier: ISC */
/* GnuTLS's words for an error, to stand inside a sentence. */
#ifndef TLS_ERROR_H
#define TLS_ERROR_H

enum { TLS_ERROR_SIZE = 128 };

/* Returns text, with the words for a status of GnuTLS and no full stop. */
const char *tls_error_text(int status, char text[TLS_ERROR_SIZE]);

#endif
