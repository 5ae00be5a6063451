/* SPDX-License-Identifier: ISC */
/* One certificate, and what it says. */
#ifndef TLS_CERTIFICATE_H
#define TLS_CERTIFICATE_H

#include <stdbool.h>
#include <time.h>

#include <gnutls/x509.h>

#include "tls/handshake.h"

enum { CERTIFICATE_DATE_SIZE = 32 };

/*
 * Decodes it, or the first of a text in PEM.  Returns NULL for anything else;
 * the caller calls gnutls_x509_crt_deinit.
 */
gnutls_x509_crt_t certificate_decode(
    const gnutls_datum_t *encoding, gnutls_x509_crt_fmt_t format);

/*
 * The encoding of its public key (SubjectPublicKeyInfo); the caller frees it.
 * Returns false when there is none.
 */
bool certificate_encode_key(gnutls_x509_crt_t certificate, gnutls_datum_t *key);

/* The day of one of its dates, "2026-01-31"; returns text. */
const char *certificate_format_date(
    time_t date, char text[CERTIFICATE_DATE_SIZE]);

/* Fills in what it says, for people; texts live as long as the process. */
void certificate_describe(
    struct tls_certificate *described, gnutls_x509_crt_t certificate);

#endif
