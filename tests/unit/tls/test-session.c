/* SPDX-License-Identifier: ISC */
/* Records of a TLS session whose connection is full, and what comes then. */
#include "config.h"

#include "tls/session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "certs.h"
#include "chain.h"
#include "suite.h"
#include "tls/certificate.h"
#include "tls/tlsa.h"
#include "unit.h"

enum { RECORD = 16384, MESSAGE = 2 << 20 };

static struct home home;

static void enter(void)
{
	const struct cert *ca = certs_make_ca("Test CA");

	unit_enter_home(&home);
	certs_save(certs_make_server(ca, "mx.a.test"), ".", "server");
	certs_write("anchors.pem", (const struct cert *const[]){ca, NULL});
}

/* The bytes from there on; no two records of a message are equal. */
static void fill(char *bytes, size_t size, size_t from)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)((from + i) % 251);
}

static gnutls_session_t accept_session(int connection, const char *priority)
{
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;

	ck_assert_int_eq(
	    gnutls_certificate_allocate_credentials(&credentials), 0);
	ck_assert_int_eq(gnutls_certificate_set_x509_key_file(credentials,
			     "server.pem", "server.key", GNUTLS_X509_FMT_PEM),
	    0);
	gnutls_init(&session, GNUTLS_SERVER);
	ck_assert_int_eq(
	    gnutls_priority_set_direct(session, priority, NULL), 0);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(session, connection);
	ck_assert_int_eq(gnutls_handshake(session), 0);
	return session;
}

/* New keys are no data. */
static ssize_t receive(gnutls_session_t session, char *bytes, size_t size)
{
	ssize_t received;

	do
		received = gnutls_record_recv(session, bytes, size);
	while (received == GNUTLS_E_AGAIN);
	return received;
}

/*
 * A server that reads nothing until it is told so, and asks for new keys
 * before.  Exits with 0 when all of the message has come, once and unchanged.
 */
static _Noreturn void serve(int connection, int orders)
{
	static char bytes[RECORD], expected[RECORD];
	gnutls_session_t session = accept_session(connection, "NORMAL");
	size_t seen = 0;
	ssize_t size;
	char order;

	ck_assert_int_eq(read(orders, &order, 1), 1);
	ck_assert_int_eq(gnutls_session_key_update(session, GNUTLS_KU_PEER), 0);
	ck_assert_int_eq(write(orders, &order, 1), 1);
	ck_assert_int_eq(read(orders, &order, 1), 1);
	while ((size = receive(session, bytes, sizeof bytes)) > 0) {
		fill(expected, (size_t)size, seen);
		if (memcmp(bytes, expected, (size_t)size) != 0)
			_exit(2);
		seen += (size_t)size;
	}
	_exit(size == 0 && seen == MESSAGE ? 0 : 1);
}

static struct tls *connect_session(int connection, int listener)
{
	static const struct tls_name name = {"mx.a.test", TLS_FOR_POLICY};
	static const struct tls_task task = {.server = "mx.a.test",
	    .names = &name,
	    .name_count = 1,
	    .anchors = "anchors.pem",
	    .run_directory = "run/qmail-remote"};
	struct handshake handshake;
	struct failure failure;
	struct tls *tls = tls_prepare(&task, connection, &failure);

	ck_assert_ptr_nonnull(tls);
	ck_assert(tls_shake_hands(tls,
	    &(struct tls_patience){.listener = listener,
		.deadline = deadline_in(20),
		.oracle = chain_oracle("anchors.pem")},
	    &handshake));
	ck_assert(handshake.chain_trusted);
	ck_assert_uint_eq(handshake.named_by_san, TLS_FOR_POLICY);
	return tls;
}

static void order(int orders)
{
	char byte = 0;

	ck_assert_int_eq(write(orders, &byte, 1), 1);
}

/* Sends on until the connection takes no more, or all is sent. */
static void send_message(const struct transport *transport, size_t *sent)
{
	static char bytes[RECORD];
	short wait;

	while (*sent < MESSAGE) {
		ssize_t size;

		fill(bytes, sizeof bytes, *sent);
		size = transport->write(transport, bytes, sizeof bytes, &wait);
		if (size < 0) {
			ck_assert_int_eq(errno, EAGAIN);
			ck_assert_int_eq(wait, POLLOUT);
			return;
		}
		*sent += (size_t)size;
	}
}

static void await(int connection)
{
	struct pollfd waiting = {.fd = connection, .events = POLLOUT};

	ck_assert_int_eq(deadline_poll(&waiting, 1, deadline_in(20)), 1);
}

