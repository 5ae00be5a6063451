/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "deadline.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

struct deadline deadline_in(unsigned long seconds)
{
	int64_t start = now();

	if (seconds == 0 ||
	    (uint64_t)seconds > (uint64_t)((INT64_MAX - start) / 1000))
		return (struct deadline){INT64_MAX};
	return (struct deadline){start + (int64_t)seconds * 1000};
}

struct deadline deadline_in_ms(unsigned milliseconds)
{
	return (struct deadline){now() + (int64_t)milliseconds};
}

struct deadline deadline_earlier(struct deadline a, struct deadline b)
{
	return a.at < b.at ? a : b;
}

int64_t deadline_left_ms(struct deadline deadline)
{
	int64_t left;

	if (deadline.at == INT64_MAX)
		return INT64_MAX;
	left = deadline.at - now();
	return left > 0 ? left : 0;
}

bool deadline_passed(struct deadline deadline)
{
	return deadline_left_ms(deadline) == 0;
}

int deadline_poll(
    struct pollfd *descriptors, nfds_t count, struct deadline deadline)
{
	for (;;) {
		int64_t left = deadline_left_ms(deadline);
		int wait = left > INT_MAX ? INT_MAX : (int)left;
		int ready;

		if (left == INT64_MAX)
			wait = -1;
		ready = poll(descriptors, count, wait);
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return ready;
		if (left == 0)
			return 0;
	}
}

void deadline_sleep(unsigned milliseconds)
{
	deadline_poll(NULL, 0, deadline_in_ms(milliseconds));
}
