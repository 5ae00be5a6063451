/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bare-connect.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

int bare_connect(int argc, char **argv, size_t *bytes)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (argc != 3)
		errx(1, "usage: %s port bytes", argv[0]);
	address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	*bytes = strtoul(argv[2], NULL, 10);
	if (fd == -1 ||
	    connect(fd, (struct sockaddr *)&address, sizeof address) == -1)
		err(1, "connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}
