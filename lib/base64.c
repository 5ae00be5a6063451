/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "base64.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The characters of three bytes, of which count are there. */
static void encode_group(const unsigned char *bytes, size_t count, char text[4])
{
	uint32_t bits = (uint32_t)bytes[0] << 16;

	if (count > 1)
		bits |= (uint32_t)bytes[1] << 8;
	if (count > 2)
		bits |= bytes[2];
	for (unsigned i = 0; i < 4; i++)
		text[i] =
		    i <= count ? alphabet[bits >> (18 - 6 * i) & 63] : '=';
}

char *base64_encode(const void *bytes, size_t size)
{
	const unsigned char *from = bytes;
	char *text = xcalloc(size / 3 + 1, 4 + 1);

	for (size_t at = 0; at < size; at += 3)
		encode_group(from + at, size - at < 3 ? size - at : 3,
		    text + at / 3 * 4);
	return text;
}

/*
 * The bytes of four characters.  Returns how many there are, 0 when these are
 * no group.
 */
static size_t decode_group(const char text[4], unsigned char bytes[3])
{
	size_t padding = text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;
	uint32_t bits = 0;

	for (size_t i = 0; i < 4 - padding; i++) {
		const char *letter = memchr(alphabet, text[i], 64);

		if (letter == NULL)
			return 0;
		bits |= (uint32_t)(letter - alphabet) << (18 - 6 * i);
	}
	if ((bits & ((1u << 8 * padding) - 1)) != 0)
		return 0;
	for (size_t i = 0; i < 3; i++)
		bytes[i] = (unsigned char)(bits >> (16 - 8 * i));
	return 3 - padding;
}

bool base64_decode(const char *text, size_t length, char **bytes, size_t *size)
{
	unsigned char *to = xcalloc(length / 4 + 1, 3 + 1);
	bool good = length % 4 == 0;

	*size = 0;
	for (size_t at = 0; good && at < length; at += 4) {
		size_t count = decode_group(text + at, to + *size);

		*size += count;
		good = count == 3 || (count > 0 && at + 4 == length);
	}
	to[*size] = '\0';
	*bytes = (char *)to;
	if (!good) {
		free(to);
		*bytes = NULL;
	}
	return good;
}
