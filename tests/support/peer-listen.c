/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "peer-listen.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ATTEMPTS = 100, BACKLOG = 128, FILLERS = 16, FILL_MS = 100 };

struct endpoint {
	struct sockaddr_storage address;
	socklen_t length;
};

static struct endpoint endpoint_of(const char *text, uint16_t port)
{
	struct endpoint endpoint = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&endpoint.address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&endpoint.address;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		endpoint.length = sizeof *v4;
	} else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		endpoint.length = sizeof *v6;
	} else {
		errx(99, "peer: %s is no address", text);
	}
	return endpoint;
}

static int open_socket(const struct endpoint *endpoint)
{
	int fd = socket(endpoint->address.ss_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd == -1)
		err(99, "peer: socket");
	return fd;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof address;

	if (getsockname(fd, (struct sockaddr *)&address, &length) == -1)
		err(99, "peer: getsockname");
	if (address.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

/* Returns the port, or 0 when it is in use at one of the addresses. */
static uint16_t bind_all(
    int *sockets, const struct peer_address *addresses, size_t count)
{
	uint16_t port = 0;

	for (size_t i = 0; i < count; i++) {
		struct endpoint endpoint =
		    endpoint_of(addresses[i].address, port);

		sockets[i] = open_socket(&endpoint);
		if (bind(sockets[i], (struct sockaddr *)&endpoint.address,
			endpoint.length) == 0) {
			port = port_of(sockets[i]);
			continue;
		}
		if (errno != EADDRINUSE)
			err(99, "peer: bind to %s", addresses[i].address);
		for (size_t j = 0; j <= i; j++)
			close(sockets[j]);
		return 0;
	}
	return port;
}

/*
 * Fills the queue of connections that nobody accepts: Linux then drops the
 * SYNs of others.  The connections stay open with this process.
 */
static void fill_backlog(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < FILLERS; i++) {
		int fd = open_socket(endpoint);
		struct pollfd connected = {.fd = fd, .events = POLLOUT};

		if (connect(fd, (const struct sockaddr *)&endpoint->address,
			endpoint->length) == -1 &&
		    errno != EINPROGRESS)
			err(99, "peer: connect");
		if (poll(&connected, 1, FILL_MS) == 0) {
			close(fd);
			return;
		}
	}
	errx(99, "peer: cannot make a black hole");
}

static void set_buffer(int fd, int option, int size)
{
	if (size > 0)
		setsockopt(fd, SOL_SOCKET, option, &size, sizeof size);
}

static void open_address(
    int fd, const struct peer_address *address, uint16_t port)
{
	struct endpoint endpoint = endpoint_of(address->address, port);
	bool hole =
	    address->kind == PEER_BLACKHOLE || address->kind == PEER_LATE;

	if (address->kind == PEER_REFUSES)
		return;
	/* Buffers are inherited; the window is made of them at the SYN. */
	if (address->script != NULL) {
		set_buffer(fd, SO_RCVBUF, address->script->receive_buffer);
		set_buffer(fd, SO_SNDBUF, address->script->send_buffer);
	}
	if (listen(fd, hole ? 0 : BACKLOG) == -1)
		err(99, "peer: listen at %s", address->address);
	if (hole)
		fill_backlog(&endpoint);
}

uint16_t peer_listen(
    int *sockets, const struct peer_address *addresses, size_t count)
{
	uint16_t port = 0;

	for (int i = 0; port == 0 && i < ATTEMPTS; i++)
		port = bind_all(sockets, addresses, count);
	if (port == 0)
		errx(99, "peer: no port free at all addresses");
	for (size_t i = 0; i < count; i++)
		open_address(sockets[i], &addresses[i], port);
	return port;
}

static bool can_bind(int family, const char *address)
{
	struct endpoint endpoint = endpoint_of(address, 0);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool can = fd != -1 && bind(fd, (struct sockaddr *)&endpoint.address,
				   endpoint.length) == 0;

	if (fd != -1)
		close(fd);
	return can;
}

bool peer_has_ipv4(void)
{
	return can_bind(AF_INET, "127.0.0.1");
}

bool peer_has_ipv6(void)
{
	return can_bind(AF_INET6, "::1");
}
