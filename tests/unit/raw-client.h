/* SPDX-License-Identifier: ISC */
/* A client of a peer that is nothing but a socket. */
#ifndef RAW_CLIENT_H
#define RAW_CLIENT_H

#include "peer.h"

/* Returns the socket, or -1 with errno; type is 0 or SOCK_NONBLOCK. */
int raw_try_connect(const char *text, const struct peer *peer, int type);

/* The same where it has to succeed. */
int raw_connect(const char *text, const struct peer *peer);

void raw_send(int fd, const char *text);

/* Reads exactly these bytes. */
void raw_expect(int fd, const char *text);

/* Reads the end of the connection: 0, or errno. */
int raw_read_end(int fd);

#endif
