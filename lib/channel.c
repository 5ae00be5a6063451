/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "channel.h"

#include <errno.h>
#include <sys/socket.h>

bool channel_open(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
}

bool channel_say(int end, const void *words, size_t size)
{
	const char *next = words;

	while (size > 0) {
		ssize_t sent = send(end, next, size, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0) {
			next += sent;
			size -= (size_t)sent;
		}
	}
	return true;
}

bool channel_hear(int end, void *words, size_t size, struct deadline deadline)
{
	struct pollfd waiting = {.fd = end, .events = POLLIN};
	char *next = words;

	while (size > 0) {
		ssize_t got;

		if (deadline_poll(&waiting, 1, deadline) <= 0)
			return false;
		got = recv(end, next, size, 0);
		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		if (got > 0) {
			next += got;
			size -= (size_t)got;
		}
	}
	return true;
}
