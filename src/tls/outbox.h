/* SPDX-License-Identifier: ISC */
/*
 * What a descriptor has yet to take: bytes that were put here are written in
 * their order as soon as that can be done.
 */
#ifndef TLS_OUTBOX_H
#define TLS_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

/* A TLS record of the largest kind, and what may join it before it is out. */
enum { OUTBOX_SIZE = 40960 };

/* All zero at the start. */
struct outbox {
	size_t start, end;
	char bytes[OUTBOX_SIZE];
};

/* Puts all of the bytes, or returns false when there is no room for them. */
bool outbox_put(struct outbox *outbox, const void *bytes, size_t size);

/*
 * Writes what the descriptor takes.  Returns whether nothing is left, or
 * false with errno, which is EAGAIN for a descriptor that takes no more now.
 */
bool outbox_flush(struct outbox *outbox, int descriptor);

#endif
