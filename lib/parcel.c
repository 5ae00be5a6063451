/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "parcel.h"

#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "xalloc.h"

/* In place of its size, for a text that is NULL. */
static const uint64_t no_text = UINT64_MAX;

static void append(struct parcel *parcel, const void *bytes, size_t size)
{
	if (size > parcel->room - parcel->size) {
		parcel->room = 2 * parcel->room + size;
		parcel->bytes = xrealloc(parcel->bytes, parcel->room, 1);
	}
	if (size > 0)
		memcpy(parcel->bytes + parcel->size, bytes, size);
	parcel->size += size;
}

void parcel_put_number(struct parcel *parcel, uint64_t number)
{
	append(parcel, &number, sizeof number);
}

void parcel_put_bytes(struct parcel *parcel, const void *bytes, size_t size)
{
	parcel_put_number(parcel, size);
	append(parcel, bytes, size);
	append(parcel, "", 1);
}

void parcel_put_text(struct parcel *parcel, const char *text)
{
	if (text != NULL)
		parcel_put_bytes(parcel, text, strlen(text));
	else
		parcel_put_number(parcel, no_text);
}

void parcel_put_parcel(struct parcel *parcel, const struct parcel *other)
{
	append(parcel, other->bytes, other->size);
}

void parcel_put_version(struct parcel *parcel)
{
	parcel_put_text(parcel, PACKAGE_VERSION);
}

/* The next bytes, or NULL where there are not as many. */
static const char *take(struct parcel *parcel, size_t size)
{
	const char *bytes = parcel->bytes + parcel->next;

	if (parcel->torn || size > parcel->size - parcel->next) {
		parcel->torn = true;
		return NULL;
	}
	parcel->next += size;
	return bytes;
}

uint64_t parcel_take_number(struct parcel *parcel)
{
	uint64_t number = 0;
	const char *bytes = take(parcel, sizeof number);

	if (bytes != NULL)
		memcpy(&number, bytes, sizeof number);
	return number;
}

size_t parcel_take_count(struct parcel *parcel, size_t limit)
{
	uint64_t count = parcel_take_number(parcel);

	if (count <= limit)
		return (size_t)count;
	parcel->torn = true;
	return 0;
}

/* That many bytes and a NUL. */
static const char *take_ended(struct parcel *parcel, uint64_t size)
{
	const char *bytes =
	    size < SIZE_MAX ? take(parcel, (size_t)size + 1) : NULL;

	if (bytes != NULL && bytes[size] == '\0')
		return bytes;
	parcel->torn = true;
	return NULL;
}

const char *parcel_take_bytes(struct parcel *parcel, size_t *size)
{
	uint64_t announced = parcel_take_number(parcel);
	const char *bytes = take_ended(parcel, announced);

	*size = bytes != NULL ? (size_t)announced : 0;
	return bytes != NULL ? bytes : "";
}

void parcel_take_copy(struct parcel *parcel, void *to, size_t size)
{
	size_t found;
	const char *bytes = parcel_take_bytes(parcel, &found);

	if (found == size && !parcel->torn) {
		memcpy(to, bytes, size);
		return;
	}
	memset(to, 0, size);
	parcel->torn = true;
}

const char *parcel_take_text(struct parcel *parcel)
{
	uint64_t size = parcel_take_number(parcel);
	const char *text;

	if (size == no_text)
		return NULL;
	text = take_ended(parcel, size);
	if (text != NULL && strlen(text) == size)
		return text;
	parcel->torn = true;
	return "";
}

void parcel_take_into(struct parcel *parcel, char *to, size_t size)
{
	const char *text = parcel_take_text(parcel);
	size_t length;

	if (text == NULL)
		text = "";
	length = strlen(text);

	if (length >= size)
		length = size - 1;
	memcpy(to, text, length);
	to[length] = '\0';
}

void parcel_take_version(struct parcel *parcel)
{
	const char *version = parcel_take_text(parcel);

	if (version == NULL || strcmp(version, PACKAGE_VERSION) != 0)
		parcel->torn = true;
}

bool parcel_is_empty(const struct parcel *parcel)
{
	return !parcel->torn && parcel->next == parcel->size;
}

void parcel_free(struct parcel *parcel)
{
	free(parcel->bytes);
	*parcel = (struct parcel){0};
}

bool parcel_say(const struct parcel *parcel, int end)
{
	struct parcel sent = {0};
	bool said;

	parcel_put_number(&sent, parcel->size);
	parcel_put_parcel(&sent, parcel);
	said = channel_say(end, sent.bytes, sent.size);
	parcel_free(&sent);
	return said;
}

bool parcel_hear(
    struct parcel *parcel, int end, size_t limit, struct deadline deadline)
{
	uint64_t size;

	*parcel = (struct parcel){0};
	if (!channel_hear(end, &size, sizeof size, deadline) || size > limit)
		return false;
	parcel->bytes = xcalloc(1, (size_t)size + 1);
	parcel->size = parcel->room = (size_t)size;
	if (channel_hear(end, parcel->bytes, parcel->size, deadline))
		return true;
	parcel_free(parcel);
	return false;
}
