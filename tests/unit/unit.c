/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

int unit_run(
    void (*run)(const void *), const void *argument, struct bytes *output)
{
	char buffer[4096];
	int ends[2], status;
	ssize_t size;
	pid_t child;

	*output = (struct bytes){0};
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[1]);
		run(argument);
		_exit(UNIT_RETURNED);
	}
	close(ends[1]);
	while ((size = read(ends[0], buffer, sizeof buffer)) > 0)
		bytes_add(output, buffer, (size_t)size);
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

unsigned unit_random(uint64_t *state, unsigned limit)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return (unsigned)(*state >> 33) % limit;
}

void unit_enter_home(struct home *home)
{
	home_make(home);
	ck_assert_int_eq(chdir(home->path), 0);
}

pid_t unit_hold_lock(const char *file)
{
	int ends[2];
	pid_t child;
	char byte = 0;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		int lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

		if (flock(lock, LOCK_EX) == 0 && write(ends[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	return child;
}

void unit_end(pid_t child)
{
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

void unit_spoil_table(const struct home *home, const char *file,
    const struct bytes *cdb, size_t table, struct timespec mtime)
{
	static const char nowhere[8] = "\xf0\xff\xff\x7f\x01";
	const struct timespec times[2] = {mtime, mtime};
	char *at = cdb->data + table * sizeof nowhere, saved[sizeof nowhere];
	char path[HOME_PATH];

	memcpy(saved, at, sizeof saved);
	memcpy(at, nowhere, sizeof nowhere);
	home_write(home, file, cdb->data, cdb->length);
	memcpy(at, saved, sizeof saved);
	ck_assert_int_eq(
	    utimensat(AT_FDCWD, home_path(home, file, path), times, 0), 0);
}

int64_t unit_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static long faults_so_far(void)
{
	struct rusage usage;

	ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt + usage.ru_majflt;
}

long unit_count_faults(void (*lookup)(const void *), const void *argument)
{
	long best = LONG_MAX;

	lookup(argument);
	for (int i = 0; i < 5; i++) {
		long before = faults_so_far(), faults;

		lookup(argument);
		faults = faults_so_far() - before;
		best = faults < best ? faults : best;
	}
	return best;
}
