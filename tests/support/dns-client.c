/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* Calls that c-ares 1.16 has and 1.34 advises against. */
#include <ares.h>
#include <check.h>

#include "dns-type.h"
#include "patience.h"

enum { ID = 0x1234, PAYLOAD = 1232 };

/* Where an answer comes it is waited for, however long it takes. */
enum { SECONDS = 60, SILENCE_MS = 100, TRIES = 3 };

int dns_client_open(uint16_t port, int type)
{
	const struct timeval limit = {.tv_sec = patience(SECONDS)};
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	ck_assert_int_ne(descriptor, -1);
	setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	ck_assert_int_eq(
	    connect(descriptor, (struct sockaddr *)&address, sizeof address),
	    0);
	return descriptor;
}

void dns_client_send(
    int descriptor, int socket_type, const char *text, int type, int payload)
{
	uint8_t bytes[512] = {0};
	uint8_t *message = socket_type == SOCK_STREAM ? bytes + 2 : bytes;
	uint8_t *end = message + DNS_HEADER;
	struct dns_name name;

	ck_assert(dns_name_parse(&name, text));
	dns_set16(message, ID);
	dns_set16(message + 2, 0x0100);
	dns_set16(message + 4, 1);
	memcpy(end, name.wire, name.length);
	end += name.length;
	dns_set16(end, (unsigned)type);
	dns_set16(end + 2, 1);
	end += 4;
	if (payload != 0) {
		dns_set16(message + 10, 1);
		dns_set16(end + 1, DNS_OPT);
		dns_set16(end + 3, (unsigned)payload);
		end += DNS_OPT_SIZE;
	}
	if (message != bytes)
		dns_set16(bytes, (unsigned)(end - message));
	ck_assert_int_eq(
	    send(descriptor, bytes, (size_t)(end - bytes), 0), end - bytes);
}

void dns_client_receive(
    struct dns_client_answer *answer, int descriptor, int socket_type)
{
	uint8_t prefix[2];
	ssize_t length = DNS_MESSAGE_MAX;
	int flags = 0;

	if (socket_type == SOCK_STREAM) {
		flags = MSG_WAITALL;
		length = recv(descriptor, prefix, sizeof prefix, flags);
		if (length == 2)
			length = dns_get16(prefix);
	}
	if (length > 0)
		length = recv(descriptor, answer->bytes, (size_t)length, flags);
	ck_assert_int_ne(length, -1);
	answer->length = (size_t)length;
}

void dns_client_ask(struct dns_client_answer *answer, uint16_t port,
    int socket_type, const char *name, int type, int payload)
{
	int descriptor = dns_client_open(port, socket_type);

	dns_client_send(descriptor, socket_type, name, type, payload);
	dns_client_receive(answer, descriptor, socket_type);
	close(descriptor);
}

static void take_result(
    void *data, int status, int timeouts, unsigned char *bytes, int length)
{
	struct dns_client_result *result = data;

	(void)timeouts;
	result->done = true;
	result->status = status;
	if (bytes == NULL)
		return;
	result->length = (size_t)length;
	result->records = dns_get16(bytes + DNS_ANSWER_COUNT_AT);
}

static void run(ares_channel channel, const struct dns_client_result *result)
{
	while (!result->done) {
		struct timeval room;
		fd_set readable;
		fd_set writable;
		int count;

		FD_ZERO(&readable);
		FD_ZERO(&writable);
		count = ares_fds(channel, &readable, &writable);
		ck_assert_int_ne(select(count, &readable, &writable, NULL,
				     ares_timeout(channel, NULL, &room)),
		    -1);
		ares_process(channel, &readable, &writable);
	}
}

struct dns_client_result dns_client_resolve(
    const char *server, const char *name, int type, bool silent)
{
	struct ares_options options = {
	    .flags =
		ARES_FLAG_EDNS | ARES_FLAG_NOSEARCH | ARES_FLAG_NOCHECKRESP,
	    .timeout = silent ? SILENCE_MS : (int)patience(SECONDS) * 1000,
	    .tries = TRIES,
	    .ednspsz = PAYLOAD,
	};
	struct dns_client_result result = {.done = false};
	ares_channel channel;

	ck_assert_int_eq(ares_init_options(&channel, &options,
			     ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS |
				 ARES_OPT_TRIES | ARES_OPT_EDNSPSZ),
	    ARES_SUCCESS);
	ck_assert_int_eq(
	    ares_set_servers_ports_csv(channel, server), ARES_SUCCESS);
	ares_query(channel, name, 1, type, take_result, &result);
	run(channel, &result);
	ares_destroy(channel);
	return result;
}
