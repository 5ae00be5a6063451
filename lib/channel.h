/* SPDX-License-Identifier: ISC */
/*
 * What two processes of one program say to each other: objects of a fixed
 * size, over a pair of local sockets.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "deadline.h"

/* Makes both ends, close-on-exec.  Returns false with errno. */
bool channel_open(int ends[2]);

/* Returns false when nobody listens at the other end. */
bool channel_say(int end, const void *words, size_t size);

/*
 * Waits for the words.  Returns false when the other end was closed, or when
 * the deadline has passed.
 */
bool channel_hear(int end, void *words, size_t size, struct deadline deadline);

#endif
