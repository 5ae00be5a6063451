/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "ocsp.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "bytes.h"

enum {
	INTEGER = 0x02,
	BIT_STRING = 0x03,
	OCTET_STRING = 0x04,
	ENUMERATED = 0x0a,
	TIME = 0x18,
	SEQUENCE = 0x30,
	GOOD = 0x80,
	EXPLICIT_0 = 0xa0,
	EXPLICIT_1 = 0xa1,
	POINT = 65, /* of P-256, in an encoded key */
	SHA1 = 20,
	HOUR = 60 * 60
};

static const unsigned char sha1[] = {
    0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00};
static const unsigned char ecdsa[] = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
static const unsigned char basic[] = {
    0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01};

static void must(int result, const char *what)
{
	if (result < 0)
		errx(99, "%s: %s", what, gnutls_strerror(result));
}

/* Adds an element with that content. */
static void add(
    struct bytes *to, unsigned char tag, const void *content, size_t size)
{
	const unsigned char head[] = {
	    tag, 0x82, (unsigned char)(size >> 8), (unsigned char)size};
	const unsigned char short_head[] = {tag, (unsigned char)size};
	const unsigned char middle_head[] = {tag, 0x81, (unsigned char)size};

	if (size < 0x80)
		bytes_add(to, short_head, sizeof short_head);
	else if (size < 0x100)
		bytes_add(to, middle_head, sizeof middle_head);
	else
		bytes_add(to, head, sizeof head);
	bytes_add(to, content, size);
}

/* Adds an element with what stands in inner, which is freed. */
static void wrap(struct bytes *to, unsigned char tag, struct bytes *inner)
{
	add(to, tag, inner->data, inner->length);
	bytes_free(inner);
	*inner = (struct bytes){0};
}

static void add_time(struct bytes *to, time_t time)
{
	char text[32];
	struct tm day;

	gmtime_r(&time, &day);
	add(to, TIME, text, strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &day));
}

static void add_digest(struct bytes *to, const void *bytes, size_t size)
{
	unsigned char digest[SHA1];

	must(gnutls_hash_fast(GNUTLS_DIG_SHA1, bytes, size, digest), "digest");
	add(to, OCTET_STRING, digest, sizeof digest);
}

/* The issuer's name and key, and the number it has given. */
static void add_id(struct bytes *to, const struct cert *cert)
{
	struct bytes id = {0};
	gnutls_datum_t name, key;
	gnutls_pubkey_t public_key;
	unsigned char serial[64];
	size_t size = sizeof serial;

	must(gnutls_x509_crt_get_raw_dn(cert->issuer->certificate, &name),
	    "name");
	must(gnutls_pubkey_init(&public_key), "key");
	must(
	    gnutls_pubkey_import_x509(public_key, cert->issuer->certificate, 0),
	    "key");
	must(gnutls_pubkey_export2(public_key, GNUTLS_X509_FMT_DER, &key),
	    "key");
	must(gnutls_x509_crt_get_serial(cert->certificate, serial, &size),
	    "serial number");
	bytes_add(&id, sha1, sizeof sha1);
	add_digest(&id, name.data, name.size);
	add_digest(&id, key.data + key.size - POINT, POINT);
	add(&id, INTEGER, serial, size);
	wrap(to, SEQUENCE, &id);
	gnutls_pubkey_deinit(public_key);
	gnutls_free(name.data);
	gnutls_free(key.data);
}

static void add_single(
    struct bytes *to, const struct cert *cert, bool revoked, time_t now)
{
	struct bytes single = {0}, part = {0};

	add_id(&single, cert);
	if (revoked)
		add_time(&part, now - HOUR);
	wrap(&single, revoked ? EXPLICIT_1 : GOOD, &part);
	add_time(&single, now - HOUR);
	add_time(&part, now + HOUR);
	wrap(&single, EXPLICIT_0, &part);
	wrap(to, SEQUENCE, &single);
}

static struct bytes make_data(const struct cert *cert, bool revoked)
{
	struct bytes data = {0}, part = {0}, whole = {0};
	time_t now = time(NULL);
	gnutls_datum_t name;

	must(gnutls_x509_crt_get_raw_dn(cert->issuer->certificate, &name),
	    "name");
	add(&data, EXPLICIT_1, name.data, name.size);
	gnutls_free(name.data);
	add_time(&data, now);
	add_single(&part, cert, revoked, now);
	wrap(&data, SEQUENCE, &part);
	wrap(&whole, SEQUENCE, &data);
	return whole;
}

static void add_signature(
    struct bytes *to, const struct bytes *data, const struct cert *signer)
{
	gnutls_datum_t text = {
	    (unsigned char *)data->data, (unsigned)data->length};
	gnutls_datum_t signature;
	struct bytes bits = {0};
	gnutls_privkey_t key;

	must(gnutls_privkey_init(&key), "key");
	must(gnutls_privkey_import_x509(key, signer->key, 0), "key");
	must(gnutls_privkey_sign_data(
		 key, GNUTLS_DIG_SHA256, 0, &text, &signature),
	    "signature");
	bytes_add(&bits, "", 1);
	bytes_add(&bits, signature.data, signature.size);
	wrap(to, BIT_STRING, &bits);
	gnutls_free(signature.data);
	gnutls_privkey_deinit(key);
}

static struct bytes make_response(const struct cert *cert, bool revoked)
{
	struct bytes data = make_data(cert, revoked);
	struct bytes signed_data = {0}, whole = {0};

	bytes_add(&signed_data, data.data, data.length);
	bytes_add(&signed_data, ecdsa, sizeof ecdsa);
	add_signature(&signed_data, &data, cert->issuer);
	bytes_free(&data);
	wrap(&whole, SEQUENCE, &signed_data);
	return whole;
}

void ocsp_write(const char *path, const struct cert *cert, bool revoked)
{
	struct bytes response = make_response(cert, revoked);
	struct bytes part = {0}, inner = {0}, whole = {0}, file = {0};
	FILE *to = fopen(path, "we");

	bytes_add(&inner, basic, sizeof basic);
	wrap(&inner, OCTET_STRING, &response);
	wrap(&part, SEQUENCE, &inner);
	add(&whole, ENUMERATED, "", 1);
	wrap(&whole, EXPLICIT_0, &part);
	wrap(&file, SEQUENCE, &whole);
	if (to == NULL ||
	    fwrite(file.data, 1, file.length, to) != file.length ||
	    fclose(to) != 0)
		err(99, "%s", path);
	bytes_free(&file);
}
