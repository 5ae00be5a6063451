/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "message-model.h"

#include "unit.h"

size_t message_model(struct bytes *wire, const char *bytes, size_t size)
{
	size_t at = 0, dots = 0;

	while (at < size) {
		size_t end = at;

		while (end < size && bytes[end] != '\r' && bytes[end] != '\n')
			end++;
		if (end > at && bytes[at] == '.') {
			bytes_add_text(wire, ".");
			dots++;
		}
		bytes_add(wire, bytes + at, end - at);
		if (end < size)
			bytes_add_text(wire, "\r\n");
		at = end + 1;
		if (at < size && bytes[end] == '\r' && bytes[at] == '\n')
			at++;
	}
	return dots;
}

size_t message_random(char *bytes, size_t limit, uint64_t *random)
{
	static const char alphabet[] = "\r\r\n\n..a\0\377";
	size_t size = unit_random(random, (unsigned)limit);

	for (size_t i = 0; i < size; i++)
		bytes[i] = alphabet[unit_random(random, sizeof alphabet - 1)];
	return size;
}
