/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/inspect.h"

#include <gnutls/x509.h>

#include "i18n.h"
#include "report.h"
#include "tls/error.h"
#include "tls/names.h"
#include "tls/verify.h"

/* The verifier of a session: with it OCSP responses count as well. */
static int verify_session(
    void *context, gnutls_x509_trust_list_t list, unsigned *verdict)
{
	const struct inspection *inspection = context;
	gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
	    .data = (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER};

	gnutls_certificate_set_trust_list(inspection->credentials, list, 0);
	return gnutls_certificate_verify_peers(
	    inspection->session, &purpose, 1, verdict);
}

static void verify(const struct inspection *inspection,
    const struct anchors *anchors, struct handshake *handshake)
{
	const char *server = inspection->task->server;
	struct verifier verifier = {(void *)inspection, verify_session};
	unsigned verdict = 0;
	char text[TLS_ERROR_SIZE];
	int status = tls_verify(&verifier, anchors, &verdict);

	handshake->chain_trusted = status == 0 && verdict == 0;
	if (status != 0)
		reason_set(&handshake->reason,
		    N_("the certificates of %s could not be checked: %s"),
		    server, tls_error_text(status, text));
	else if (verdict != 0)
		tls_verify_explain(
		    inspection->session, verdict, server, &handshake->reason);
}

/* Gets the trust anchors that this chain may need, and checks it. */
static void check_chain(const struct inspection *inspection,
    const gnutls_datum_t *chain, unsigned count, struct handshake *handshake)
{
	struct anchors anchors;

	if (inspection->trust == NULL)
		return;
	if (trust_find(
		inspection->trust, &inspection->oracle, chain, count, &anchors))
		verify(inspection, &anchors, handshake);
	else
		reason_set(&handshake->reason,
		    N_("the trust anchors for %s cannot be read"),
		    inspection->task->server);
	trust_free_anchors(&anchors);
}

/* Finds for what the certificate bears one of the names. */
static void check_names(const struct tls_task *task,
    gnutls_x509_crt_t certificate, struct handshake *handshake)
{
	struct names names;

	names_read(&names, certificate);
	if (names.host_count > 0)
		report_readable(
		    handshake->owner, sizeof handshake->owner, names.hosts[0]);
	for (size_t i = 0; i < task->name_count; i++) {
		const struct tls_name *name = &task->names[i];

		switch (names_find(&names, name->pattern)) {
		case NAME_IN_ALTERNATIVE:
			handshake->named_by_san |= name->uses;
			/* fall through */
		case NAME_IN_SUBJECT: handshake->named |= name->uses; break;
		case NAME_NOWHERE: break;
		}
	}
}

void inspect(const struct inspection *inspection, struct handshake *handshake)
{
	const struct tls_task *task = inspection->task;
	gnutls_x509_crt_t certificate;
	unsigned count = 0;
	const gnutls_datum_t *chain =
	    gnutls_certificate_get_peers(inspection->session, &count);

	if (chain == NULL || count == 0) {
		reason_set(&handshake->reason, N_("%s showed no certificate"),
		    task->server);
		return;
	}
	check_chain(inspection, chain, count, handshake);
	if (gnutls_x509_crt_init(&certificate) != 0)
		report_out_of_memory();
	if (gnutls_x509_crt_import(
		certificate, &chain[0], GNUTLS_X509_FMT_DER) == 0)
		check_names(task, certificate, handshake);
	gnutls_x509_crt_deinit(certificate);
}
