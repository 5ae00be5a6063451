/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/message.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"

enum { CHUNK_SIZE = 16384 };

/* Eight bytes at a time: large messages are read through before they go. */
static bool has_eight_bit(const char *bytes, size_t size)
{
	uint64_t all = 0, eight;

	for (; size >= sizeof eight; size -= sizeof eight) {
		memcpy(&eight, bytes, sizeof eight);
		bytes += sizeof eight;
		all |= eight;
	}
	for (; size > 0; size--)
		all |= (unsigned char)*bytes++;
	return (all & UINT64_C(0x8080808080808080)) != 0;
}

/*
 * How often byte stands there; *after_cr counts those that come right after a
 * CR, last being the byte before the first.
 */
static size_t count(
    const char *bytes, size_t size, char byte, char last, size_t *after_cr)
{
	const char *at = bytes, *end = bytes + size;
	size_t found = 0;

	while ((at = memchr(at, byte, (size_t)(end - at))) != NULL) {
		*after_cr += (at == bytes ? last : at[-1]) == '\r';
		found++;
		at++;
	}
	return found;
}

/* Takes bytes, of which last is the one before; at the start it is LF. */
static void scan_bytes(
    struct message_facts *facts, const char *bytes, size_t size, char last)
{
	size_t pairs = 0, unused = 0;
	size_t ends = count(bytes, size, '\n', last, &pairs) +
		      count(bytes, size, '\r', last, &unused);

	/* Each end takes two octets, and CRLF is one end. */
	facts->wire_size += size + ends - 2 * pairs;
	facts->eight_bit = facts->eight_bit || has_eight_bit(bytes, size);
}

static bool scan_message(struct message *message)
{
	char chunk[CHUNK_SIZE], last = '\n';
	ssize_t size;

	message->next = message->start;
	while ((size = message_read(message, chunk, sizeof chunk)) > 0) {
		scan_bytes(&message->facts, chunk, (size_t)size, last);
		last = chunk[size - 1];
	}
	message->next = message->start;
	message->facts.partial_line = last != '\n' && last != '\r';
	return size == 0;
}

/* Copies input that can be read only once.  Returns a descriptor or -1. */
static int copy_to_file(int descriptor)
{
	char chunk[CHUNK_SIZE];
	FILE *file = tmpfile();
	ssize_t size;

	if (file == NULL)
		return -1;
	while ((size = read(descriptor, chunk, sizeof chunk)) != 0) {
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 ||
		    fwrite(chunk, 1, (size_t)size, file) != (size_t)size) {
			fclose(file);
			return -1;
		}
	}
	return descriptors_detach(file);
}

bool message_open(
    struct message *message, int descriptor, struct failure *failure)
{
	memset(message, 0, sizeof *message);
	message->descriptor = descriptor;
	message->start = lseek(descriptor, 0, SEEK_CUR);
	if (message->start < 0 && errno == ESPIPE) {
		message->descriptor = copy_to_file(descriptor);
		message->start = 0;
	}
	if (message->descriptor >= 0 && message->start >= 0 &&
	    scan_message(message))
		return true;
	failure_set_unreadable_message(failure);
	return false;
}

ssize_t message_read(struct message *message, char *bytes, size_t size)
{
	ssize_t length;

	do
		length = pread(message->descriptor, bytes, size, message->next);
	while (length < 0 && errno == EINTR);
	if (length > 0)
		message->next += length;
	return length;
}

/* The next of each kind of line end, or the end of the input. */
struct line_ends {
	const char *lf, *cr;
};

static const char *find_end(
    const char *found, const char *from, const char *end, char byte)
{
	if (found != NULL && found >= from)
		return found;
	found = memchr(from, byte, (size_t)(end - from));
	return found != NULL ? found : end;
}

/*
 * Bytes from there to the end of the line.  Each end is looked for once, so
 * that no mixture of ends makes the work grow with the square of the size.
 */
static size_t line_length(
    struct line_ends *ends, const char *from, const char *end)
{
	ends->lf = find_end(ends->lf, from, end, '\n');
	ends->cr = find_end(ends->cr, from, end, '\r');
	return (size_t)((ends->lf < ends->cr ? ends->lf : ends->cr) - from);
}

size_t message_encode(struct message_encoder *encoder, const char **input,
    size_t *size, char *output, size_t room)
{
	const char *from = *input, *end = *input + *size;
	char *to = output, *limit = output + room;
	struct line_ends ends = {NULL, NULL};

	while (from < end && limit - to >= 2) {
		size_t length;

		if (*from == '\n' && encoder->after_cr) {
			encoder->after_cr = false;
			from++;
			continue;
		}
		if (*from == '\n' || *from == '\r') {
			encoder->after_cr = *from++ == '\r';
			encoder->inside_line = false;
			*to++ = '\r';
			*to++ = '\n';
			encoder->octets += 2;
			continue;
		}
		encoder->after_cr = false;
		if (*from == '.' && !encoder->inside_line)
			*to++ = '.';
		encoder->inside_line = true;
		length = line_length(&ends, from, end);
		if (length > (size_t)(limit - to))
			length = (size_t)(limit - to);
		memcpy(to, from, length);
		encoder->octets += length;
		to += length;
		from += length;
	}
	*input = from;
	*size = (size_t)(end - from);
	return (size_t)(to - output);
}
