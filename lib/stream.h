/* SPDX-License-Identifier: ISC */
/*
 * Buffered reading and writing over a transport: descriptors, or whatever is
 * behind two function pointers.  Both directions move in one step, so that two
 * peers that both write first cannot block each other.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "deadline.h"

enum { STREAM_INPUT_SIZE = 16384, STREAM_OUTPUT_SIZE = 65536 };

/*
 * Where the bytes go: descriptors, or a TLS session.  read and write are like
 * read(2) and write(2), never block, and fail with EAGAIN after setting *wait
 * to what to poll for.
 */
struct transport {
	int read_descriptor;
	int write_descriptor;
	void *context;
	ssize_t (*read)(
	    const struct transport *, void *bytes, size_t size, short *wait);
	ssize_t (*write)(const struct transport *, const void *bytes,
	    size_t size, short *wait);
};

enum stream_status {
	STREAM_MOVED,  /* some bytes were read or written */
	STREAM_CLOSED, /* the peer has ended its side */
	STREAM_FAILED, /* errno says why */
	STREAM_TIMED_OUT
};

struct stream {
	struct transport transport;
	size_t input_start, input_end;
	size_t output_start, output_end;
	uint64_t written;   /* bytes, so far */
	bool output_failed; /* nothing more is written; reading goes on */
	char input[STREAM_INPUT_SIZE];
	char output[STREAM_OUTPUT_SIZE];
};

/* A transport over descriptors, which are in non-blocking mode. */
struct transport transport_descriptors(
    int read_descriptor, int write_descriptor);

/* The stream does not own the descriptors. */
void stream_open(struct stream *stream, const struct transport *transport);

/* What has been read and not yet used. */
const char *stream_input(const struct stream *stream, size_t *size);

/* Uses up that many bytes of the input. */
void stream_consume(struct stream *stream, size_t size);

/* How many bytes can still be put; none once writing has failed. */
size_t stream_room(const struct stream *stream);

/* Where bytes can be written in place, stream_room of them. */
char *stream_space(struct stream *stream);

/* Says that many bytes were written into the space. */
void stream_commit(struct stream *stream, size_t size);

/* Puts bytes for writing; they must fit. */
void stream_put(struct stream *stream, const char *bytes, size_t size);

/*
 * Writes bytes if that can be done at once, with nothing before them, and
 * waits for nothing.
 */
void stream_try(struct stream *stream, const char *bytes, size_t size);

/* How many bytes are still to be written. */
size_t stream_unwritten(const struct stream *stream);

/* How many bytes have been written so far. */
uint64_t stream_written(const struct stream *stream);

/* Whether writing has failed: what is put now is lost. */
bool stream_is_broken(const struct stream *stream);

/*
 * Writes what is put, or else waits until something can be read or written,
 * and does that.  While output is left both are waited for.  When writing
 * fails, the output is thrown away and what the peer said before is still
 * read.
 */
enum stream_status stream_move(struct stream *stream, struct deadline deadline);

/* Reads what is there; STREAM_TIMED_OUT when that is nothing yet. */
enum stream_status stream_hear(struct stream *stream);

#endif
