/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/piece.h"

#include <string.h>

bool piece_equals(struct piece piece, const char *word)
{
	return piece.size == strlen(word) &&
	       memcmp(piece.bytes, word, piece.size) == 0;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

struct piece piece_strip(struct piece piece)
{
	while (piece.size > 0 && is_blank(piece.bytes[0])) {
		piece.bytes++;
		piece.size--;
	}
	while (piece.size > 0 && is_blank(piece.bytes[piece.size - 1]))
		piece.size--;
	return piece;
}

struct piece piece_next(struct piece *text, char end)
{
	const char *found = memchr(text->bytes, end, text->size);
	size_t size =
	    found != NULL ? (size_t)(found - text->bytes) : text->size;
	struct piece piece = {text->bytes, size};

	if (found != NULL)
		size++;
	text->bytes += size;
	text->size -= size;
	return piece;
}

bool piece_is_letter_or_digit(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9');
}
