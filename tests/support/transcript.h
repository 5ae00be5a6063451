/* SPDX-License-Identifier: ISC */
/*
 * What a peer has seen and said, as peer_stop gives it.  Everything belongs
 * to the transcript.  Times are microseconds since the connection began.
 */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bytes.h"
#include "peer-stage.h"
#include "peer-tls.h"
#include "record.h"

enum { TRANSCRIPT_ADDRESS = 46 };

struct transcript_event {
	enum record_kind kind;
	int64_t time;
	uint64_t value;
	const char *bytes;
	size_t length;
};

struct transcript_message {
	struct bytes raw;  /* as received, without the final dot's line */
	struct bytes text; /* the same without dot-stuffing; CRLF line ends */
	/* These are there even if the script asks for a digest only. */
	uint64_t length; /* of text */
	uint64_t hash;	 /* body_hash of text */
	bool complete;	 /* the final dot came */
};

struct transcript_connection {
	char address[TRANSCRIPT_ADDRESS]; /* to which the client connected */
	unsigned number; /* the how manieth to this address, from 1 */
	int64_t began;	 /* microseconds of the monotonic clock */

	struct transcript_event *events;
	size_t event_count;
	struct transcript_message *messages;
	size_t message_count;

	/*
	 * All bytes in both directions, decrypted; without message data if
	 * the script asks for a digest only, and without PEER_FLOOD's.
	 */
	struct bytes received, sent;
	uint64_t flooded; /* bytes PEER_FLOOD has sent */
	/*
	 * How often the client went on after it had been answered, the
	 * greeting counted: how many round trips it has waited for.
	 */
	unsigned turns;
	uint64_t strays;     /* lone CRs and lone LFs in commands and data */
	unsigned violations; /* of pipelining; transcript_print shows them */

	bool tls;	 /* the handshake came to its end */
	bool tls_failed; /* it did not */
	size_t tls_at;	 /* bytes received in clear before it */
	struct peer_tls_facts facts;

	bool eof;	   /* the client closed */
	bool close_notify; /* under TLS: it said so before */
	bool reset;	   /* the connection broke */
};

struct transcript {
	struct transcript_connection *connections; /* in order of accept */
	size_t count;
	void *file; /* what events point into */
	size_t file_size;
};

/* Reads a record file.  The caller frees the transcript. */
struct transcript *transcript_read(int fd);
void transcript_free(struct transcript *transcript);

/*
 * The n-th connection, from 0; with an address: the n-th to it.  That there
 * is none ends the process with a message.
 */
const struct transcript_connection *transcript_connection(
    const struct transcript *transcript, const char *address, size_t n);

/* How many connections there were to an address. */
size_t transcript_connections(
    const struct transcript *transcript, const char *address);

/* How many commands of this stage the client has given. */
size_t transcript_count(
    const struct transcript_connection *connection, enum peer_stage stage);

/*
 * The n-th command of this stage, from 0: the line as it came, with its end.
 * NULL when there is none.
 */
const struct transcript_event *transcript_command(
    const struct transcript_connection *connection, enum peer_stage stage,
    size_t n);

/*
 * True when the n-th command of this stage is exactly this line; text has no
 * line end, CRLF is expected.
 */
bool transcript_said(const struct transcript_connection *connection,
    enum peer_stage stage, size_t n, const char *text);

/* Prints the dialogue for a person: milliseconds, C: or S:, the line. */
void transcript_print(
    const struct transcript_connection *connection, FILE *stream);

#endif
