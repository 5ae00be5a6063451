/* SPDX-License-Identifier: ISC */
/*
 * The message: its facts and its form on the wire are the model's, wherever
 * input and output are split.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "mail/message.h"
#include "model.h"
#include "xalloc.h"

struct encoding {
	char *bytes;
	size_t size, dots;
};

static void check_split(const char *bytes, size_t size, size_t most,
    struct fuzz_random *random, const struct encoding *expected)
{
	struct message_encoder encoder = {0};
	size_t made = 0;
	char output[64];

	while (size > 0) {
		size_t piece = fuzz_between(random, 1, most), left;
		const char *input = bytes;

		if (piece > size)
			piece = size;
		for (left = piece; left > 0;) {
			size_t room = fuzz_between(random, 2, sizeof output);
			size_t length = message_encode(
			    &encoder, &input, &left, output, room);

			FUZZ_CHECK(length <= room);
			FUZZ_CHECK(length <= expected->size - made);
			FUZZ_CHECK(memcmp(expected->bytes + made, output,
				       length) == 0);
			made += length;
		}
		bytes += piece;
		size -= piece;
		FUZZ_CHECK(input == bytes);
	}
	FUZZ_CHECK(made == expected->size);
	FUZZ_CHECK(encoder.inside_line ==
		   (made > 0 && expected->bytes[made - 1] != '\n'));
}

static void check_facts(
    const char *bytes, size_t size, const struct encoding *expected)
{
	struct message message;
	struct failure failure;
	bool eight_bit = false;

	for (size_t i = 0; i < size; i++)
		eight_bit |= (unsigned char)bytes[i] > 127;
	FUZZ_CHECK(message_open(&message, fuzz_file(bytes, size), &failure));
	FUZZ_CHECK(message.facts.wire_size == expected->size - expected->dots);
	FUZZ_CHECK(message.facts.eight_bit == eight_bit);
	FUZZ_CHECK(
	    message.facts.partial_line ==
	    (size > 0 && bytes[size - 1] != '\n' && bytes[size - 1] != '\r'));
}

int FUZZ_TARGET(message)(const uint8_t *bytes, size_t size)
{
	static const size_t most[] = {1, 3, 100, 100000};
	const char *text = (const char *)bytes;
	struct fuzz_random random = fuzz_random(bytes, size);
	struct encoding expected;

	expected.bytes =
	    model_encode(text, size, &expected.size, &expected.dots);
	for (size_t i = 0; i < sizeof most / sizeof most[0]; i++)
		check_split(text, size, most[i], &random, &expected);
	check_facts(text, size, &expected);
	free(expected.bytes);
	return 0;
}
