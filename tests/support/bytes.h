/* SPDX-License-Identifier: ISC */
/*
 * A byte string that grows.  Starts as zeros; data is NULL or ends in a NUL
 * that length does not count.  Lack of memory ends the process.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
	char *data;
	size_t length, room;
};

void bytes_add(struct bytes *bytes, const void *data, size_t length);
void bytes_add_text(struct bytes *bytes, const char *text);

/* Takes the first count bytes away. */
void bytes_remove(struct bytes *bytes, size_t count);

/* Frees the data and makes it empty. */
void bytes_free(struct bytes *bytes);

bool bytes_equal(const struct bytes *bytes, const void *data, size_t length);

/* True when the text, without its NUL, occurs. */
bool bytes_contain(const struct bytes *bytes, const char *text);

#endif
