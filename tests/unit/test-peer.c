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
#include "suite.h"

enum { REPLY_MS = 5000 };

static struct sockaddr_storage socket_address(
    const char *text, uint16_t port, socklen_t *length)
{
	struct sockaddr_storage address = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;

	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		*length = sizeof *v6;
	} else {
		ck_assert_int_eq(inet_pton(AF_INET, text, &v4->sin_addr), 1);
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		*length = sizeof *v4;
	}
	return address;
}

/* Returns the socket, or -1 with errno. */
static int try_connect(const char *text, const struct peer *peer, int type)
{
	socklen_t length;
	struct sockaddr_storage address =
	    socket_address(text, peer_port(peer), &length);
	int fd =
	    socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | type, 0);

	ck_assert_int_ne(fd, -1);
	if (connect(fd, (struct sockaddr *)&address, length) == 0 ||
	    errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

static int connect_to(const char *text, const struct peer *peer)
{
	int fd = try_connect(text, peer, 0);

	ck_assert_int_ne(fd, -1);
	return fd;
}

static void send_text(int fd, const char *text)
{
	ck_assert_int_eq(
	    send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Reads exactly these bytes. */
static void expect(int fd, const char *text)
{
	char buffer[1024];
	size_t length = strlen(text);
	size_t got = 0;

	while (got < length) {
		struct pollfd readable = {.fd = fd, .events = POLLIN};
		ssize_t more;

		ck_assert_int_eq(poll(&readable, 1, REPLY_MS), 1);
		more = recv(fd, buffer + got, length - got, 0);
		ck_assert_int_gt(more, 0);
		got += (size_t)more;
	}
	buffer[got] = '\0';
	ck_assert_str_eq(buffer, text);
}

/* Reads the end of the connection: 0, or errno. */
static int read_end(int fd)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	char byte;
	ssize_t got;

	ck_assert_int_eq(poll(&readable, 1, REPLY_MS), 1);
	got = recv(fd, &byte, 1, 0);
	ck_assert_int_le(got, 0);
	return got == 0 ? 0 : errno;
}

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
	int fd = connect_to("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	expect(fd, "220 peer.test ESMTP\r\n");
	send_text(fd, "EHLO me\r\n");
	expect(fd, "250-peer.test\r\n250-PIPELINING\r\n250 SIZE\r\n");
	send_text(fd, "MAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\n");
	expect(fd, "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go ahead\r\n");
	send_text(fd, "Subject: x\r\n\r\n..dot\r\n.\r\n");
	expect(fd, "250 2.0.0 queued as TEST\r\n");
	send_text(fd, "QUIT\r\n");
	expect(fd, "221 2.0.0 bye\r\n");
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
	int fd = connect_to("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	expect(fd, "220 peer.test ESMTP\r\n");
	send_text(fd, "EHLO me\nMAIL FROM:<>\r\n");
	expect(fd, "250 peer.test\r\n250 2.1.0 ok\r\n");
	send_text(fd, "DATA\r\n");
	expect(fd, "354 go ahead\r\n");
	send_text(fd, "a\rb\n.\n.\r\r\n.\r\n");
	expect(fd, "250 2.0.0 queued as TEST\r\n");
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
		fd = connect_to("127.0.0.1", peer);
		expect(fd, "220 peer.test ESMTP\r\n");
		send_text(fd, "EHLO me\r\n");
		expect(fd, "250-peer.test\r\n250 PIPELINING\r\n");
		send_text(fd, "MAIL FROM:<>\r\n");
		expect(fd, i == 0 ? "250 2.1.0 ok\r\n" : "421 no\r\n");
		if (i == 0) {
			send_text(
			    fd, "RCPT 1\r\nRCPT 2\r\nRCPT 3\r\nRCPT 4\r\n");
			expect(fd, "250 2.1.5 ok\r\n550 5.1.1 no\r\n");
			ck_assert_int_eq(recv(fd, nul, 4, MSG_WAITALL), 4);
			ck_assert_mem_eq(nul, "4\0\r\n", 4);
			expect(fd, "250 2.1.5 ok\r\n");
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
	int fd = connect_to("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	expect(fd, "220 peer.test ESMTP\r\n");
	send_text(fd, "MAIL FROM:<>\r\n");
	expect(fd, ending->reply);
	ck_assert_int_eq(read_end(fd), ending->end);
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
	int fd = connect_to("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;
	struct pollfd readable = {.fd = fd, .events = POLLIN};

	if (script.overrides[0].bytes != NULL) {
		expect(fd, "220");
	} else {
		ck_assert_int_eq(poll(&readable, 1, 50), 0);
		send_text(fd, "EHLO early\r\n");
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
	int fd = connect_to("127.0.0.1", peer);

	expect(fd, "220 peer.test ESMTP\r\n");
	send_text(fd, "MAIL FROM:<>\r\n");
	expect(fd, "250 2.1.0 ok\r\n250 next\r\n");
	send_text(fd, "RCPT TO:<a>\r\n");
	send_text(fd, "QUIT\r\n");
	expect(fd, "221 2.0.0 bye\r\nmore");
	ck_assert_int_eq(read_end(fd), 0);
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
	int fd = connect_to("127.0.0.1", peer);
	const struct transcript_connection *connection;
	struct transcript *transcript;

	expect(fd, "220 peer.test ESMTP\r\n");
	send_text(fd, "DATA\r\n");
	expect(fd, "354 go ahead\r\n");
	send_text(fd, "12345678");
	send_text(fd, "\r\n");
	expect(fd, "452 full\r\n");
	ck_assert_int_eq(read_end(fd), 0);
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
	int fd = connect_to("127.0.0.2", peer);

	expect(fd, "554 not here\r\n");
	close(fd);
	ck_assert_int_eq(try_connect("127.0.0.3", peer, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	connected.fd = try_connect("127.0.0.4", peer, SOCK_NONBLOCK);
	ck_assert_int_eq(poll(&connected, 1, 1500), 0);
	close(connected.fd);
	close(connect_to(ipv6 ? "::1" : "127.0.0.1", peer));
	transcript = peer_stop(peer);
	ck_assert_uint_eq(transcript->count, 2);
	ck_assert_uint_eq(transcript_connections(transcript, "127.0.0.2"), 1);
	ck_assert_uint_eq(transcript_connections(transcript, "127.0.0.3"), 0);
	ck_assert_str_eq(
	    transcript->connections[1].address, ipv6 ? "::1" : "127.0.0.1");
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
	int fd = connect_to("127.0.0.1", peer);
	struct pollfd writable = {.fd = fd, .events = POLLOUT};
	size_t sent = 0;

	expect(fd, "220 peer.test ESMTP\r\n");
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

static Suite *make_suite(void)
{
	Suite *suite = suite_create("peer");
	TCase *tcase = tcase_create("peer");
	int ending_count = sizeof endings / sizeof *endings;
	int endless_count = sizeof endless / sizeof *endless;

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, normal_dialogue);
	tcase_add_test(tcase, bad_client_is_noticed);
	tcase_add_test(tcase, override_of_one_recipient);
	tcase_add_loop_test(tcase, server_ends, 0, ending_count);
	tcase_add_loop_test(tcase, client_ends, 0, endless_count);
	tcase_add_test(tcase, early_reply_answers_next_command);
	tcase_add_test(tcase, action_within_the_body);
	tcase_add_test(tcase, many_addresses);
	tcase_add_test(tcase, stubborn_server_stops_reading);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return suite_run(make_suite());
}
