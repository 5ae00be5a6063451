/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "random.h"

#include <time.h>
#include <unistd.h>

#ifdef HAVE_GETRANDOM
#include <sys/random.h>
#endif

bool random_fill(void *bytes, size_t size)
{
#ifdef HAVE_GETRANDOM
	return getrandom(bytes, size, GRND_NONBLOCK) == (ssize_t)size;
#elif defined HAVE_GETENTROPY
	return getentropy(bytes, size) == 0;
#else
	(void)bytes;
	(void)size;
	return false;
#endif
}

uint64_t random_bits(void)
{
	uint64_t bits;
	struct timespec now = {0};

	if (random_fill(&bits, sizeof bits))
		return bits;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uintptr_t)&bits ^ (uint64_t)now.tv_nsec << 20 ^
	       (uint64_t)now.tv_sec;
}
