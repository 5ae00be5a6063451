/* SPDX-License-Identifier: ISC */
/* The peer of the end-to-end tests, driven by a client of raw sockets. */
#include "config.h"

#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "body.h"
#include "raw-client.h"
#include "suite.h"

/* The first connection of the finished peer. */
static struct transcript *stop(
    struct peer *peer, const struct transcript_connection **connection)
{
	struct transcript *transcript = peer_stop(peer);

	*connection = transcript_connection(transcript, NULL, 0);
	return transcript;
}

START_TEST(normal_dialogue)
{
	static const char text[] = "Subject: x\r\n\r\n.dot\r\n";
	const struct peer_script script = {.capabilities = "PIPELINING\nSIZE"};
	struct peer *peer = peer_start_one(&script);
	int fd = raw_connect("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	raw_send(fd, "EHLO me\r\n");
	raw_expect(fd, "250-peer.test\r\n250-PIPELINING\r\n250 SIZE\r\n");
	raw_send(fd, "MAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\n");
	raw_expect(fd, "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go ahead\r\n");
	raw_send(fd, "Subject: x\r\n\r\n..dot\r\n.\r\n");
	raw_expect(fd, "250 2.0.0 queued as TEST\r\n");
	raw_send(fd, "QUIT\r\n");
	raw_expect(fd, "221 2.0.0 bye\r\n");
	close(fd);
	transcript = stop(peer, &connection);
	ck_assert_uint_eq(transcript->count, 1);
	ck_assert_str_eq(connection->address, "127.0.0.1");
	ck_assert_uint_eq(connection->number, 1);
	ck_assert(transcript_said(connection, PEER_EHLO, 0, "EHLO me"));
	ck_assert(transcript_said(connection, PEER_RCPT, 0, "RCPT TO:<a>"));
	ck_assert_uint_eq(transcript_count(connection, PEER_QUIT), 1);
	ck_assert_uint_eq(connection->message_count, 1);
	ck_assert_str_eq(connection->messages[0].text.data, text);
	ck_assert_str_eq(
	    connection->messages[0].raw.data, "Subject: x\r\n\r\n..dot\r\n");
	ck_assert_uint_eq(connection->messages[0].hash,
	    body_hash(BODY_HASH_START, text, strlen(text)));
	ck_assert(connection->messages[0].complete);
	ck_assert_uint_eq(connection->turns, 4);
	ck_assert_uint_eq(connection->strays, 0);
	ck_assert_uint_eq(connection->violations, 0);
	ck_assert(connection->eof && !connection->reset && !connection->tls);
	transcript_free(transcript);
}
END_TEST

START_TEST(bad_client_is_noticed)
{
	struct peer *peer = peer_start_one(NULL);
	int fd = raw_connect("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	raw_send(fd, "EHLO me\nMAIL FROM:<>\r\n");
	raw_expect(fd, "250 peer.test\r\n250 2.1.0 ok\r\n");
	raw_send(fd, "DATA\r\n");
	raw_expect(fd, "354 go ahead\r\n");
	raw_send(fd, "a\rb\n.\n.\r\r\n.\r\n");
	raw_expect(fd, "250 2.0.0 queued as TEST\r\n");
	close(fd);
	transcript = stop(peer, &connection);
	ck_assert_uint_eq(connection->violations, 1);
	ck_assert_uint_eq(connection->strays, 5);
	ck_assert_str_eq(connection->messages[0].text.data, "a\rb\n.\n.\r\r\n");
	transcript_free(transcript);
}
END_TEST

START_TEST(override_of_one_recipient)
{
	const struct peer_script script = {.capabilities = "PIPELINING",
	    .overrides = {
		{.at = PEER_RCPT, .nth = 2, .bytes = "550 5.1.1 no\r\n"},
		{.at = PEER_RCPT, .nth = 3, .bytes = "4\0\r\n", .length = 4},
		{.at = PEER_MAIL, .connection = 2, .bytes = "421 no\r\n"}}};
	struct peer *peer = peer_start_one(&script);
	char nul[4];
	int fd;

	for (int i = 0; i < 2; i++) {
		fd = raw_connect("127.0.0.1", peer);
		raw_expect(fd, "220 peer.test ESMTP\r\n");
		raw_send(fd, "EHLO me\r\n");
		raw_expect(fd, "250-peer.test\r\n250 PIPELINING\r\n");
		raw_send(fd, "MAIL FROM:<>\r\n");
		raw_expect(fd, i == 0 ? "250 2.1.0 ok\r\n" : "421 no\r\n");
		if (i == 0) {
			raw_send(
			    fd, "RCPT 1\r\nRCPT 2\r\nRCPT 3\r\nRCPT 4\r\n");
			raw_expect(fd, "250 2.1.5 ok\r\n550 5.1.1 no\r\n");
			ck_assert_int_eq(recv(fd, nul, 4, MSG_WAITALL), 4);
			ck_assert_mem_eq(nul, "4\0\r\n", 4);
			raw_expect(fd, "250 2.1.5 ok\r\n");
		}
		close(fd);
	}
	transcript_free(peer_stop(peer));
}
END_TEST

/* An action at MAIL that ends the connection, and what the client sees. */
static const struct ending {
	struct peer_override override;
	const char *reply;
	int end; /* errno, or 0 */
} endings[] = {
    {{.at = PEER_MAIL, .action = PEER_DROP}, "", 0},
    {{.at = PEER_MAIL, .action = PEER_DROP, .bytes = "25"}, "25", 0},
    {{.at = PEER_MAIL, .action = PEER_HALF_CLOSE}, "", 0},
    {{.at = PEER_MAIL, .action = PEER_RESET}, "", ECONNRESET},
    {{.at = PEER_MAIL, .action = PEER_RESET, .bytes = "25"}, "25", ECONNRESET},
};

START_TEST(server_ends)
{
	const struct ending *ending = &endings[_i];
	const struct peer_script script = {.overrides = {ending->override}};
	struct peer *peer = peer_start_one(&script);
	int fd = raw_connect("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	raw_send(fd, "MAIL FROM:<>\r\n");
	raw_expect(fd, ending->reply);
	ck_assert_int_eq(raw_read_end(fd), ending->end);
	close(fd);
	transcript = stop(peer, &connection);
	ck_assert_uint_eq(transcript_count(connection, PEER_MAIL), 1);
	transcript_free(transcript);
}
END_TEST

/* What goes on until the client goes. */
static const struct peer_override endless[] = {
    {.at = PEER_GREETING, .action = PEER_STALL},
    {.at = PEER_GREETING, .action = PEER_DEAF, .bytes = "220"},
    {.at = PEER_GREETING, .action = PEER_FLOOD, .bytes = "220-x\r\n"},
    {.at = PEER_GREETING, .action = PEER_DELAY, .ms = 3600000},
};

START_TEST(client_ends)
{
	const struct peer_script script = {.overrides = {endless[_i]}};
	struct peer *peer = peer_start_one(&script);
	int fd = raw_connect("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;
	struct pollfd readable = {.fd = fd, .events = POLLIN};

	if (script.overrides[0].bytes != NULL) {
		raw_expect(fd, "220");
	} else {
		ck_assert_int_eq(poll(&readable, 1, 50), 0);
		raw_send(fd, "EHLO early\r\n");
	}
	close(fd);
	transcript = stop(peer, &connection);
	if (script.overrides[0].action == PEER_STALL)
		ck_assert_str_eq(connection->received.data, "EHLO early\r\n");
	if (script.overrides[0].action == PEER_FLOOD)
		ck_assert_uint_gt(connection->flooded, 0);
	transcript_free(transcript);
}
END_TEST

START_TEST(early_reply_answers_next_command)
{
	const struct peer_script script = {
	    .overrides = {{.at = PEER_MAIL,
			      .action = PEER_EARLY,
			      .bytes = "250 next\r\n"},
		{.at = PEER_QUIT, .action = PEER_APPEND, .bytes = "more"}}};
	struct peer *peer = peer_start_one(&script);
	int fd = raw_connect("127.0.0.1", peer);

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	raw_send(fd, "MAIL FROM:<>\r\n");
	raw_expect(fd, "250 2.1.0 ok\r\n250 next\r\n");
	raw_send(fd, "RCPT TO:<a>\r\n");
	raw_send(fd, "QUIT\r\n");
	raw_expect(fd, "221 2.0.0 bye\r\nmore");
	ck_assert_int_eq(raw_read_end(fd), 0);
	close(fd);
	transcript_free(peer_stop(peer));
}
END_TEST

START_TEST(action_within_the_body)
{
	const struct peer_script script = {.digest = true,
	    .overrides = {{.at = PEER_BODY,
		.after = 10,
		.action = PEER_DROP,
		.bytes = "452 full\r\n"}}};
	struct peer *peer = peer_start_one(&script);
	int fd = raw_connect("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	raw_send(fd, "DATA\r\n");
	raw_expect(fd, "354 go ahead\r\n");
	raw_send(fd, "12345678");
	raw_send(fd, "\r\n");
	raw_expect(fd, "452 full\r\n");
	ck_assert_int_eq(raw_read_end(fd), 0);
	close(fd);
	transcript = stop(peer, &connection);
	ck_assert_uint_eq(connection->message_count, 1);
	ck_assert(!connection->messages[0].complete);
	ck_assert_uint_eq(connection->messages[0].length, 10);
	ck_assert_uint_eq(connection->messages[0].raw.length, 0);
	transcript_free(transcript);
}
END_TEST

START_TEST(many_addresses)
{
	const struct peer_script second = {
	    .overrides = {{.at = PEER_GREETING, .bytes = "554 not here\r\n"}}};
	const struct peer_address addresses[] = {{.address = "127.0.0.1"},
	    {.address = "127.0.0.2", .script = &second},
	    {.address = "127.0.0.3", .kind = PEER_REFUSES},
	    {.address = "127.0.0.4", .kind = PEER_BLACKHOLE},
	    {.address = "::1"}};
	bool ipv6 = peer_has_ipv6();
	struct peer *peer = peer_start(addresses, ipv6 ? 5 : 4);
	struct pollfd connected = {.events = POLLOUT};
	struct transcript *transcript;
	int fd = raw_connect("127.0.0.2", peer);

	raw_expect(fd, "554 not here\r\n");
	close(fd);
	ck_assert_int_eq(raw_try_connect("127.0.0.3", peer, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	connected.fd = raw_try_connect("127.0.0.4", peer, SOCK_NONBLOCK);
	ck_assert_int_eq(poll(&connected, 1, 1500), 0);
	close(connected.fd);
	close(raw_connect(ipv6 ? "::1" : "127.0.0.1", peer));
	transcript = peer_stop(peer);
	ck_assert_uint_eq(transcript->count, 2);
	ck_assert_uint_eq(transcript_connections(transcript, "127.0.0.2"), 1);
	ck_assert_uint_eq(transcript_connections(transcript, "127.0.0.3"), 0);
	ck_assert_str_eq(
	    transcript->connections[1].address, ipv6 ? "::1" : "127.0.0.1");
	transcript_free(transcript);
}
END_TEST

/* What fills a black hole is gone before the first that counts. */
START_TEST(late_server)
{
	const struct peer_address address = {
	    .address = "127.0.0.1", .kind = PEER_LATE, .ms = 300};
	int64_t start = record_now();
	struct peer *peer = peer_start(&address, 1);
	int fd = raw_connect("127.0.0.1", peer);
	struct transcript *transcript;

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	ck_assert_int_ge(record_now() - start, 300000);
	close(fd);
	transcript = peer_stop(peer);
	ck_assert_uint_eq(transcript->count, 1);
	transcript_free(transcript);
}
END_TEST

/* One that waits for another to be called does not serve before. */
START_TEST(late_after_another)
{
	const struct peer_address addresses[] = {
	    {.address = "127.0.0.1", .kind = PEER_LATE, .after = 1},
	    {.address = "127.0.0.2"}};
	struct peer *peer = peer_start(addresses, 2);
	int other = raw_connect("127.0.0.2", peer);
	int fd = raw_connect("127.0.0.1", peer);
	struct transcript *transcript;

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	close(fd);
	close(other);
	transcript = peer_stop(peer);
	ck_assert_uint_eq(transcript->count, 2);
	ck_assert_str_eq(transcript->connections[0].address, "127.0.0.2");
	transcript_free(transcript);
}
END_TEST

START_TEST(stubborn_server_stops_reading)
{
	enum { SENT = 8 * 1024 * 1024, LINE = 1000 };
	const struct peer_script script = {.capabilities = "PIPELINING",
	    .stubborn = true,
	    .read_size = 512,
	    .receive_buffer = 4096,
	    .send_buffer = 4096};
	struct peer *peer = peer_start_one(&script);
	int fd = raw_connect("127.0.0.1", peer);
	struct pollfd writable = {.fd = fd, .events = POLLOUT};
	size_t sent = 0;

	raw_expect(fd, "220 peer.test ESMTP\r\n");
	while (sent < SENT && poll(&writable, 1, 300) == 1) {
		ssize_t got = send(fd, "NOOP\r\n", 6, MSG_DONTWAIT);

		ck_assert_int_gt(got, 0);
		sent += (size_t)got;
	}
	ck_assert_uint_lt(sent, SENT);
	close(fd);
	transcript_free(peer_stop(peer));
}
END_TEST

LOOPBACK_SUITE("peer")
{
	int ending_count = sizeof endings / sizeof *endings;
	int endless_count = sizeof endless / sizeof *endless;

	tcase_add_test(tcase, normal_dialogue);
	tcase_add_test(tcase, bad_client_is_noticed);
	tcase_add_test(tcase, override_of_one_recipient);
	tcase_add_loop_test(tcase, server_ends, 0, ending_count);
	tcase_add_loop_test(tcase, client_ends, 0, endless_count);
	tcase_add_test(tcase, early_reply_answers_next_command);
	tcase_add_test(tcase, action_within_the_body);
	tcase_add_test(tcase, many_addresses);
	tcase_add_test(tcase, late_server);
	tcase_add_test(tcase, late_after_another);
	tcase_add_test(tcase, stubborn_server_stops_reading);
}
