/* SPDX-License-Identifier: ISC */
/*
 * The certificates that a server has presented.  Each is decoded once, when it
 * is asked for first, as that takes long.
 */
#ifndef TLS_PRESENTED_H
#define TLS_PRESENTED_H

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tls/handshake.h"

struct presented {
	const gnutls_datum_t *chain; /* their encodings, which GnuTLS keeps */
	unsigned count;
	gnutls_x509_crt_t decoded[TLS_CHAIN_MAX];
};

/* Those of a session, as long as that lasts; no more than TLS_CHAIN_MAX. */
void presented_take(struct presented *presented, gnutls_session_t session);

/*
 * The one at that place, of which the first is the server's own; NULL where
 * there is none, or one that cannot be read.
 */
gnutls_x509_crt_t presented_get(struct presented *presented, unsigned index);

/* How many there are before the first that cannot be read; decodes them. */
unsigned presented_count(struct presented *presented);

void presented_free(struct presented *presented);

#endif
