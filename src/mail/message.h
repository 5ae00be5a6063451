/* SPDX-License-Identifier: ISC */
/*
 * The message: what it is made of, and its form on the wire.
 */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* What one reading through tells about a message. */
struct message_facts {
	uint64_t wire_size; /* octets with CRLF line ends, without the dots
			       that transparency adds (RFC 1870 section 5) */
	bool eight_bit;	    /* there is a byte above 127 */
	bool partial_line;  /* the last line has no end */
};

struct message {
	int descriptor;
	off_t start, next; /* in bytes */
	struct message_facts facts;
};

/*
 * Reads the message through, from where the descriptor stands.  One that
 * cannot be read twice is copied to a nameless temporary file first.
 * Returns false with a temporary failure when it cannot be read.
 */
bool message_open(
    struct message *message, int descriptor, struct failure *failure);

/* Reads on.  Returns what read(2) does. */
ssize_t message_read(struct message *message, char *bytes, size_t size);

/*
 * The encoder.  LF, CRLF and a CR on its own each become one CRLF, and a dot
 * at the start of any line so made is doubled (RFC 5321 section 4.5.2): no
 * bytes in a message end it early, or leave a CR or LF alone on the wire.
 * Stock's encoder lacks the second where a line began after a lone CR.
 */
struct message_encoder {
	bool inside_line; /* so that all zero is the start of a message */
	bool after_cr;
	uint64_t octets; /* written, but for the dots that were added */
};

/*
 * Encodes from *input, of *size bytes, into output, which has room for room
 * bytes.  Returns how many it wrote, and moves *input and *size on.  It ends
 * when either side is used up, up to one byte of room.
 */
size_t message_encode(struct message_encoder *encoder, const char **input,
    size_t *size, char *output, size_t room);

#endif
