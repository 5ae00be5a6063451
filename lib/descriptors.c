/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

bool descriptors_secure(bool *input_closed)
{
	int null;

	*input_closed = false;
	close(STDERR_FILENO);
	/* It takes the lowest number that is free, and stays there. */
	do {
		/* cppcheck-suppress resourceLeak */
		null = open("/dev/null", O_RDWR);
		*input_closed = *input_closed || null == STDIN_FILENO;
	} while (null >= 0 && null < STDERR_FILENO);
	return null == STDERR_FILENO;
}

bool descriptors_fill(void)
{
	int null;

	do {
		/* cppcheck-suppress resourceLeak */
		null = open("/dev/null", O_RDWR);
	} while (null >= 0 && null <= STDERR_FILENO);
	return null >= 0 && close(null) == 0;
}

static int highest_descriptor(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 65536)
		return 65535;
	return (int)limit.rlim_cur - 1;
}

/* Closes the descriptors from first to last, of which most are not open. */
static void close_between(int first, int last)
{
	int highest;

	if (first > last)
		return;
#ifdef HAVE_CLOSE_RANGE
	if (close_range((unsigned)first, (unsigned)last, 0) == 0)
		return;
#endif
	highest = highest_descriptor();
	for (int descriptor = first;
	     descriptor <= last && descriptor <= highest; descriptor++)
		close(descriptor);
}

/* The lowest of these that is above a descriptor, or INT_MAX. */
static int next_kept(const int *kept, size_t count, int above)
{
	int next = INT_MAX;

	for (size_t i = 0; i < count; i++)
		if (kept[i] > above && kept[i] < next)
			next = kept[i];
	return next;
}

/* Puts /dev/null on 0, 1 and 2. */
static bool nullify(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool done = null >= 0;

	for (int descriptor = 0; done && descriptor <= STDERR_FILENO;
	     descriptor++)
		done = dup2(null, descriptor) >= 0;
	if (null > STDERR_FILENO)
		close(null);
	return done;
}

bool descriptors_keep(const int *kept, size_t count)
{
	if (!nullify())
		return false;
	for (int last = STDERR_FILENO, next; last < INT_MAX; last = next) {
		next = next_kept(kept, count, last);
		close_between(last + 1, next - 1);
	}
	return true;
}

int descriptors_detach(FILE *stream)
{
	int descriptor = -1;

	if (stream == NULL)
		return -1;
	if (fflush(stream) == 0)
		descriptor =
		    fcntl(fileno(stream), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	fclose(stream);
	return descriptor;
}

int descriptors_nameless(const char *purpose)
{
#ifdef HAVE_MEMFD_CREATE
	int descriptor = memfd_create(purpose, MFD_CLOEXEC);

	if (descriptor >= 0)
		return descriptor;
#endif
	(void)purpose;
	return descriptors_detach(tmpfile());
}

bool descriptors_write(int descriptor, const void *bytes, size_t size)
{
	const char *next = bytes;

	while (size > 0) {
		ssize_t written = write(descriptor, next, size);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			next += written;
			size -= (size_t)written;
		}
	}
	return true;
}
