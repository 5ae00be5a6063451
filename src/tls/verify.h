/* SPDX-License-Identifier: ISC */
/* Verification of a server's certificate, and words for what is wrong. */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "reason.h"

/*
 * Checks chain, dates and purpose against the trust list of the session's
 * credentials.  Returns false with the reason, in which the server is called
 * name.
 */
bool tls_verify_peer(
    gnutls_session_t session, const char *name, struct reason *reason);

/* Whether the PEM file holds certificates that can be read. */
bool tls_verify_has_certificate(const char *file);

#endif
