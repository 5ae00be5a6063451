/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/session.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "i18n.h"
#include "report.h"
#include "tls/client.h"
#include "tls/error.h"
#include "tls/inspect.h"
#include "tls/outbox.h"
#include "tls/trust.h"
#include "xalloc.h"

/* GnuTLS's own limit for keys; no chain longer than that is looked at. */
enum { KEY_BITS_MAX = 16384 };

struct tls {
	const struct tls_task *task;
	gnutls_session_t session;
	gnutls_certificate_credentials_t credentials;
	struct trust *trust; /* NULL: there are no anchors */
	int descriptor;
	int end;	      /* the error that ended the session, if one did */
	bool spoken;	      /* something was to be written */
	bool established;     /* the handshake is done */
	struct outbox outbox; /* from then on */
	size_t sent;	      /* of the bytes to be sent, those in the outbox */
	bool leaving;	      /* close_notify has been put */
};

/*
 * Writes for GnuTLS.  Once the session is established this never fails for
 * want of room: a record that could not be written at once would be written
 * twice, if a request for new keys (RFC 8446 section 4.6.3) were read before
 * GnuTLS was told to go on.
 */
static ssize_t put(
    gnutls_transport_ptr_t context, const void *bytes, size_t size)
{
	struct tls *tls = context;

	tls->spoken = true;
	if (!tls->established)
		return write(tls->descriptor, bytes, size);
	if (outbox_put(&tls->outbox, bytes, size))
		return (ssize_t)size;
	gnutls_transport_set_errno(tls->session, ENOBUFS);
	return -1;
}

