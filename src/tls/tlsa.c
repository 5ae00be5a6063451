/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/tlsa.h"

#include <string.h>
#include <time.h>

#include <gnutls/crypto.h>

#include "tls/certificate.h"
#include "tls/links.h"

enum { DIGEST_MAX = 64 };

/* A case, and what has been found out about it. */
struct search {
	const struct tlsa_case *tlsa_case;
	struct links links;
	struct tlsa_finding finding;
};

static bool is_digest(const struct tlsa_record *record,
    const gnutls_datum_t *selected, gnutls_digest_algorithm_t algorithm)
{
	unsigned char digest[DIGEST_MAX];
	size_t size = gnutls_hash_get_len(algorithm);

	return record->size == size &&
	       gnutls_hash_fast(
		   algorithm, selected->data, selected->size, digest) == 0 &&
	       memcmp(digest, record->data, size) == 0;
}

/*
 * Whether the record is about a certificate, given by its encoding and that of
 * its public key (SubjectPublicKeyInfo).
 */
static bool is_about(const struct tlsa_record *record,
    const gnutls_datum_t *der, const gnutls_datum_t *key)
{
	const gnutls_datum_t *selected =
	    record->selector == TLSA_PUBLIC_KEY ? key : der;

	if (record->selector > TLSA_PUBLIC_KEY || selected->size == 0)
		return false;
	switch (record->matching) {
	case TLSA_EXACT:
		return record->size == selected->size &&
		       memcmp(record->data, selected->data, record->size) == 0;
	case TLSA_SHA256: return is_digest(record, selected, GNUTLS_DIG_SHA256);
	case TLSA_SHA512: return is_digest(record, selected, GNUTLS_DIG_SHA512);
	default: return false;
	}
}

/* Whether a record of that usage is about the certificate. */
static bool is_meant(const struct tlsa_case *tlsa_case, enum tlsa_usage usage,
    gnutls_x509_crt_t certificate)
{
	gnutls_datum_t der = {0}, key = {0};
	bool meant = false;

	if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der) ==
		0 &&
	    certificate_encode_key(certificate, &key))
		for (size_t i = 0; i < tlsa_case->record_count && !meant; i++)
			meant = tlsa_case->records[i].usage == usage &&
				is_about(&tlsa_case->records[i], &der, &key);
	gnutls_free(der.data);
	gnutls_free(key.data);
	return meant;
}

static bool is_in_time(gnutls_x509_crt_t certificate)
{
	time_t now = time(NULL);

	return gnutls_x509_crt_get_activation_time(certificate) <= now &&
	       now <= gnutls_x509_crt_get_expiration_time(certificate);
}

/* A list with a copy of the anchor and nothing else, or NULL. */
static gnutls_x509_trust_list_t list_of(gnutls_x509_crt_t anchor)
{
	gnutls_x509_trust_list_t list = NULL;
	gnutls_datum_t der = {0};

	if (gnutls_x509_crt_export2(anchor, GNUTLS_X509_FMT_DER, &der) != 0)
		return NULL;
	if (gnutls_x509_trust_list_init(&list, 1) == 0)
		gnutls_x509_trust_list_add_trust_mem(
		    list, &der, NULL, GNUTLS_X509_FMT_DER, 0, 0);
	gnutls_free(der.data);
	return list;
}

/* Whether the chain is valid when nothing but the anchor is trusted. */
static bool verify(gnutls_x509_crt_t anchor, const gnutls_x509_crt_t *chain,
    unsigned count, unsigned *verdict)
{
	gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
	    .data = (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER};
	gnutls_x509_trust_list_t list = list_of(anchor);
	int status;

	*verdict = GNUTLS_CERT_INVALID;
	if (list == NULL)
		return false;
	status = gnutls_x509_trust_list_verify_crt2(list,
	    (gnutls_x509_crt_t *)chain, count, &purpose, 1,
	    GNUTLS_VERIFY_DO_NOT_ALLOW_SAME, verdict, NULL);
	gnutls_x509_trust_list_deinit(list, 1);
	if (status == 0 && *verdict == 0 && !is_in_time(anchor))
		*verdict = GNUTLS_CERT_INVALID | GNUTLS_CERT_EXPIRED;
	return status == 0 && *verdict == 0;
}

/*
 * Whether a valid chain leads from the anchor to the server's certificate: one
 * that has signed nothing in it does not.  If none does with all that was
 * presented, it may with what stands between them.
 */
static bool is_led_from(struct search *search, gnutls_x509_crt_t anchor)
{
	struct links *links = &search->links;
	gnutls_x509_crt_t list[TLS_CHAIN_MAX];
	unsigned count, verdict;

	if (gnutls_x509_crt_equals(anchor, links->chain[0]))
		return false;
	search->finding.anchored = true;
	if (verify(
		anchor, links->chain, links->count, &search->finding.verdict))
		return true;
	count = links_between(links, anchor, list);
	return count < links->count && verify(anchor, list, count, &verdict);
}

/* The certificate that the record is, to be freed, or NULL. */
static gnutls_x509_crt_t certificate_in(const struct tlsa_record *record)
{
	gnutls_datum_t der = {record->data, (unsigned)record->size};

	if (record->usage != TLSA_TRUST_ANCHOR ||
	    record->selector != TLSA_CERTIFICATE ||
	    record->matching != TLSA_EXACT)
		return NULL;
	return certificate_decode(&der, GNUTLS_X509_FMT_DER);
}

static bool is_led_from_record(
    struct search *search, const struct tlsa_record *record)
{
	gnutls_x509_crt_t certificate = certificate_in(record);
	bool led = certificate != NULL && is_led_from(search, certificate);

	if (certificate != NULL)
		gnutls_x509_crt_deinit(certificate);
	return led;
}

static bool has_anchor(struct search *search)
{
	const struct tlsa_case *tlsa_case = search->tlsa_case;

	for (unsigned i = 1; i < tlsa_case->chain_count; i++)
		if (is_meant(
			tlsa_case, TLSA_TRUST_ANCHOR, tlsa_case->chain[i]) &&
		    is_led_from(search, tlsa_case->chain[i]))
			return true;
	for (size_t i = 0; i < tlsa_case->record_count; i++)
		if (is_led_from_record(search, &tlsa_case->records[i]))
			return true;
	return false;
}

struct tlsa_finding tlsa_find(const struct tlsa_case *tlsa_case)
{
	struct search search = {.tlsa_case = tlsa_case,
	    .links = {tlsa_case->chain, tlsa_case->chain_count, {{0}}},
	    .finding = {.match = TLSA_MATCH_NONE}};

	if (tlsa_case->chain_count == 0)
		return search.finding;
	if (is_meant(tlsa_case, TLSA_END_ENTITY, tlsa_case->chain[0]))
		search.finding.match = TLSA_MATCH_EE;
	else if (has_anchor(&search))
		search.finding.match = TLSA_MATCH_TA;
	return search.finding;
}
