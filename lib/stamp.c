/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "stamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "xalloc.h"

/*
 * The clock that stamps files ticks every 10 ms or faster, on some file
 * systems every 2 s.  What changed within the last tick may change once more
 * without showing it.
 */
enum { TICK_MS = 20, COARSE_TICK_MS = 2000 };

static bool is_later(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec ||
	       (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

void stamp_add_file(struct stamp *stamp, const char *path)
{
	struct stat status;
	size_t length;
	char *line;

	if (stat(path, &status) != 0) {
		line = xasprintf("%s: %d\n", path, errno);
	} else {
		line = xasprintf("%s %ju %ju %jd %jd.%09ld %jd.%09ld\n", path,
		    (uintmax_t)status.st_dev, (uintmax_t)status.st_ino,
		    (intmax_t)status.st_size, (intmax_t)status.st_mtim.tv_sec,
		    status.st_mtim.tv_nsec, (intmax_t)status.st_ctim.tv_sec,
		    status.st_ctim.tv_nsec);
		if (is_later(status.st_ctim, stamp->latest))
			stamp->latest = status.st_ctim;
	}
	length = strlen(line);
	stamp->text = xrealloc(stamp->text, stamp->length + length + 1, 1);
	memcpy(stamp->text + stamp->length, line, length + 1);
	stamp->length += length;
	free(line);
}

bool stamp_equal(const struct stamp *a, const struct stamp *b)
{
	return a->length == b->length &&
	       memcmp(a->text, b->text, a->length) == 0;
}

int64_t stamp_unsettled_ms(const struct stamp *stamp)
{
	int64_t tick = stamp->latest.tv_nsec == 0 ? COARSE_TICK_MS : TICK_MS;
	struct timespec now;
	int64_t age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = (int64_t)(now.tv_sec - stamp->latest.tv_sec) * 1000 +
	      (now.tv_nsec - stamp->latest.tv_nsec) / 1000000;
	return age >= 0 && age < tick ? tick - age : 0;
}