/* Returns a status of GnuTLS. */
static int set_up(struct tls *tls, const struct tls_task *task)
{
	const char *sni = task->sni;
	int status = gnutls_global_init();

	if (status == 0)
		status =
		    gnutls_certificate_allocate_credentials(&tls->credentials);
	/* No session is ever resumed: tickets would only cost time. */
	if (status == 0)
		status = gnutls_init(&tls->session,
		    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS |
			GNUTLS_FORCE_CLIENT_CERT);
	if (status == 0)
		status = gnutls_set_default_priority(tls->session);
	if (status == 0)
		status = gnutls_credentials_set(
		    tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
	if (status == 0 && sni != NULL)
		status = gnutls_server_name_set(
		    tls->session, GNUTLS_NAME_DNS, sni, strlen(sni));
	return status;
}

static void connect_session(struct tls *tls, const struct tls_task *task)
{
	gnutls_session_t session = tls->session;

	if (task->lenient)
		gnutls_session_enable_compatibility_mode(session);
	gnutls_certificate_set_verify_limits(
	    tls->credentials, KEY_BITS_MAX, TLS_CHAIN_MAX);
	gnutls_handshake_set_timeout(session, GNUTLS_INDEFINITE_TIMEOUT);
	gnutls_transport_set_ptr2(
	    session, (gnutls_transport_ptr_t)(intptr_t)tls->descriptor, tls);
	gnutls_transport_set_push_function(session, put);
}

static bool load(struct tls *tls, struct failure *failure)
{
	const struct tls_task *task = tls->task;

	if (!client_load(tls->credentials, task, failure))
		return false;
	if (task->anchors == NULL)
		return true;
	tls->trust = trust_open(task->anchors, task->run_directory, failure);
	return tls->trust != NULL;
}

struct tls *tls_prepare(
    const struct tls_task *task, int connection, struct failure *failure)
{
	struct tls *tls = xcalloc(1, sizeof *tls);
	char text[TLS_ERROR_SIZE];
	int status;

	tls->task = task;
	tls->descriptor = connection;
	status = set_up(tls, task);
	if (status == GNUTLS_E_MEMORY_ERROR)
		report_out_of_memory();
	if (status != 0) {
		failure_set(failure, FAILURE_TEMPORARY,
		    _("GnuTLS could not be set up: %s. (#4.3.0)\n"),
		    tls_error_text(status, text));
		return NULL;
	}
	connect_session(tls, task);
	/* GnuTLS reads its texts now: later it can open nothing. */
	tls_error_text(GNUTLS_E_AGAIN, text);
	return load(tls, failure) ? tls : NULL;
}

static bool is_transient(int status)
{
	return status == GNUTLS_E_AGAIN || status == GNUTLS_E_INTERRUPTED;
}

static short direction(const struct tls *tls)
{
	return gnutls_record_get_direction(tls->session) ? POLLOUT : POLLIN;
}

static bool await(const struct tls *tls, const struct tls_patience *patience,
    short events, struct reason *reason)
{
	struct pollfd waiting[2] = {{.fd = tls->descriptor, .events = events},
	    {.fd = patience->listener}};

	if (deadline_passed(patience->deadline) ||
	    deadline_poll(waiting, 2, patience->deadline) <= 0) {
		reason_set(reason, patience->of_delivery
				       ? N_("no answer within timeoutdelivery")
				       : N_("no answer within timeoutconnect"));
		return false;
	}
	return waiting[1].revents == 0;
}

static bool shake_hands(const struct tls *tls,
    const struct tls_patience *patience, struct reason *reason)
{
	int status;

	while ((status = gnutls_handshake(tls->session)) != 0) {
		if (gnutls_error_is_fatal(status)) {
			tls_error_explain(tls->session, status, reason);
			return false;
		}
		/* After a warning it may well go on at once. */
		if (!await(tls, patience,
			is_transient(status) ? direction(tls) : POLLOUT,
			reason))
			return false;
	}
	return true;
}

/*
 * Channel binding of the type tls-exporter (RFC 9266 section 3).  Before TLS
 * 1.3 the master secret must be one that is bound to the handshake.
 */
static bool bind_channel(
    gnutls_session_t session, unsigned char binding[TLS_BINDING_SIZE])
{
	static const char label[] = "EXPORTER-Channel-Binding";

	return (gnutls_protocol_get_version(session) >= GNUTLS_TLS1_3 ||
		   gnutls_session_ext_master_secret_status(session) != 0) &&
	       gnutls_prf_rfc5705(session, sizeof label - 1, label, 0, "",
		   TLS_BINDING_SIZE, (char *)binding) == 0;
}

/* What was agreed upon. */
static void describe(const struct tls *tls, struct handshake *handshake)
{
	gnutls_session_t session = tls->session;

	snprintf(handshake->protocol, sizeof handshake->protocol, "%s",
	    gnutls_protocol_get_name(gnutls_protocol_get_version(session)));
	snprintf(handshake->cipher, sizeof handshake->cipher, "%s",
	    gnutls_cipher_get_name(gnutls_cipher_get(session)));
	if (tls->task->binding)
		handshake->bound = bind_channel(session, handshake->binding);
}

/*
 * What goes wrong before the server has been spoken to is a matter of our own
 * settings, such as a priority string that leaves nothing.
 */
bool tls_shake_hands(struct tls *tls, const struct tls_patience *patience,
    struct handshake *handshake)
{
	*handshake = (struct handshake){.done = false};
	handshake->done = shake_hands(tls, patience, &handshake->reason);
	handshake->misconfigured = !handshake->done && !tls->spoken;
	if (!handshake->done)
		return false;
	tls->established = true;
	describe(tls, handshake);
	inspect(&(struct inspection){.session = tls->session,
		    .credentials = tls->credentials,
		    .trust = tls->trust,
		    .oracle = patience->oracle,
		    .task = tls->task},
	    handshake);
	return true;
}

void tls_free(struct tls *tls)
{
	gnutls_deinit(tls->session);
	free(tls);
}

void tls_explain_end(const struct tls *tls, struct reason *reason)
{
	tls_error_explain(tls->session,
	    tls->end != 0 ? tls->end : GNUTLS_E_PREMATURE_TERMINATION, reason);
}

/* An alert tells more than what came of it. */
static void keep_end(struct tls *tls, int status)
{
	if (tls->end == 0 || status == GNUTLS_E_FATAL_ALERT_RECEIVED)
		tls->end = status;
}

/* The result of a record function in the terms of read(2) and write(2). */
static ssize_t record_result(struct tls *tls, ssize_t status, short *wait)
{
	if (status >= 0)
		return status;
	if (is_transient((int)status)) {
		*wait = direction(tls);
		errno = EAGAIN;
	} else if (!gnutls_error_is_fatal((int)status)) {
		*wait = POLLIN; /* a warning, or a wish that we do not grant */
		errno = EAGAIN;
	} else {
		keep_end(tls, (int)status);
		if (status == GNUTLS_E_PREMATURE_TERMINATION)
			return 0;
		errno = EPROTO;
	}
	return -1;
}

static ssize_t tls_read(
    const struct transport *transport, void *bytes, size_t size, short *wait)
{
	struct tls *tls = transport->context;

	return record_result(
	    tls, gnutls_record_recv(tls->session, bytes, size), wait);
}

/* To be called with the same bytes until it no longer fails with EAGAIN. */
static ssize_t tls_write(const struct transport *transport, const void *bytes,
    size_t size, short *wait)
{
	struct tls *tls = transport->context;
	ssize_t sent;

	if (tls->sent == 0) {
		sent = gnutls_record_send(tls->session, bytes, size);
		if (sent <= 0)
			return record_result(tls, sent, wait);
		tls->sent = (size_t)sent;
	}
	if (!outbox_flush(&tls->outbox, tls->descriptor)) {
		*wait = POLLOUT;
		if (errno != EAGAIN)
			keep_end(tls, GNUTLS_E_PUSH_ERROR);
		return -1;
	}
	sent = (ssize_t)tls->sent;
	tls->sent = 0;
	return sent;
}

struct transport tls_transport(struct tls *tls)
{
	return (struct transport){.read_descriptor = tls->descriptor,
	    .write_descriptor = tls->descriptor,
	    .context = tls,
	    .read = tls_read,
	    .write = tls_write};
}

bool tls_say_goodbye(struct tls *tls)
{
	if (!tls->leaving)
		gnutls_bye(tls->session, GNUTLS_SHUT_WR);
	tls->leaving = true;
	return outbox_flush(&tls->outbox, tls->descriptor) || errno != EAGAIN;
}
