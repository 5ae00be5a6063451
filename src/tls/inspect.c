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

	if (inspection->trust == NULL) {
		reason_set(
		    &handshake->reason, N_("there are no trust anchors"));
		return;
	}
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

/* The certificates that were presented, as far as they can be read. */
struct presented {
	gnutls_x509_crt_t list[TLS_CHAIN_MAX];
	unsigned count;
};

static void import_chain(
    struct presented *presented, const gnutls_datum_t *chain, unsigned count)
{
	presented->count = 0;
	while (presented->count < count && presented->count < TLS_CHAIN_MAX) {
		gnutls_x509_crt_t *next = &presented->list[presented->count];

		if (gnutls_x509_crt_init(next) != 0)
			report_out_of_memory();
		if (gnutls_x509_crt_import(*next, &chain[presented->count],
			GNUTLS_X509_FMT_DER) != 0) {
			gnutls_x509_crt_deinit(*next);
			return;
		}
		presented->count++;
	}
}

static void free_chain(struct presented *presented)
{
	for (unsigned i = 0; i < presented->count; i++)
		gnutls_x509_crt_deinit(presented->list[i]);
}

static void explain_tlsa(const struct inspection *inspection,
    const struct tlsa_finding *finding, struct reason *reason)
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
		tls_verify_explain(
		    inspection->session, finding->verdict, server, reason);
}

static void check_tlsa(const struct inspection *inspection,
    const struct presented *presented, struct handshake *handshake)
{
	const struct tls_task *task = inspection->task;
	struct tlsa_finding finding;

	if (task->record_count == 0)
		return;
	finding = tlsa_find(&(struct tlsa_case){.records = task->records,
	    .record_count = task->record_count,
	    .chain = presented->list,
	    .chain_count = presented->count});
	handshake->tlsa = finding.match;
	if (finding.match == TLSA_MATCH_NONE)
		explain_tlsa(inspection, &finding, &handshake->tlsa_reason);
}

static void check_pins(const struct tls_task *task,
    gnutls_x509_crt_t certificate, struct handshake *handshake)
{
	unsigned char digest[TLS_PIN_SIZE];
	gnutls_datum_t key = {0};

	if (task->pin_count == 0 || !tls_encode_key(certificate, &key))
		return;
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, key.data, key.size, digest) ==
	    0)
		for (size_t i = 0; i < task->pin_count; i++)
			if (memcmp(digest, task->pins[i], sizeof digest) == 0)
				handshake->pinned = true;
	gnutls_free(key.data);
}

static void describe_certificates(const struct tls_task *task,
    const struct presented *presented, struct handshake *handshake)
{
	if (!task->certificates)
		return;
	handshake->certificates =
	    xcalloc(presented->count, sizeof *handshake->certificates);
	for (unsigned i = 0; i < presented->count; i++)
		certificate_describe(
		    &handshake->certificates[i], presented->list[i]);
	handshake->certificate_count = presented->count;
}

/* Decodes no more than is asked for: GnuTLS has to decode the chain itself. */
static void look_at(const struct inspection *inspection,
    const gnutls_datum_t *chain, unsigned count, struct handshake *handshake)
{
	const struct tls_task *task = inspection->task;
	bool all = task->record_count > 0 || task->certificates;
	struct presented presented;

	import_chain(&presented, chain, all ? count : 1);
	if (presented.count > 0) {
		check_names(task, presented.list[0], handshake);
		check_pins(task, presented.list[0], handshake);
	}
	check_tlsa(inspection, &presented, handshake);
	describe_certificates(task, &presented, handshake);
	free_chain(&presented);
}

void inspect(const struct inspection *inspection, struct handshake *handshake)
{
	unsigned count = 0;
	const gnutls_datum_t *chain =
	    gnutls_certificate_get_peers(inspection->session, &count);

	if (chain == NULL || count == 0) {
		reason_set(&handshake->reason, N_("%s showed no certificate"),
		    inspection->task->server);
		handshake->tlsa_reason = handshake->reason;
		return;
	}
	check_chain(inspection, chain, count, handshake);
	look_at(inspection, chain, count, handshake);
}
