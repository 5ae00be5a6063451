/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "random.h"

#include <time.h>
#include <unistd.h>

#ifdef HAVE_GETRANDOM
#include <sys/random.h>
#endif

uint64_t random_bits(void)
{
	uint64_t bits = 0;
	struct timespec now = {0};

#ifdef HAVE_GETRANDOM
	if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) == sizeof bits)
		return bits;
#elif defined HAVE_GETENTROPY
	if (getentropy(&bits, sizeof bits) == 0)
		return bits;
#endif
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uintptr_t)&bits ^ (uint64_t)now.tv_nsec << 20 ^
	       (uint64_t)now.tv_sec;
}
