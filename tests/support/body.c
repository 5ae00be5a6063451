/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "body.h"

enum { CHUNK = 4096 };

struct output {
	struct body *body;
	struct bytes *plain;
	char chunk[CHUNK];
	size_t length;
};

uint64_t body_hash(uint64_t hash, const void *data, size_t length)
{
	const unsigned char *byte = data;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	return hash;
}

void body_start(struct body *body)
{
	*body = (struct body){.hash = BODY_HASH_START};
}

static void flush(struct output *output)
{
	struct body *body = output->body;

	body->hash = body_hash(body->hash, output->chunk, output->length);
	body->length += output->length;
	if (output->plain != NULL)
		bytes_add(output->plain, output->chunk, output->length);
	output->length = 0;
}

static void put(struct output *output, char byte)
{
	if (output->length == CHUNK)
		flush(output);
	output->chunk[output->length++] = byte;
}

/* What a byte means after a dot that began its line. */
static void take_after_dot(struct body *body, char byte, struct output *output)
{
	if (body->at == BODY_DOT && byte == '\r') {
		body->at = BODY_DOT_CR;
		return;
	}
	if (body->at == BODY_DOT_CR) {
		if (byte == '\n') {
			body->complete = true;
			return;
		}
		put(output, '\r');
		body->strays++;
	}
	if (byte == '\n')
		body->strays++;
	put(output, byte);
	body->at = byte == '\r' ? BODY_CR : BODY_TEXT;
}

static void take_byte(struct body *body, char byte, struct output *output)
{
	bool after_cr = body->at == BODY_CR;

	if (body->at == BODY_DOT || body->at == BODY_DOT_CR) {
		take_after_dot(body, byte, output);
		return;
	}
	if (body->at == BODY_LINE_START && byte == '.') {
		body->at = BODY_DOT;
		return;
	}
	if (after_cr != (byte == '\n'))
		body->strays++;
	put(output, byte);
	if (byte == '\r')
		body->at = BODY_CR;
	else
		body->at =
		    after_cr && byte == '\n' ? BODY_LINE_START : BODY_TEXT;
}

size_t body_take(
    struct body *body, const char *bytes, size_t length, struct bytes *plain)
{
	struct output output = {.body = body, .plain = plain};
	size_t taken = 0;

	while (taken < length && !body->complete)
		take_byte(body, bytes[taken++], &output);
	flush(&output);
	body->raw += taken;
	return taken;
}
