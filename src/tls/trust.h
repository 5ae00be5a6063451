/* SPDX-License-Identifier: ISC */
/*
 * The trust anchors: a PEM bundle, or a directory of such files, compiled to
 * a database keyed by subject, of which a delivery loads only what the
 * server's chain may lead to.
 */
#ifndef TLS_TRUST_H
#define TLS_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "failure.h"

struct trust;

/*
 * Opens the anchors at path, a directory when it ends in '/'; the compiled
 * ones are kept in run_directory.  Returns NULL with a temporary failure when
 * they cannot be read or when there is no certificate among them.
 */
struct trust *trust_open(
    const char *path, const char *run_directory, struct failure *failure);

/*
 * A list of those anchors that are named as subject or issuer in the chain,
 * count certificates in DER.  The caller owns the list.  NULL when memory
 * ran out or the anchors became unreadable.
 */
gnutls_x509_trust_list_t trust_list_for(
    struct trust *trust, const gnutls_datum_t *chain, unsigned count);

#endif
