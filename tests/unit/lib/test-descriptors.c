/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static bool is_null(int descriptor)
{
	struct stat status, null;

	return fstat(descriptor, &status) == 0 &&
	       stat("/dev/null", &null) == 0 && status.st_rdev == null.st_rdev;
}

/* Closes those of 0, 1 and 2 whose bit is set; ends with 0 when all is well. */
static void run(const void *argument)
{
	int closed = *(const int *)argument;
	int pipes[2];
	bool good, input_closed;

	if (pipe(pipes) != 0 || dup2(pipes[0], 0) < 0)
		_exit(2);
	if (dup2(1, 2) < 0 || fcntl(pipes[0], F_SETFD, FD_CLOEXEC) != 0)
		_exit(3);
	for (int i = 0; i < 3; i++)
		if (closed & 1 << i)
			close(i);
	good = descriptors_secure(&input_closed) &&
	       input_closed == ((closed & 1) != 0) &&
	       is_null(0) == ((closed & 1) != 0) &&
	       is_null(1) == ((closed & 2) != 0) && is_null(2);
	for (int i = 0; i < 3; i++)
		good = good && fcntl(i, F_GETFD) == 0;
	if (write(2, "stray", 5) != 5)
		good = false;
	_exit(good ? 0 : 1);
}

START_TEST(secure)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(run, &_i, &output), 0);
	ck_assert_uint_eq(output.length, 0);
}
END_TEST

START_TEST(detach)
{
	FILE *stream = tmpfile();
	int descriptor, before;
	char text[8] = "";

	ck_assert_ptr_nonnull(stream);
	before = fileno(stream);
	fputs("held", stream);
	descriptor = descriptors_detach(stream);
	ck_assert_int_gt(descriptor, 2);
	ck_assert_int_eq(fcntl(descriptor, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(before, F_GETFD), -1);
	ck_assert_int_eq(pread(descriptor, text, sizeof text, 0), 4);
	ck_assert_str_eq(text, "held");
	close(descriptor);
	ck_assert_int_eq(descriptors_detach(NULL), -1);
}
END_TEST

START_TEST(detach_full)
{
	FILE *stream = fopen("/dev/full", "w");

	if (stream == NULL)
		return;
	fputs("lost", stream);
	ck_assert_int_eq(descriptors_detach(stream), -1);
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

/* More than a pipe takes at once, to a reader that is slow to begin. */
START_TEST(write_all)
{
	static char bytes[300000], read_bytes[300001];
	size_t size = 0;
	ssize_t got;
	int ends[2];

	memset(bytes, 'x', sizeof bytes);
	ck_assert_int_eq(pipe(ends), 0);
	if (fork() == 0) {
		close(ends[0]);
		_exit(descriptors_write(ends[1], bytes, sizeof bytes) ? 0 : 1);
	}
	close(ends[1]);
	while ((got = read(
		    ends[0], read_bytes + size, sizeof read_bytes - size)) > 0)
		size += (size_t)got;
	ck_assert_uint_eq(size, sizeof bytes);
	ck_assert_mem_eq(read_bytes, bytes, size);
	ck_assert(descriptors_write(-1, "", 0));
	ck_assert(!descriptors_write(-1, "x", 1));
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

SUITE("descriptors")
{
	tcase_add_loop_test(tcase, secure, 0, 8);
	tcase_add_test(tcase, detach);
	tcase_add_test(tcase, detach_full);
	tcase_add_test(tcase, write_all);
}