/* The request for new keys is read while a record waits to be written. */
START_TEST(new_keys)
{
	int connection[2], orders[2], status;
	struct transport transport;
	struct tls *tls;
	size_t sent = 0;
	char byte;
	short wait;
	pid_t child;

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, connection), 0);
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, orders), 0);
	signal(SIGPIPE, SIG_IGN);
	child = fork();
	if (child == 0) {
		close(connection[0]);
		serve(connection[1], orders[1]);
	}
	close(connection[1]);
	ck_assert_int_eq(fcntl(connection[0], F_SETFL, O_NONBLOCK), 0);
	tls = connect_session(connection[0], orders[0]);
	transport = tls_transport(tls);
	send_message(&transport, &sent);
	ck_assert_uint_lt(sent, MESSAGE);
	order(orders[0]);
	ck_assert_int_eq(read(orders[0], &byte, 1), 1);
	ck_assert_int_eq(transport.read(&transport, &byte, 1, &wait), -1);
	ck_assert_int_eq(errno, EAGAIN);
	order(orders[0]);
	while (sent < MESSAGE) {
		await(connection[0]);
		send_message(&transport, &sent);
	}
	while (!tls_say_goodbye(tls))
		await(connection[0]);
	close(connection[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

/* A server that tells its end of the channel binding, "" for none. */
static _Noreturn void serve_binding(
    int connection, int orders, const char *priority)
{
	gnutls_session_t session = accept_session(connection, priority);
	gnutls_datum_t binding = {0};
	char byte;

	gnutls_session_channel_binding(
	    session, GNUTLS_CB_TLS_EXPORTER, &binding);
	if (write(orders, binding.data, binding.size) !=
		(ssize_t)binding.size ||
	    read(orders, &byte, 1) != 1)
		_exit(1);
	_exit(0);
}

/* What the server's certificates are, and what is to be found out of them. */
static struct tls_task make_task(void)
{
	static const struct tls_name names[] = {
	    {"mx.a.test", TLS_FOR_POLICY | TLS_FOR_STS},
	    {".b.test", TLS_FOR_TLSA}};
	static unsigned char pins[2][TLS_PIN_SIZE];
	static struct tlsa_record record = {
	    .usage = 3, .selector = 1, .matching = 0};
	gnutls_x509_crt_t certificate;
	gnutls_datum_t text, key;

	ck_assert_int_eq(gnutls_load_file("server.pem", &text), 0);
	gnutls_x509_crt_init(&certificate);
	ck_assert_int_eq(
	    gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM), 0);
	ck_assert(certificate_encode_key(certificate, &key));
	record.data = key.data;
	record.size = key.size;
	gnutls_hash_fast(GNUTLS_DIG_SHA256, key.data, key.size, pins[1]);
	return (struct tls_task){.server = "mx.a.test",
	    .names = names,
	    .name_count = 2,
	    .records = &record,
	    .record_count = 1,
	    .pins = (const unsigned char(*)[TLS_PIN_SIZE])pins,
	    .pin_count = 2,
	    .run_directory = "run/qmail-remote",
	    .binding = true,
	    .certificates = true};
}

static void expect_facts(
    const struct handshake *handshake, const struct tls_task *task)
{
	const struct tls_certificate *shown = handshake->certificates;

	ck_assert(handshake->done && !handshake->chain_trusted);
	ck_assert(handshake->pinned);
	ck_assert_int_eq(handshake->tlsa, TLSA_MATCH_EE);
	ck_assert_uint_eq(handshake->named, TLS_FOR_POLICY | TLS_FOR_STS);
	ck_assert_uint_eq(handshake->named_by_san, handshake->named);
	ck_assert_str_eq(handshake->owner, "mx.a.test");
	ck_assert_uint_eq(handshake->certificate_count, 1);
	ck_assert_str_eq(shown->subject, "CN=mx.a.test");
	ck_assert_str_eq(shown->issuer, "CN=Test CA");
	ck_assert_uint_eq(shown->name_count, 1);
	ck_assert_str_eq(shown->names[0], "mx.a.test");
	ck_assert_int_lt(shown->from, shown->until);
	ck_assert_mem_eq(shown->key_sha256, task->pins[1], TLS_PIN_SIZE);
}

static const struct binding_row {
	const char *priority;
	bool bound;
} binding_rows[] = {
    {"NORMAL", true},
    {"NORMAL:-VERS-TLS1.3", true},
    {"NORMAL:-VERS-TLS1.3:%NO_SESSION_HASH", false},
};

/* All facts that can be asked for, without an anchor; both ends are bound. */
START_TEST(facts)
{
	const struct binding_row *row = &binding_rows[_i];
	struct tls_task task = make_task();
	unsigned char binding[TLS_BINDING_SIZE];
	struct tls_patience patience = {.deadline = deadline_in(20)};
	int connection[2], orders[2], status;
	struct handshake handshake;
	struct failure failure;
	struct tls *tls;
	pid_t child;

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, connection), 0);
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, orders), 0);
	child = fork();
	if (child == 0)
		serve_binding(connection[1], orders[1], row->priority);
	close(connection[1]);
	ck_assert_int_eq(fcntl(connection[0], F_SETFL, O_NONBLOCK), 0);
	patience.listener = orders[0];
	tls = tls_prepare(&task, connection[0], &failure);
	ck_assert_ptr_nonnull(tls);
	ck_assert(tls_shake_hands(tls, &patience, &handshake));
	expect_facts(&handshake, &task);
	ck_assert_int_eq(handshake.bound, row->bound);
	if (row->bound) {
		ck_assert_int_eq(read(orders[0], binding, sizeof binding),
		    (ssize_t)sizeof binding);
		ck_assert_mem_eq(binding, handshake.binding, sizeof binding);
	}
	order(orders[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
}
END_TEST

SUITE("tls")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, new_keys);
	tcase_add_loop_test(tcase, facts, 0, COUNT(binding_rows));
}
