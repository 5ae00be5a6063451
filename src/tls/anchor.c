/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/anchor.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "report.h"
#include "tls/anchor_files.h"

void anchor_free(struct anchor *anchor)
{
	gnutls_free(anchor->der.data);
	gnutls_free(anchor->subject.data);
}

bool anchor_read(struct anchor *anchor, const char *pem, size_t size)
{
	gnutls_datum_t text = {(unsigned char *)pem, (unsigned)size};
	gnutls_x509_crt_t read;
	bool good;

	*anchor = (struct anchor){0};
	if (size > ANCHOR_SIZE_MAX)
		return false;
	if (gnutls_x509_crt_init(&read) != 0)
		report_out_of_memory();
	good = gnutls_x509_crt_import(read, &text, GNUTLS_X509_FMT_PEM) == 0 &&
	       gnutls_x509_crt_get_raw_dn(read, &anchor->subject) == 0 &&
	       gnutls_x509_crt_export2(
		   read, GNUTLS_X509_FMT_DER, &anchor->der) == 0 &&
	       gnutls_hash_fast(GNUTLS_DIG_SHA256, anchor->der.data,
		   anchor->der.size, anchor->digest) == 0;
	gnutls_x509_crt_deinit(read);
	if (!good)
		anchor_free(anchor);
	return good;
}
