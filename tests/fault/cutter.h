/* SPDX-License-Identifier: ISC */
/*
 * A process between client and server that lets the server stop after some
 * number of bytes, those of TLS included.  It serves one connection after the
 * other.
 */
#ifndef CUTTER_H
#define CUTTER_H

#include <stdint.h>
#include <stddef.h>

enum cut { CUT_FIN, CUT_RST, CUT_STALL, CUT_KINDS };

enum { CUTTER_CONNECTIONS = 4, CUTTER_STREAM = 16384 };

struct cutter_plan {
	const char *address, *server; /* where it listens, where it leads */
	uint16_t server_port;
	enum cut cut;
	size_t after; /* bytes of the first connection; SIZE_MAX: no cut */
};

/* What has gone from the server to the client. */
struct cutter_seen {
	size_t connections;
	size_t forwarded[CUTTER_CONNECTIONS];
	/* The bytes of the first connection. */
	char stream[CUTTER_STREAM];
};

struct cutter;

/* What fails for reasons of the machine ends the process. */
struct cutter *cutter_start(const struct cutter_plan *plan);
uint16_t cutter_port(const struct cutter *cutter);

/* Waits for the end of the connections, of which it knows all that are. */
void cutter_stop(struct cutter *cutter, struct cutter_seen *seen);

#endif
