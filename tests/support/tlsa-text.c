/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tlsa-text.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

enum { KEY = 1, SHA256 = 1, SHA512 = 2, DIGEST_MAX = 64 };

static void must(int status)
{
	if (status < 0)
		errx(99, "certificate: %s", gnutls_strerror(status));
}

static void select_octets(
    const struct cert *cert, unsigned selector, gnutls_datum_t *octets)
{
	gnutls_pubkey_t key;

	if (selector != KEY) {
		must(gnutls_x509_crt_export2(
		    cert->certificate, GNUTLS_X509_FMT_DER, octets));
		return;
	}
	must(gnutls_pubkey_init(&key));
	must(gnutls_pubkey_import_x509(key, cert->certificate, 0));
	must(gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, octets));
	gnutls_pubkey_deinit(key);
}

/* As the matching type has it. */
static void digest(unsigned matching, gnutls_datum_t *octets)
{
	gnutls_digest_algorithm_t algorithm =
	    matching == SHA256 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512;
	unsigned char result[DIGEST_MAX];

	if (matching != SHA256 && matching != SHA512)
		return;
	must(gnutls_hash_fast(algorithm, octets->data, octets->size, result));
	octets->size = (unsigned)gnutls_hash_get_len(algorithm);
	memcpy(octets->data, result, octets->size);
}

/*
 * The last octet, or that of the key: a certificate ends in its signature,
 * which nobody looks at in a trust anchor.
 */
static void spoil(const struct cert *cert, gnutls_datum_t *octets)
{
	gnutls_datum_t key = {0};
	unsigned char *end = octets->data + octets->size;
	unsigned char *found;

	select_octets(cert, KEY, &key);
	found = memmem(octets->data, octets->size, key.data, key.size);
	if (found != NULL)
		end = found + key.size;
	end[-1] ^= 1;
	gnutls_free(key.data);
}

/* In hexadecimal digits. */
static char *digits_of(
    const struct cert *cert, unsigned selector, unsigned matching, bool wrong)
{
	gnutls_datum_t octets = {0};
	char *digits;

	select_octets(cert, selector, &octets);
	digest(matching, &octets);
	if (wrong)
		spoil(cert, &octets);
	digits = calloc(2, octets.size + 1);
	if (digits == NULL)
		err(99, "tlsa_text");
	for (unsigned i = 0; i < octets.size; i++)
		snprintf(digits + 2 * i, 3, "%02x", octets.data[i]);
	gnutls_free(octets.data);
	return digits;
}

static char *record_of(
    const struct cert *cert, const unsigned fields[3], bool wrong)
{
	char *digits = digits_of(cert, fields[1], fields[2], wrong);
	char *text;

	if (asprintf(&text, "%u %u %u %s", fields[0], fields[1], fields[2],
		digits) == -1)
		err(99, "tlsa_text");
	free(digits);
	return text;
}

char *tlsa_text(const struct cert *cert, unsigned usage, unsigned selector,
    unsigned matching)
{
	return record_of(
	    cert, (const unsigned[]){usage, selector, matching}, false);
}

char *tlsa_text_wrong(const struct cert *cert, unsigned usage,
    unsigned selector, unsigned matching)
{
	return record_of(
	    cert, (const unsigned[]){usage, selector, matching}, true);
}

char *tlsa_text_pin(const struct cert *cert)
{
	return digits_of(cert, KEY, SHA256, false);
}
