/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bytes.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct bytes *bytes, size_t room)
{
	if (room <= bytes->room)
		return;
	if (room < bytes->room * 2)
		room = bytes->room * 2;
	bytes->data = realloc(bytes->data, room);
	if (bytes->data == NULL)
		err(99, "bytes");
	bytes->room = room;
}

void bytes_add(struct bytes *bytes, const void *data, size_t length)
{
	reserve(bytes, bytes->length + length + 1);
	if (length > 0)
		memcpy(bytes->data + bytes->length, data, length);
	bytes->length += length;
	bytes->data[bytes->length] = '\0';
}

void bytes_add_text(struct bytes *bytes, const char *text)
{
	bytes_add(bytes, text, strlen(text));
}

void bytes_remove(struct bytes *bytes, size_t count)
{
	if (count == 0)
		return;
	bytes->length -= count;
	memmove(bytes->data, bytes->data + count, bytes->length + 1);
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){0};
}

bool bytes_equal(const struct bytes *bytes, const void *data, size_t length)
{
	return bytes->length == length &&
	       (length == 0 || memcmp(bytes->data, data, length) == 0);
}

bool bytes_contain(const struct bytes *bytes, const char *text)
{
	size_t length = strlen(text);

	return length == 0 ||
	       (bytes->length > 0 &&
		   memmem(bytes->data, bytes->length, text, length) != NULL);
}
