/* SPDX-License-Identifier: ISC */
/* One trust anchor, read. */
#ifndef TLS_ANCHOR_H
#define TLS_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

enum { ANCHOR_DIGEST_SIZE = 32 };

struct anchor {
	gnutls_datum_t der, subject; /* the latter is a part of the former */
	unsigned char digest[ANCHOR_DIGEST_SIZE]; /* SHA-256 of der */
};

/*
 * Takes the text of a certificate in PEM apart, as far as its subject.  Returns
 * false for anything else.  GnuTLS decodes it when a chain is checked, which
 * takes long, and may find that it is none.
 */
bool anchor_take_apart(struct anchor *anchor, const char *pem, size_t size);

/*
 * The same, but false also for one that GnuTLS cannot read: it could not have
 * vouched for anybody.
 */
bool anchor_read(struct anchor *anchor, const char *pem, size_t size);

void anchor_free(struct anchor *anchor);

#endif
