/* SPDX-License-Identifier: ISC */
/* One trust anchor, read. */
#ifndef TLS_ANCHOR_H
#define TLS_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

enum { ANCHOR_DIGEST_SIZE = 32 };

struct anchor {
	gnutls_datum_t der, subject;
	unsigned char digest[ANCHOR_DIGEST_SIZE]; /* SHA-256 of der */
};

/*
 * Reads the text of a certificate in PEM.  Returns false for one that GnuTLS
 * cannot read: it could not have vouched for anybody.
 */
bool anchor_read(struct anchor *anchor, const char *pem, size_t size);

void anchor_free(struct anchor *anchor);

#endif
