/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "model.h"

#include <string.h>

#include "xalloc.h"

size_t model_line(const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);

	return end != NULL ? (size_t)(end - bytes) + 1 : 0;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Returns the code of one line, or MODEL_INVALID. */
static int line_code(const char *line, bool *last)
{
	int code = 0;
	size_t column;

	for (column = 0; column < 3; column++) {
		if (!is_digit(line[column]))
			return MODEL_INVALID;
		code = code * 10 + (line[column] - '0');
	}
	while (line[column] == '\r')
		column++;
	if (is_digit(line[column]))
		return MODEL_INVALID;
	*last = line[column] != '-';
	return code >= 200 && code <= 599 ? code : MODEL_INVALID;
}

size_t model_blank(const char *bytes, size_t size)
{
	size_t blank = 0;

	for (size_t at = 0; at < size; at++) {
		if (bytes[at] == '\n')
			blank = at + 1;
		else if (bytes[at] != '\r')
			return blank;
	}
	return size;
}

int model_reply(const char *bytes, size_t size, size_t *length)
{
	int code = 0;
	bool last = false;

	for (*length = 0; !last;) {
		const char *line = bytes + *length;
		size_t line_size = model_line(line, size - *length);
		int this;

		if (line_size == 0)
			return MODEL_PARTIAL;
		this = line_code(line, &last);
		if (this == MODEL_INVALID || (code != 0 && this != code))
			return MODEL_INVALID;
		code = this;
		*length += line_size;
	}
	return code;
}

/* The length of the text of a line, and of its end: LF, CRLF or CR. */
static size_t split_line(const char *bytes, size_t size, size_t *end)
{
	size_t length = 0;

	while (length < size && bytes[length] != '\n' && bytes[length] != '\r')
		length++;
	*end = length < size;
	if (length + 1 < size && bytes[length] == '\r' &&
	    bytes[length + 1] == '\n')
		*end = 2;
	return length;
}

char *model_encode(const char *bytes, size_t size, size_t *length, size_t *dots)
{
	char *encoded = xcalloc(size + 1, 2);
	char *to = encoded;

	*dots = 0;
	while (size > 0) {
		size_t end, line = split_line(bytes, size, &end);

		if (*bytes == '.') {
			*to++ = '.';
			++*dots;
		}
		memcpy(to, bytes, line);
		to += line;
		if (end > 0) {
			*to++ = '\r';
			*to++ = '\n';
		}
		bytes += line + end;
		size -= line + end;
	}
	*length = (size_t)(to - encoded);
	return encoded;
}

/* The length of the character at the start, or 0 when it is none. */
static size_t character(const unsigned char *bytes, size_t size)
{
	static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned long value;
	size_t length = bytes[0] < 0x80	   ? 1
			: bytes[0] < 0xc0  ? 0
			: bytes[0] < 0xe0  ? 2
			: bytes[0] < 0xf0  ? 3
			: bytes[0] <= 0xf7 ? 4
					   : 0;

	if (length < 2 || length > size)
		return length == 1;
	value = bytes[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	if (value < least[length] || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return length;
}

bool model_is_utf8(const char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		size_t length =
		    character((const unsigned char *)bytes + at, size - at);

		if (length == 0)
			return false;
		at += length;
	}
	return true;
}

bool model_is_foreign(const char *bytes, size_t size)
{
	bool foreign = false;

	for (size_t i = 0; i < size; i++)
		foreign |= (unsigned char)bytes[i] > 127;
	return foreign && model_is_utf8(bytes, size);
}
