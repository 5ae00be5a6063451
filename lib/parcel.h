/* SPDX-License-Identifier: ISC */
/*
 * What two processes of one machine say to each other over a channel: numbers,
 * texts and octets in an order that both know, the version of the package
 * first.  Who takes them checks nothing in between: a parcel that does not hold
 * what is taken is torn, gives zeros and empty texts from there on, and says so
 * at the end.
 */
#ifndef PARCEL_H
#define PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deadline.h"

/* All zero at the start; freed by parcel_free. */
struct parcel {
	char *bytes;
	size_t size, room;
	size_t next; /* of the bytes, the first that has not been taken */
	bool torn;
};

void parcel_put_number(struct parcel *parcel, uint64_t number);
void parcel_put_bytes(struct parcel *parcel, const void *bytes, size_t size);

/* The text may be NULL, and is then taken as NULL. */
void parcel_put_text(struct parcel *parcel, const char *text);

/* Puts all that has been put into another one. */
void parcel_put_parcel(struct parcel *parcel, const struct parcel *other);

/* Puts PACKAGE_VERSION; a parcel of another version is torn. */
void parcel_put_version(struct parcel *parcel);
void parcel_take_version(struct parcel *parcel);

uint64_t parcel_take_number(struct parcel *parcel);

/* A number of objects that follow; more than the limit tear the parcel. */
size_t parcel_take_count(struct parcel *parcel, size_t limit);

/* A NUL follows the bytes, which are the parcel's. */
const char *parcel_take_bytes(struct parcel *parcel, size_t *size);

/* Exactly so many bytes, copied; zeros where there are others. */
void parcel_take_copy(struct parcel *parcel, void *to, size_t size);

/* The text is the parcel's; one with a NUL within tears the parcel. */
const char *parcel_take_text(struct parcel *parcel);

/* The text into an array, cut to fit; NULL as "". */
void parcel_take_into(struct parcel *parcel, char *to, size_t size);

/* Whether all that was put has been taken, and nothing else. */
bool parcel_is_empty(const struct parcel *parcel);

void parcel_free(struct parcel *parcel);

/* Returns false when nobody listens at the other end of the channel. */
bool parcel_say(const struct parcel *parcel, int end);

/*
 * Waits for a whole parcel of up to limit bytes.  Returns false when the other
 * end was closed or says something else, or when the deadline has passed.
 */
bool parcel_hear(
    struct parcel *parcel, int end, size_t limit, struct deadline deadline);

#endif
