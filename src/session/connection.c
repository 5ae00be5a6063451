/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

/* Waits for a connection that is under way.  Returns 0 or an errno. */
static int await(int descriptor, struct deadline deadline)
{
	struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
	int error = 0;
	socklen_t size = sizeof error;

	switch (deadline_poll(&waiting, 1, deadline)) {
	case -1: return errno;
	case 0: return ETIMEDOUT;
	}
	if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return errno;
	return error;
}

int connection_open(
    const struct ip *ip, uint16_t port, struct deadline deadline)
{
	struct sockaddr_storage address;
	socklen_t length = ip_to_sockaddr(ip, port, &address);
	int descriptor = socket(
	    address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, error = 0;

	if (descriptor < 0)
		return -1;
	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(descriptor, (struct sockaddr *)&address, length) != 0) {
		error = errno;
		if (error == EINPROGRESS || error == EINTR)
			error = await(descriptor, deadline);
	}
	if (error == 0)
		return descriptor;
	close(descriptor);
	errno = error;
	return -1;
}
