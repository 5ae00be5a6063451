/* SPDX-License-Identifier: ISC */
/* The less usual extensions of certs.h. */
#ifndef CERTS_EXTENSIONS_H
#define CERTS_EXTENSIONS_H

#include "certs.h"

void certs_add_extensions(
    gnutls_x509_crt_t certificate, const struct cert_request *request);

#endif
