/* SPDX-License-Identifier: ISC */
/* What a certificate says, for people. */
#ifndef TLS_CERTIFICATE_H
#define TLS_CERTIFICATE_H

#include <gnutls/x509.h>

#include "tls/handshake.h"

/* Fills in what it says; texts live as long as the process. */
void certificate_describe(
    struct tls_certificate *described, gnutls_x509_crt_t certificate);

#endif
