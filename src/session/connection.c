/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "bind.h"

static bool bind_source(int descriptor, const struct ip *from)
{
#ifdef IP_BIND_ADDRESS_NO_PORT
	static const int on = 1;

	/* The port is chosen with the server: one can serve for many. */
	setsockopt(
	    descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
#endif
	return bind_to(descriptor, from);
}

/*
 * Commands do not wait for acknowledgements, and little waits in the kernel to
 * be sent: what is written counts as taken by the server (control/minrate), and
 * with the final dot the time for its reply begins.
 */
static void tune(int descriptor)
{
	static const int on = 1;
#ifdef TCP_NOTSENT_LOWAT
	static const int unsent = 65536;

	setsockopt(
	    descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
#endif
	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int connection_start(
    int *descriptor, const struct server *server, const struct ip *from)
{
	struct sockaddr_storage address;
	socklen_t length = ip_to_sockaddr(&server->ip, server->port, &address);

	*descriptor = socket(
	    address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*descriptor < 0)
		return errno;
	tune(*descriptor);
	if (from != NULL && !bind_source(*descriptor, from))
		return errno;
	if (connect(*descriptor, (struct sockaddr *)&address, length) == 0 ||
	    errno == EINPROGRESS || errno == EINTR)
		return 0;
	return errno;
}

int connection_outcome(int descriptor)
{
	int error = 0;
	socklen_t size = sizeof error;

	if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return errno;
	return error;
}
