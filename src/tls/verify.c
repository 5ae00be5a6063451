/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/verify.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <gnutls/x509.h>

#include "i18n.h"
#include "failure.h"
#include "report.h"
#include "tls/error.h"

/* Of names, as much as a reason has room for. */
enum { DATE_SIZE = 16, NAME_SIZE = 128 };

static void format_date(char text[DATE_SIZE], time_t time)
{
	struct tm day;

	if (gmtime_r(&time, &day) == NULL ||
	    strftime(text, DATE_SIZE, "%Y-%m-%d", &day) == 0)
		snprintf(text, DATE_SIZE, "?");
}

/* The certificate at that place of the server's chain, or NULL. */
static gnutls_x509_crt_t get_certificate(
    gnutls_session_t session, unsigned index)
{
	gnutls_x509_crt_t certificate = NULL;
	unsigned count = 0;
	const gnutls_datum_t *chain =
	    gnutls_certificate_get_peers(session, &count);

	if (index >= count || gnutls_x509_crt_init(&certificate) != 0)
		return NULL;
	if (gnutls_x509_crt_import(
		certificate, &chain[index], GNUTLS_X509_FMT_DER) == 0)
		return certificate;
	gnutls_x509_crt_deinit(certificate);
	return NULL;
}

/* Tells which certificate's time is not now: the server's or one above. */
static void explain_dates(
    gnutls_session_t session, const char *name, struct reason *reason)
{
	time_t now = time(NULL);
	gnutls_x509_crt_t certificate;

	for (unsigned i = 0; (certificate = get_certificate(session, i)); i++) {
		time_t from = gnutls_x509_crt_get_activation_time(certificate);
		time_t to = gnutls_x509_crt_get_expiration_time(certificate);
		char date[DATE_SIZE];

		gnutls_x509_crt_deinit(certificate);
		format_date(date, now > to ? to : from);
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
    gnutls_session_t session, const char *name, struct reason *reason)
{
	gnutls_x509_crt_t certificate = get_certificate(session, 0);
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
	gnutls_x509_crt_deinit(certificate);
}

static void explain(gnutls_session_t session, unsigned status, const char *name,
    struct reason *reason)
{
	if (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED))
		explain_dates(session, name, reason);
	else if (status &
		 (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA))
		explain_issuer(session, name, reason);
	else if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
		reason_set(reason,
		    N_("certificate of %s is signed by an insecure algorithm"),
		    name);
	else if (status & GNUTLS_CERT_PURPOSE_MISMATCH)
		reason_set(
		    reason, N_("certificate of %s is not for a server"), name);
	else
		reason_set(reason, N_("certificate of %s is not valid"), name);
}

bool tls_verify_peer(
    gnutls_session_t session, const char *name, struct reason *reason)
{
	gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
	    .data = (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER};
	unsigned status = 0;
	char text[TLS_ERROR_SIZE];
	int error =
	    gnutls_certificate_verify_peers(session, &purpose, 1, &status);

	if (error != 0) {
		reason_set(reason,
		    N_("the certificates of %s could not be checked: %s"), name,
		    tls_error_text(error, text));
		return false;
	}
	if (status == 0)
		return true;
	explain(session, status, name, reason);
	return false;
}

bool tls_verify_has_certificate(const char *file)
{
	gnutls_datum_t text = {0};
	gnutls_x509_crt_t *list = NULL;
	unsigned count = 0;
	bool found = false;

	if (gnutls_load_file(file, &text) == 0 &&
	    gnutls_x509_crt_list_import2(
		&list, &count, &text, GNUTLS_X509_FMT_PEM, 0) >= 0) {
		found = count > 0;
		for (unsigned i = 0; i < count; i++)
			gnutls_x509_crt_deinit(list[i]);
		gnutls_free(list);
	}
	gnutls_free(text.data);
	return found;
}
