/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/bundle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "descriptors.h"
#include "tls/anchor.h"
#include "tls/anchor_files.h"
#include "tls/certificate.h"
#include "tls/names.h"
#include "tls/pem.h"

/* Adds a certificate if it is one; how many that are. */
static size_t add_certificate(int bundle, const char *pem, size_t size)
{
	struct anchor anchor;
	gnutls_datum_t text = {0};
	size_t added = 0;

	if (!anchor_read(&anchor, pem, size))
		return 0;
	if (gnutls_pem_base64_encode2("CERTIFICATE", &anchor.der, &text) == 0 &&
	    descriptors_write(bundle, text.data, text.size))
		added = 1;
	gnutls_free(text.data);
	anchor_free(&anchor);
	return added;
}

static size_t add_file(int bundle, const char *file)
{
	struct anchor_text text;
	const char *from, *start;
	size_t size, added = 0;

	if (!anchors_read(&text, file))
		return 0;
	from = text.bytes;
	while (pem_next(&from, text.bytes + text.size, &start, &size))
		added += add_certificate(bundle, start, size);
	free(text.bytes);
	return added;
}

int bundle_open(const char *path)
{
	int bundle = descriptors_nameless("anchors");
	struct anchor_files files = {0};
	size_t added = 0;

	if (bundle < 0)
		return -1;
	if (!anchors_list(&files, path)) {
		close(bundle);
		return -1;
	}
	for (size_t i = 0; i < files.count; i++) {
		char *file = anchors_file(path, files.names[i]);

		added += add_file(bundle, file);
		free(file);
	}
	anchors_free(&files);
	if (added > 0)
		return bundle;
	close(bundle);
	return -1;
}

/* The first certificate of a text in PEM, to be freed, or NULL. */
static gnutls_x509_crt_t import_first(const char *pem)
{
	gnutls_datum_t text = {
	    (unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem)};

	return certificate_decode(&text, GNUTLS_X509_FMT_PEM);
}

bool bundle_bears(const char *pem, const char *host)
{
	gnutls_x509_crt_t certificate = import_first(pem);
	struct names names;

	if (certificate == NULL)
		return false;
	names_read(&names, certificate);
	gnutls_x509_crt_deinit(certificate);
	return names_find(&names, host) == NAME_IN_ALTERNATIVE;
}

bool bundle_is_for_servers(const char *pem)
{
	gnutls_x509_crt_t certificate = import_first(pem);
	bool is;

	if (certificate == NULL)
		return false;
	is = gnutls_x509_crt_check_key_purpose(
		 certificate, GNUTLS_KP_TLS_WWW_SERVER, 0) != 0;
	gnutls_x509_crt_deinit(certificate);
	return is;
}
