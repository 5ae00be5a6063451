/* SPDX-License-Identifier: ISC */
/*
 * Which certificates of a presented chain stand between a trust anchor and the
 * server's own.  GnuTLS goes on with the first issuer of a name, and what else
 * was sent, such as the same authority certified by another one, can lead it
 * astray.
 */
#ifndef TLS_LINKS_H
#define TLS_LINKS_H

#include <gnutls/x509.h>

#include "tls/handshake.h"

/* What is known of a chain, of at most TLS_CHAIN_MAX, begun with nothing. */
struct links {
	const gnutls_x509_crt_t *chain; /* the server's own is the first */
	unsigned count;
	signed char signs[TLS_CHAIN_MAX][TLS_CHAIN_MAX];
};

/*
 * Puts the server's own into list, and behind it those that lead from the
 * anchor to it by valid signatures, in the order of the chain.  Returns how
 * many.  No signature within the chain is looked at twice, whatever the
 * anchors.
 */
unsigned links_between(struct links *links, gnutls_x509_crt_t anchor,
    gnutls_x509_crt_t list[TLS_CHAIN_MAX]);

#endif
