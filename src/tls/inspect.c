/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/inspect.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "i18n.h"
#include "report.h"
#include "tls/certificate.h"
#include "tls/error.h"
#include "tls/names.h"
#include "tls/presented.h"
#include "tls/tlsa.h"
#include "tls/verify.h"
#include "xalloc.h"

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
    struct presented *presented, const struct anchors *anchors,
    struct handshake *handshake)
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
		    presented, verdict, server, &handshake->reason);
}

/* Gets the trust anchors that this chain may need, and checks it. */
static void check_chain(const struct inspection *inspection,
    struct presented *presented, struct handshake *handshake)
{
	struct anchors anchors;

	if (inspection->trust == NULL) {
		reason_set(
		    &handshake->reason, N_("there are no trust anchors"));
		return;
	}
	if (trust_find(inspection->trust, &inspection->oracle, presented->chain,
		presented->count, &anchors))
		verify(inspection, presented, &anchors, handshake);
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

static void explain_tlsa(const struct inspection *inspection,
    struct presented *presented, const struct tlsa_finding *finding,
    struct reason *reason)
{
	const char *server = inspection->task->server;

	if (!finding->anchored)
		reason_set(reason,
		    N_("no TLSA record matches a certificate of %s"), server);
	else if (finding->verdict & GNUTLS_CERT_SIGNER_NOT_FOUND)
		reason_set(reason,
		    N_("the certificate of %s that a TLSA record matches has "
		       "not signed the others"),
		    server);
	else
		tls_verify_explain(presented, finding->verdict, server, reason);
}

static void check_tlsa(const struct inspection *inspection,
    struct presented *presented, struct handshake *handshake)
{
	const struct tls_task *task = inspection->task;
	struct tlsa_finding finding;

	if (task->record_count == 0)
		return;
	finding = tlsa_find(&(struct tlsa_case){.records = task->records,
	    .record_count = task->record_count,
	    .chain_count = presented_count(presented),
	    .chain = presented->decoded});
	handshake->tlsa = finding.match;
	if (finding.match == TLSA_MATCH_NONE)
		explain_tlsa(
		    inspection, presented, &finding, &handshake->tlsa_reason);
}

static void check_pins(const struct tls_task *task,
    gnutls_x509_crt_t certificate, struct handshake *handshake)
{
	unsigned char digest[TLS_PIN_SIZE];
	gnutls_datum_t key = {0};

	if (task->pin_count == 0 || !certificate_encode_key(certificate, &key))
		return;
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, key.data, key.size, digest) ==
	    0)
		for (size_t i = 0; i < task->pin_count; i++)
			if (memcmp(digest, task->pins[i], sizeof digest) == 0)
				handshake->pinned = true;
	gnutls_free(key.data);
}

static void describe_certificates(const struct tls_task *task,
    struct presented *presented, struct handshake *handshake)
{
	unsigned count;

	if (!task->certificates)
		return;
	count = presented_count(presented);
	handshake->certificates =
	    xcalloc(count, sizeof *handshake->certificates);
	for (unsigned i = 0; i < count; i++)
		certificate_describe(
		    &handshake->certificates[i], presented_get(presented, i));
	handshake->certificate_count = count;
}

/* Decodes no more than is asked for: GnuTLS has to decode the chain itself. */
static void look_at(const struct inspection *inspection,
    struct presented *presented, struct handshake *handshake)
{
	const struct tls_task *task = inspection->task;
	gnutls_x509_crt_t own = presented_get(presented, 0);

	if (own != NULL) {
		check_names(task, own, handshake);
		check_pins(task, own, handshake);
	}
	check_tlsa(inspection, presented, handshake);
	describe_certificates(task, presented, handshake);
}

void inspect(const struct inspection *inspection, struct handshake *handshake)
{
	struct presented presented;

	presented_take(&presented, inspection->session);
	if (presented.count == 0) {
		reason_set(&handshake->reason, N_("%s showed no certificate"),
		    inspection->task->server);
		handshake->tlsa_reason = handshake->reason;
		return;
	}
	check_chain(inspection, &presented, handshake);
	look_at(inspection, &presented, handshake);
	presented_free(&presented);
}
