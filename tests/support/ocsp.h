/* SPDX-License-Identifier: ISC */
/* OCSP responses (RFC 6960), made while the tests run. */
#ifndef OCSP_H
#define OCSP_H

#include <stdbool.h>

#include "certs.h"

/*
 * Writes to a file what the issuer of the certificate, which has a key of
 * CERT_ECDSA, says of it now.
 */
void ocsp_write(const char *path, const struct cert *cert, bool revoked);

#endif
