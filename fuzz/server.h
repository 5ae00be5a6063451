/* SPDX-License-Identifier: ISC */
/*
 * A hostile server in memory, behind a transport: the parts of the input are
 * what it says, one each time the client waits to hear something.  No
 * descriptor moves any bytes, so each run of an input is the same.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "fuzz.h"
#include "stream.h"

struct server {
	struct fuzz_input script;
	bool silent; /* after its last words, instead of hanging up */
	bool slow;   /* takes little at once, and speaks in between */
	bool gone;   /* after its last words, writing to it fails */

	const char *part; /* what is being said, and how much is left */
	size_t left;
	bool stuck;

	char *wire; /* what the client wrote */
	size_t wire_size;
	char *said;	  /* what the client read */
	size_t *heard_at; /* for each byte of that: wire_size at the time */
	size_t said_size;
};

/*
 * Starts one that says the parts of script; the letters m, b and e in options
 * make it silent, slow and gone.
 */
void server_start(
    struct server *server, struct fuzz_input script, const char *options);

void server_end(struct server *server);

struct transport server_transport(struct server *server);

/* From now on transport_descriptors returns the transport of this server. */
void server_become_transport(struct server *server);

/* One reply that the client has read. */
struct server_reply {
	int code; /* or MODEL_PARTIAL, or MODEL_INVALID */
	size_t start, size;
};

/* Goes through what was read; start with all zero.  False at the end. */
bool server_next_reply(const struct server *server, struct server_reply *reply);

#endif
