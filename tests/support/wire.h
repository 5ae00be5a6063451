/* SPDX-License-Identifier: ISC */
/*
 * The peer's end of one connection, in clear or under TLS.  It records what
 * it sends, when something comes in, and how the connection ends; received
 * bytes are recorded by who interprets them.
 */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "bytes.h"
#include "peer-tls.h"
#include "record.h"

struct wire {
	int fd;
	struct record record;
	size_t read_size;
	unsigned read_pause; /* ms before each read */
	const struct peer_tls *tls;
	void *session;		   /* NULL in clear */
	unsigned char binding[32]; /* of that */
};

/* Returns the bytes read, 0 when the client has gone. */
size_t wire_read(struct wire *wire, void *buffer);

/* Returns false when the client has gone. */
bool wire_write(struct wire *wire, const void *bytes, size_t length);

/* True when something has come in that has not been read. */
bool wire_more(const struct wire *wire);

/* Waits until something can be read, be it the end. */
void wire_await(const struct wire *wire);

/* Waits, but not longer than the client stays. */
void wire_pause(const struct wire *wire, unsigned ms);

/*
 * Records what has come in, as far as that does not go on and on, and, if
 * to_end is set, what comes until the end.
 */
void wire_drain(struct wire *wire, bool to_end);

/* Waits for the end without reading; a SIGTERM then ends the process. */
void wire_ignore(const struct wire *wire);

/* Writes the bytes again and again to the end, pausing in between. */
void wire_flood(
    struct wire *wire, const void *bytes, size_t length, unsigned ms);

/*
 * Shakes hands, and speaks TLS from then on.  Returns false when that has
 * failed.
 */
bool wire_start_tls(struct wire *wire, const struct peer_tls *tls);

/* Sends close_notify if there is TLS, and FIN. */
void wire_half_close(struct wire *wire);

/* FIN without close_notify, or RST. */
void wire_drop(struct wire *wire);
void wire_reset(struct wire *wire);

#endif
