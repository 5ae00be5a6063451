/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/anchor.h"

#include <gnutls/crypto.h>

#include "tls/anchor_files.h"
#include "tls/certificate.h"
#include "tls/der.h"

void anchor_free(struct anchor *anchor)
{
	gnutls_free(anchor->der.data);
}

bool anchor_take_apart(struct anchor *anchor, const char *pem, size_t size)
{
	const gnutls_datum_t text = {(unsigned char *)pem, (unsigned)size};
	gnutls_datum_t issuer;

	*anchor = (struct anchor){0};
	if (size > ANCHOR_SIZE_MAX ||
	    gnutls_pem_base64_decode2(NULL, &text, &anchor->der) != 0)
		return false;
	if (der_names(&anchor->der, &issuer, &anchor->subject) &&
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, anchor->der.data,
		anchor->der.size, anchor->digest) == 0)
		return true;
	anchor_free(anchor);
	return false;
}

bool anchor_read(struct anchor *anchor, const char *pem, size_t size)
{
	gnutls_x509_crt_t certificate;

	if (!anchor_take_apart(anchor, pem, size))
		return false;
	certificate = certificate_decode(&anchor->der, GNUTLS_X509_FMT_DER);
	if (certificate != NULL) {
		gnutls_x509_crt_deinit(certificate);
		return true;
	}
	anchor_free(anchor);
	return false;
}
