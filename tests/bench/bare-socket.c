/* SPDX-License-Identifier: ISC */
/* Floor: writes to a socket, 64 KiB at a time. */
#include "config.h"

#include <err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bare-connect.h"

int main(int argc, char **argv)
{
	static char block[65536];
	size_t left;
	int fd = bare_connect(argc, argv, &left);

	while (left > 0) {
		size_t size = left < sizeof block ? left : sizeof block;
		ssize_t sent = write(fd, block, size);

		if (sent < 0)
			err(1, "write");
		left -= (size_t)sent;
	}
	shutdown(fd, SHUT_WR);
	return read(fd, block, sizeof block) != 0;
}
