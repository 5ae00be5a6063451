/* SPDX-License-Identifier: ISC */
/* Messages, and what they are on the wire. */
#ifndef MESSAGE_MODEL_H
#define MESSAGE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/*
 * Adds what the encoder has to make of a message, and returns how many dots
 * it adds.
 */
size_t message_model(struct bytes *wire, const char *bytes, size_t size);

/*
 * Fills bytes with fewer than limit of those that matter.  Returns how many.
 */
size_t message_random(char *bytes, size_t limit, uint64_t *random);

#endif
