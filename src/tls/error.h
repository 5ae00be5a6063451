/* SPDX-License-Identifier: ISC */
/* Words for an error of GnuTLS, to stand inside a sentence. */
#ifndef TLS_ERROR_H
#define TLS_ERROR_H

#include <gnutls/gnutls.h>

#include "reason.h"

enum { TLS_ERROR_SIZE = 128 };

/* Returns text, with the library's words for a status of GnuTLS and no full
 * stop. */
const char *tls_error_text(int status, char text[TLS_ERROR_SIZE]);

/*
 * Why a session came to its end, by the status that a function returned for it:
 * the alert that the server sent, the end of the connection, or the library's
 * own complaint.
 */
void tls_error_explain(
    gnutls_session_t session, int status, struct reason *reason);

#endif
