/* SPDX-License-Identifier: ISC */
/*
 * The file in which the peer's processes record what happens, and which
 * transcript reads.  One write per event, so that many processes can append.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>
#include <stdint.h>

/* What value and bytes of an event are. */
enum record_kind {
	RECORD_CONNECT = 1, /* the n-th to the address; the address */
	RECORD_READ,	    /* how many bytes came in at once */
	RECORD_COMMAND,	    /* enum peer_stage; the line with its end */
	RECORD_BODY_BEGIN,
	RECORD_BODY,	   /* bytes of message data, as received */
	RECORD_BODY_END,   /* struct body */
	RECORD_REST,	   /* received bytes that nobody has interpreted */
	RECORD_SENT,	   /* bytes */
	RECORD_FLOODED,	   /* how many bytes PEER_FLOOD has sent */
	RECORD_TLS,	   /* struct peer_tls_facts: TLS begins here */
	RECORD_TLS_FAILED, /* the same */
	RECORD_VIOLATION,  /* a text: what the client should not have done */
	RECORD_EOF,	   /* the client has closed; 1: without close_notify */
	RECORD_RESET,	   /* errno: the connection has been broken */
};

struct record_header {
	uint32_t kind;
	uint32_t connection; /* counted over all addresses, from 0 */
	int64_t time;	     /* microseconds of the monotonic clock */
	uint64_t value;
	uint64_t length; /* of the bytes that follow */
};

struct record {
	int fd;
	uint32_t connection;
};

/* A new nameless file in TMPDIR, open for reading and appending. */
int record_create(void);

void record_add(const struct record *record, enum record_kind kind,
    uint64_t value, const void *bytes, size_t length);

int64_t record_now(void);

#endif
