/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "record.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

int record_create(void)
{
	const char *directory = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (directory == NULL || *directory == '\0')
		directory = "/tmp";
	snprintf(path, sizeof path, "%s/record-XXXXXX", directory);
	fd = mkostemp(path, O_APPEND | O_CLOEXEC);
	if (fd == -1 || unlink(path) == -1)
		err(99, "%s", path);
	return fd;
}

int64_t record_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

void record_add(const struct record *record, enum record_kind kind,
    uint64_t value, const void *bytes, size_t length)
{
	struct record_header header = {.kind = kind,
	    .connection = record->connection,
	    .time = record_now(),
	    .value = value,
	    .length = length};
	struct iovec parts[] = {
	    {&header, sizeof header}, {(void *)(uintptr_t)bytes, length}};

	if (writev(record->fd, parts, 2) != (ssize_t)(sizeof header + length))
		err(99, "record");
}
