/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/certificate.h"

#include <stdio.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "ip.h"
#include "report.h"
#include "tls/names.h"
#include "xalloc.h"

enum { TEXT_SIZE = 1024 };

gnutls_x509_crt_t certificate_decode(
    const gnutls_datum_t *encoding, gnutls_x509_crt_fmt_t format)
{
	gnutls_x509_crt_t certificate;

	if (gnutls_x509_crt_init(&certificate) != 0)
		report_out_of_memory();
	if (gnutls_x509_crt_import(certificate, encoding, format) == 0)
		return certificate;
	gnutls_x509_crt_deinit(certificate);
	return NULL;
}

bool certificate_encode_key(gnutls_x509_crt_t certificate, gnutls_datum_t *key)
{
	gnutls_pubkey_t public_key;
	bool good;

	*key = (gnutls_datum_t){0};
	if (gnutls_pubkey_init(&public_key) != 0)
		return false;
	good = gnutls_pubkey_import_x509(public_key, certificate, 0) == 0 &&
	       gnutls_pubkey_export2(public_key, GNUTLS_X509_FMT_DER, key) == 0;
	gnutls_pubkey_deinit(public_key);
	return good;
}

const char *certificate_format_date(
    time_t date, char text[CERTIFICATE_DATE_SIZE])
{
	struct tm day;

	if (gmtime_r(&date, &day) == NULL ||
	    strftime(text, CERTIFICATE_DATE_SIZE, "%Y-%m-%d", &day) == 0)
		snprintf(text, CERTIFICATE_DATE_SIZE, "?");
	return text;
}

/* A name as RFC 4514 writes it, cut and without control characters. */
static const char *readable(gnutls_datum_t *name)
{
	char text[TEXT_SIZE] = "";

	if (name->data != NULL)
		report_readable(text, sizeof text, (const char *)name->data);
	gnutls_free(name->data);
	return xstrdup(text);
}

static const char *subject_of(gnutls_x509_crt_t certificate)
{
	gnutls_datum_t name = {0};

	gnutls_x509_crt_get_dn3(certificate, &name, 0);
	return readable(&name);
}

static const char *issuer_of(gnutls_x509_crt_t certificate)
{
	gnutls_datum_t name = {0};

	gnutls_x509_crt_get_issuer_dn3(certificate, &name, 0);
	return readable(&name);
}

static void add_name(struct tls_certificate *described, const char *name)
{
	if (described->name_count < TLS_OWNERS_MAX)
		described->names[described->name_count++] = xstrdup(name);
}

static void list_names(
    struct tls_certificate *described, gnutls_x509_crt_t certificate)
{
	char text[IP_TEXT_SIZE];
	struct names names;

	names_read(&names, certificate);
	described->names = xcalloc(TLS_OWNERS_MAX, sizeof *described->names);
	for (size_t i = 0; i < names.host_count; i++)
		add_name(described, names.hosts[i]);
	for (size_t i = 0; i < names.address_count; i++)
		add_name(described, ip_format(&names.addresses[i], text));
	if (names.common_name != NULL)
		add_name(described, names.common_name);
}

static void digest(
    unsigned char result[TLS_FINGERPRINT_SIZE], gnutls_datum_t *bytes)
{
	if (bytes->data == NULL || gnutls_hash_fast(GNUTLS_DIG_SHA256,
				       bytes->data, bytes->size, result) != 0)
		memset(result, 0, TLS_FINGERPRINT_SIZE);
	gnutls_free(bytes->data);
}

void certificate_describe(
    struct tls_certificate *described, gnutls_x509_crt_t certificate)
{
	gnutls_datum_t der = {0}, key = {0};

	*described =
	    (struct tls_certificate){.subject = subject_of(certificate),
		.issuer = issuer_of(certificate),
		.from = gnutls_x509_crt_get_activation_time(certificate),
		.until = gnutls_x509_crt_get_expiration_time(certificate)};
	list_names(described, certificate);
	gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der);
	digest(described->sha256, &der);
	certificate_encode_key(certificate, &key);
	digest(described->key_sha256, &key);
}
