/* SPDX-License-Identifier: ISC */
/*
 * As much of a certificate's encoding as is needed to find the anchors that may
 * have to do with it, without decoding all of it: nothing is believed for what
 * is found here.
 */
#ifndef TLS_DER_H
#define TLS_DER_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

/*
 * The names of issuer and subject in a certificate (RFC 5280 section 4.1),
 * which are parts of it.  Returns false where there are none.
 */
bool der_names(const gnutls_datum_t *certificate, gnutls_datum_t *issuer,
    gnutls_datum_t *subject);

#endif
