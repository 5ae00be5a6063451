/* SPDX-License-Identifier: ISC */
/*
 * Deadlines on the monotonic clock, and the one way to wait for descriptors.
 */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

struct deadline {
	int64_t at; /* milliseconds of the monotonic clock; INT64_MAX: never */
};

/* The deadline that many seconds from now; 0 means that there is none. */
struct deadline deadline_in(unsigned long seconds);

/* The deadline that many milliseconds from now. */
struct deadline deadline_in_ms(unsigned milliseconds);

/* The earlier of the two. */
struct deadline deadline_earlier(struct deadline a, struct deadline b);

bool deadline_passed(struct deadline deadline);

/* How many milliseconds are left; INT64_MAX when there is no deadline. */
int64_t deadline_left_ms(struct deadline deadline);

/*
 * poll(2) until the deadline.  Returns the number of ready descriptors, 0
 * when the deadline has passed, -1 with errno on failure, which is never
 * EINTR.
 */
int deadline_poll(
    struct pollfd *descriptors, nfds_t count, struct deadline deadline);

/* Waits for so many milliseconds. */
void deadline_sleep(unsigned milliseconds);

#endif
