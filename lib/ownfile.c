/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "ownfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lock.h"
#include "xalloc.h"

/* Of directories. */
enum { ASIDE_MAX = 9 };

static int open_it(const char *path, mode_t mode)
{
	return open(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
}

/* Whether it is the file that is wrong, and not this process or the system. */
static bool is_foreign(int error)
{
	return error == EACCES || error == EPERM || error == ELOOP ||
	       error == ENXIO;
}

/* The lock on the directory that path is in; -1 where it cannot be had. */
static int lock_directory(const char *path)
{
	char *directory = xstrndup(path, (size_t)(strrchr(path, '/') - path));
	int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(directory);
	return lock_or_close(lock);
}

/*
 * One process at a time: a second one must not remove what the first has put
 * in place, and perhaps locked.
 */
static int replace(const char *path, mode_t mode)
{
	int lock = lock_directory(path), descriptor;

	if (lock < 0)
		return -1;
	descriptor = open_it(path, mode);
	if (descriptor < 0 && is_foreign(errno) && unlink(path) == 0)
		descriptor = open_it(path, mode);
	close(lock);
	return descriptor;
}

static bool is_usable(const char *path)
{
	return access(path, R_OK | W_OK | X_OK) == 0;
}

/* A name that is taken by what was put aside before is left alone. */
static void put_aside(const char *path)
{
	bool done = false;

	for (int i = 1; !done && i <= ASIDE_MAX; i++) {
		char *aside = xasprintf("%s.%d", path, i);

		rmdir(aside);
		done = access(aside, F_OK) != 0 && rename(path, aside) == 0;
		free(aside);
	}
}

/* One process at a time, or what the first has made were put aside as well. */
bool ownfile_make_directory(const char *path)
{
	int lock = lock_directory(path);
	struct stat status;

	if (lock < 0)
		return false;
	if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	    !is_usable(path))
		put_aside(path);
	mkdir(path, 0700);
	close(lock);
	return is_usable(path);
}

int ownfile_open(const char *path, mode_t mode)
{
	int descriptor = open_it(path, mode);

	if (descriptor < 0 && is_foreign(errno))
		descriptor = replace(path, mode);
	return descriptor;
}
