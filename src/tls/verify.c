/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/verify.h"

#include <string.h>
#include <time.h>

#include <gnutls/x509.h>

#include "i18n.h"
#include "report.h"
#include "tls/certificate.h"

/* As much of a name as a reason has room for. */
enum { NAME_SIZE = 128 };

/* Tells which certificate's time is not now: the server's or one above. */
static void explain_dates(
    struct presented *presented, const char *name, struct reason *reason)
{
	time_t now = time(NULL);
	gnutls_x509_crt_t certificate;

	for (unsigned i = 0; (certificate = presented_get(presented, i)); i++) {
		time_t from = gnutls_x509_crt_get_activation_time(certificate);
		time_t to = gnutls_x509_crt_get_expiration_time(certificate);
		char date[CERTIFICATE_DATE_SIZE];

		certificate_format_date(now > to ? to : from, date);
		if (now > to && i == 0)
			reason_set(reason,
			    N_("certificate of %s expired on %s"), name, date);
		else if (now > to)
			reason_set(reason,
			    N_("issuer's certificate of %s expired on %s"),
			    name, date);
		else if (now < from)
			reason_set(reason,
			    N_("certificate of %s is not valid before %s"),
			    name, date);
		else
			continue;
		return;
	}
	reason_set(reason, N_("a trust anchor of %s is out of date"), name);
}

/* As much of a name as there is room for; "?" where there is none. */
static const char *readable(char copy[NAME_SIZE], const gnutls_datum_t *name)
{
	return report_readable(copy, NAME_SIZE,
	    name->data != NULL ? (const char *)name->data : "?");
}

static void explain_issuer(
    struct presented *presented, const char *name, struct reason *reason)
{
	gnutls_x509_crt_t certificate = presented_get(presented, 0);
	gnutls_datum_t issuer = {0};
	char copy[NAME_SIZE];

	if (certificate == NULL) {
		reason_set(reason, N_("%s showed no certificate"), name);
		return;
	}
	if (gnutls_x509_crt_check_issuer(certificate, certificate)) {
		reason_set(
		    reason, N_("certificate of %s is self-signed"), name);
	} else {
		gnutls_x509_crt_get_issuer_dn3(certificate, &issuer, 0);
		reason_set(reason,
		    N_("issuer of the certificate of %s is not trusted: %s"),
		    name, readable(copy, &issuer));
		gnutls_free(issuer.data);
	}
}

/* What else can be wrong than dates and issuers, the gravest first. */
static const struct fault {
	unsigned verdict;
	const char *text;
} faults[] = {
    {GNUTLS_CERT_REVOKED, N_("certificate of %s has been revoked")},
    {GNUTLS_CERT_SIGNATURE_FAILURE,
	N_("a signature in the chain of %s is wrong")},
    {GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS,
	N_("chain of %s has a critical extension that is not known")},
    {GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE,
	N_("chain of %s violates a constraint of an issuer")},
    {GNUTLS_CERT_INSECURE_ALGORITHM,
	N_("certificate of %s is signed by an insecure algorithm")},
    {GNUTLS_CERT_PURPOSE_MISMATCH, N_("certificate of %s is not for a server")},
    {GNUTLS_CERT_MISSING_OCSP_STATUS, N_("certificate of %s must come with an "
					 "OCSP response, which is missing")},
    {GNUTLS_CERT_INVALID_OCSP_STATUS | GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED |
	    GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE,
	N_("OCSP response of %s is not valid")},
};

static bool explain_fault(
    unsigned verdict, const char *name, struct reason *reason)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (verdict & faults[i].verdict) {
			reason_set(reason, faults[i].text, name);
			return true;
		}
	return false;
}

void tls_verify_explain(struct presented *presented, unsigned verdict,
    const char *name, struct reason *reason)
{
	if (verdict & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED))
		explain_dates(presented, name, reason);
	else if (verdict &
		 (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA))
		explain_issuer(presented, name, reason);
	else if (!explain_fault(verdict, name, reason))
		reason_set(reason, N_("certificate of %s is not valid"), name);
}

/* One of them, or with index count all; NULL: memory is short. */
static gnutls_x509_trust_list_t make_list(
    const struct anchors *anchors, size_t index)
{
	gnutls_x509_trust_list_t list;

	if (gnutls_x509_trust_list_init(&list, 0) != 0)
		return NULL;
	for (size_t i = 0; i < anchors->count; i++)
		if (index == i || index == anchors->count)
			gnutls_x509_trust_list_add_trust_mem(list,
			    &anchors->list[i].der, NULL, GNUTLS_X509_FMT_DER, 0,
			    0);
	return list;
}

static int verify_with(const struct verifier *verifier,
    const struct anchors *anchors, size_t index, unsigned *verdict)
{
	gnutls_x509_trust_list_t list = make_list(anchors, index);

	return list != NULL ? verifier->verify(verifier->context, list, verdict)
			    : GNUTLS_E_MEMORY_ERROR;
}

int tls_verify(const struct verifier *verifier, const struct anchors *anchors,
    unsigned *verdict)
{
	unsigned with_one = 1;
	int status = verify_with(verifier, anchors, anchors->count, verdict);

	if (status != 0 || *verdict == 0 || !anchors->namesakes)
		return status;
	for (size_t i = 0; i < anchors->count; i++)
		if (verify_with(verifier, anchors, i, &with_one) == 0 &&
		    with_one == 0)
			*verdict = 0;
	return 0;
}
