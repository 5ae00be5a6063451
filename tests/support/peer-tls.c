/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "peer-tls.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

struct server {
	struct peer_tls hook; /* first: the hook is the server */
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priority;
	gnutls_certificate_request_t request;
	bool verify;
};

static void check(int result, const char *what)
{
	if (result < 0)
		errx(99, "peer: %s: %s", what, gnutls_strerror(result));
}

static void name_client(
    gnutls_session_t session, bool verify, struct peer_tls_facts *facts)
{
	unsigned count = 0;
	const gnutls_datum_t *list =
	    gnutls_certificate_get_peers(session, &count);
	size_t size = sizeof facts->client;
	gnutls_x509_crt_t certificate;
	unsigned status;

	if (count == 0)
		return;
	check(gnutls_x509_crt_init(&certificate), "client certificate");
	if (gnutls_x509_crt_import(certificate, &list[0], GNUTLS_X509_FMT_DER) <
		0 ||
	    gnutls_x509_crt_get_dn(certificate, facts->client, &size) < 0)
		snprintf(facts->client, sizeof facts->client, "?");
	gnutls_x509_crt_deinit(certificate);
	facts->client_trusted =
	    verify && gnutls_certificate_verify_peers2(session, &status) == 0 &&
	    status == 0;
}

static void gather_facts(
    gnutls_session_t session, bool verify, struct peer_tls_facts *facts)
{
	size_t size = sizeof facts->sni;
	unsigned type;

	snprintf(facts->version, sizeof facts->version, "%s",
	    gnutls_protocol_get_name(gnutls_protocol_get_version(session)));
	snprintf(facts->cipher, sizeof facts->cipher, "%s",
	    gnutls_cipher_get_name(gnutls_cipher_get(session)));
	if (gnutls_server_name_get(session, facts->sni, &size, &type, 0) < 0)
		facts->sni[0] = '\0';
	gnutls_prf_rfc5705(session, 24, "EXPORTER-Channel-Binding", 0, "",
	    sizeof facts->binding, (char *)facts->binding);
	name_client(session, verify, facts);
}

static void *start(
    const struct peer_tls *tls, int fd, struct peer_tls_facts *facts)
{
	const struct server *server = (const struct server *)tls;
	gnutls_session_t session;
	int result;

	check(gnutls_init(&session, GNUTLS_SERVER), "session");
	check(gnutls_priority_set(session, server->priority), "priority");
	check(gnutls_credentials_set(
		  session, GNUTLS_CRD_CERTIFICATE, server->credentials),
	    "credentials");
	gnutls_certificate_server_set_request(session, server->request);
	gnutls_transport_set_int(session, fd);
	do
		result = gnutls_handshake(session);
	while (result < 0 && !gnutls_error_is_fatal(result));
	if (result == GNUTLS_E_SUCCESS) {
		gather_facts(session, server->verify, facts);
		return session;
	}
	gnutls_alert_send_appropriate(session, result);
	snprintf(facts->error, sizeof facts->error, "%s%s%s",
	    gnutls_strerror(result),
	    result == GNUTLS_E_FATAL_ALERT_RECEIVED ? " " : "",
	    result == GNUTLS_E_FATAL_ALERT_RECEIVED
		? gnutls_alert_get_name(gnutls_alert_get(session))
		: "");
	gnutls_deinit(session);
	return NULL;
}

static ssize_t read_session(void *session, void *buffer, size_t size)
{
	ssize_t got;

	do
		got = gnutls_record_recv(session, buffer, size);
	while (got < 0 && !gnutls_error_is_fatal((int)got));
	if (got >= 0)
		return got;
	errno =
	    got == GNUTLS_E_PREMATURE_TERMINATION ? PEER_TLS_CUT : ECONNRESET;
	return -1;
}

static ssize_t write_session(void *session, const void *bytes, size_t length)
{
	const char *from = bytes;
	size_t left = length;

	while (left > 0) {
		ssize_t sent = gnutls_record_send(session, from, left);

		if (sent < 0 && gnutls_error_is_fatal((int)sent))
			return -1;
		if (sent > 0) {
			from += sent;
			left -= (size_t)sent;
		}
	}
	return (ssize_t)length;
}

static size_t pending(void *session)
{
	return gnutls_record_check_pending(session);
}

static void bye(void *session)
{
	gnutls_bye(session, GNUTLS_SHUT_WR);
}

/* GnuTLS would not send by itself that a certificate is revoked. */
static int staple(
    gnutls_session_t session, void *file, gnutls_datum_t *response)
{
	(void)session;
	return gnutls_load_file(file, response);
}

struct peer_tls *peer_tls_new(const struct peer_tls_options *options)
{
	static const gnutls_certificate_request_t requests[] = {
	    [PEER_TLS_IGNORE] = GNUTLS_CERT_IGNORE,
	    [PEER_TLS_REQUEST] = GNUTLS_CERT_REQUEST,
	    [PEER_TLS_REQUIRE] = GNUTLS_CERT_REQUIRE,
	};
	struct server *server = calloc(1, sizeof *server);

	if (server == NULL)
		err(99, "peer");
	server->hook =
	    (struct peer_tls){start, read_session, write_session, pending, bye};
	server->request = requests[options->client];
	server->verify = options->client_ca != NULL;
	check(gnutls_certificate_allocate_credentials(&server->credentials),
	    "credentials");
	check(gnutls_certificate_set_x509_key_file(server->credentials,
		  options->certificate, options->key, GNUTLS_X509_FMT_PEM),
	    options->certificate);
	if (options->ocsp != NULL)
		gnutls_certificate_set_ocsp_status_request_function(
		    server->credentials, staple, strdup(options->ocsp));
	if (server->verify)
		check(
		    gnutls_certificate_set_x509_trust_file(server->credentials,
			options->client_ca, GNUTLS_X509_FMT_PEM),
		    options->client_ca);
	check(
	    gnutls_priority_init(&server->priority,
		options->priority != NULL ? options->priority : "NORMAL", NULL),
	    "priority");
	return &server->hook;
}

void peer_tls_free(struct peer_tls *tls)
{
	struct server *server = (struct server *)tls;

	gnutls_priority_deinit(server->priority);
	gnutls_certificate_free_credentials(server->credentials);
	free(server);
}
