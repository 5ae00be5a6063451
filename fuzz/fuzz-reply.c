/* SPDX-License-Identifier: ISC */
/*
 * Replies: the same as the model says, and the same however the bytes are
 * split.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "reply.h"

/* Feeds pieces of at most most bytes; returns how many were used. */
static size_t feed(struct reply *reply, const char *bytes, size_t size,
    struct fuzz_random *random, size_t most)
{
	size_t used = 0;

	reply_start(reply);
	while (used < size &&
	       (reply->state == REPLY_PARTIAL || reply->state == REPLY_LINE)) {
		size_t piece = fuzz_between(random, 1, most);
		size_t taken;

		if (piece > size - used)
			piece = size - used;
		taken = reply_take(reply, bytes + used, piece);
		FUZZ_CHECK(taken <= piece);
		FUZZ_CHECK(taken == piece || reply->state != REPLY_PARTIAL);
		used += taken;
	}
	return used;
}

/* The text that reports show: no CR, and NUL as '?'. */
static void check_text(
    const struct reply *reply, const char *bytes, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < size && length < REPLY_TEXT_MAX; i++) {
		char shown = bytes[i] != '\0' ? bytes[i] : '?';

		if (bytes[i] == '\r')
			continue;
		FUZZ_CHECK(length < reply->length);
		FUZZ_CHECK(reply->text[length] == shown);
		length++;
	}
	FUZZ_CHECK(length == reply->length);
}

static void check_model(
    const struct reply *reply, const char *bytes, size_t size, size_t used)
{
	size_t length, blank = model_blank(bytes, size);
	int code = model_reply(bytes + blank, size - blank, &length);

	FUZZ_CHECK(used >= blank || reply->state == REPLY_INVALID);
	FUZZ_CHECK(reply_is_blank(reply) == (size == blank));
	check_text(reply, bytes + blank, used - blank);
	switch (code) {
	case MODEL_INVALID: FUZZ_CHECK(reply->state == REPLY_INVALID); break;
	case MODEL_PARTIAL:
		/* A line that is none may be given up before its end. */
		FUZZ_CHECK(reply->state != REPLY_COMPLETE);
		FUZZ_CHECK(reply->state != REPLY_INVALID ||
			   reply->length == REPLY_TEXT_MAX);
		break;
	default:
		FUZZ_CHECK(reply->state == REPLY_COMPLETE);
		FUZZ_CHECK(used == blank + length);
		FUZZ_CHECK(reply->code == code);
		FUZZ_CHECK(reply_class(reply) == code / 100);
	}
}

int FUZZ_TARGET(reply)(const uint8_t *bytes, size_t size)
{
	static struct reply whole, pieces;
	static const size_t most[] = {1, 2, 7, 600};
	struct fuzz_random random = fuzz_random(bytes, size);
	size_t used =
	    feed(&whole, (const char *)bytes, size, &random, SIZE_MAX);

	check_model(&whole, (const char *)bytes, size, used);
	for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
		FUZZ_CHECK(feed(&pieces, (const char *)bytes, size, &random,
			       most[i]) == used);
		FUZZ_CHECK(pieces.state == whole.state);
		FUZZ_CHECK(pieces.code == whole.code);
		FUZZ_CHECK(pieces.length == whole.length);
		FUZZ_CHECK(memcmp(pieces.text, whole.text, whole.length) == 0);
		FUZZ_CHECK(pieces.line_length == whole.line_length);
		FUZZ_CHECK(
		    memcmp(pieces.line, whole.line, whole.line_length) == 0);
	}
	return 0;
}
