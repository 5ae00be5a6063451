/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static ssize_t descriptor_read(
    const struct transport *transport, void *bytes, size_t size, short *wait)
{
	*wait = POLLIN;
	return read(transport->read_descriptor, bytes, size);
}

static ssize_t descriptor_write(const struct transport *transport,
    const void *bytes, size_t size, short *wait)
{
	*wait = POLLOUT;
	return write(transport->write_descriptor, bytes, size);
}

struct transport transport_descriptors(
    int read_descriptor, int write_descriptor)
{
	return (struct transport){.read_descriptor = read_descriptor,
	    .write_descriptor = write_descriptor,
	    .read = descriptor_read,
	    .write = descriptor_write};
}

void stream_open(struct stream *stream, const struct transport *transport)
{
	stream->transport = *transport;
	stream->input_start = stream->input_end = 0;
	stream->output_start = stream->output_end = 0;
	stream->written = 0;
	stream->output_failed = false;
}

const char *stream_input(const struct stream *stream, size_t *size)
{
	*size = stream->input_end - stream->input_start;
	return stream->input + stream->input_start;
}

void stream_consume(struct stream *stream, size_t size)
{
	stream->input_start += size;
	if (stream->input_start == stream->input_end)
		stream->input_start = stream->input_end = 0;
}

size_t stream_room(const struct stream *stream)
{
	return stream->output_failed
		   ? 0
		   : sizeof stream->output - stream->output_end;
}

char *stream_space(struct stream *stream)
{
	return stream->output + stream->output_end;
}

void stream_commit(struct stream *stream, size_t size)
{
	if (!stream->output_failed)
		stream->output_end += size;
}

void stream_put(struct stream *stream, const char *bytes, size_t size)
{
	memcpy(stream_space(stream), bytes, size);
	stream_commit(stream, size);
}

size_t stream_unwritten(const struct stream *stream)
{
	return stream->output_end - stream->output_start;
}

uint64_t stream_written(const struct stream *stream)
{
	return stream->written;
}

bool stream_is_broken(const struct stream *stream)
{
	return stream->output_failed;
}

static bool is_transient(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* Returns whether bytes moved; otherwise *wait is what to poll for. */
static bool write_some(struct stream *stream, short *wait)
{
	ssize_t size = stream->transport.write(&stream->transport,
	    stream->output + stream->output_start, stream_unwritten(stream),
	    wait);

	if (size > 0) {
		stream->output_start += (size_t)size;
		stream->written += (size_t)size;
	} else if (size < 0 && !is_transient(errno)) {
		stream->output_failed = true;
		stream->output_start = stream->output_end;
	}
	if (stream->output_start == stream->output_end)
		stream->output_start = stream->output_end = 0;
	return size > 0;
}

/* Returns STREAM_TIMED_OUT for "not yet", with *wait set. */
static enum stream_status read_some(struct stream *stream, short *wait)
{
	size_t room = sizeof stream->input - stream->input_end;
	ssize_t size;

	if (room == 0) {
		errno = ENOBUFS;
		return STREAM_FAILED;
	}
	size = stream->transport.read(
	    &stream->transport, stream->input + stream->input_end, room, wait);
	if (size > 0) {
		stream->input_end += (size_t)size;
		return STREAM_MOVED;
	}
	if (size == 0)
		return STREAM_CLOSED;
	return is_transient(errno) ? STREAM_TIMED_OUT : STREAM_FAILED;
}

/* Waits for the descriptors.  Returns 0 when the deadline has passed. */
static int wait_for(
    const struct stream *stream, short in, short out, struct deadline deadline)
{
	const struct transport *transport = &stream->transport;
	struct pollfd descriptors[2] = {
	    {.fd = transport->read_descriptor, .events = in},
	    {.fd = transport->write_descriptor, .events = out}};

	if (transport->read_descriptor == transport->write_descriptor) {
		descriptors[0].events = (short)(in | out);
		return deadline_poll(descriptors, 1, deadline);
	}
	return deadline_poll(descriptors, out != 0 ? 2 : 1, deadline);
}

enum stream_status stream_move(struct stream *stream, struct deadline deadline)
{
	short in = POLLIN, out = 0;
	bool first = true;

	for (;;) {
		enum stream_status status;

		if (stream_unwritten(stream) > 0) {
			if (write_some(stream, &out))
				return STREAM_MOVED;
		}
		if (stream_unwritten(stream) == 0)
			out = 0;
		/* Even if input keeps coming. */
		if (deadline_passed(deadline))
			return STREAM_TIMED_OUT;
		/* The first look is left to poll: mostly nothing is there. */
		if (!first) {
			status = read_some(stream, &in);
			if (status != STREAM_TIMED_OUT)
				return status;
		}
		first = false;
		switch (wait_for(stream, in, out, deadline)) {
		case -1: return STREAM_FAILED;
		case 0: return STREAM_TIMED_OUT;
		}
	}
}

enum stream_status stream_hear(struct stream *stream)
{
	short wait;

	return read_some(stream, &wait);
}

void stream_try(struct stream *stream, const char *bytes, size_t size)
{
	if (stream_is_broken(stream) || stream_unwritten(stream) > 0)
		return;
	stream_put(stream, bytes, size);
	stream_move(stream, deadline_in_ms(0));
}
