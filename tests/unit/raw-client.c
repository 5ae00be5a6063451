/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "raw-client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

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

int raw_try_connect(const char *text, const struct peer *peer, int type)
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

int raw_connect(const char *text, const struct peer *peer)
{
	int fd = raw_try_connect(text, peer, 0);

	ck_assert_int_ne(fd, -1);
	return fd;
}

void raw_send(int fd, const char *text)
{
	ck_assert_int_eq(
	    send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

void raw_expect(int fd, const char *text)
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

int raw_read_end(int fd)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	char byte;
	ssize_t got;

	ck_assert_int_eq(poll(&readable, 1, REPLY_MS), 1);
	got = recv(fd, &byte, 1, 0);
	ck_assert_int_le(got, 0);
	return got == 0 ? 0 : errno;
}
