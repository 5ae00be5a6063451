/* SPDX-License-Identifier: ISC */
/*
 * The TLS relay: a child process that keeps the TLS session and copies
 * between the server's connection and a local socket, on which
 * qmail-remote-io speaks SMTP in clear.
 */
#ifndef RELAY_H
#define RELAY_H

#include "tls.h"

/*
 * Starts the relay for a session over connection, and returns the local
 * socket, or -1 with errno.  The caller goes on without TLS: neither tls nor
 * connection are its own any more.
 */
int relay_start(struct tls *tls, int connection);

#endif
