/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/anchor.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "report.h"
#include "tls/anchor_files.h"
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

static bool is_certificate(const gnutls_datum_t *der)
{
	gnutls_x509_crt_t read;
	bool good;

	if (gnutls_x509_crt_init(&read) != 0)
		report_out_of_memory();
	good = gnutls_x509_crt_import(read, der, GNUTLS_X509_FMT_DER) == 0;
	gnutls_x509_crt_deinit(read);
	return good;
}

bool anchor_read(struct anchor *anchor, const char *pem, size_t size)
{
	if (!anchor_take_apart(anchor, pem, size))
		return false;
	if (is_certificate(&anchor->der))
		return true;
	anchor_free(anchor);
	return false;
}
