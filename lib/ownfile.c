/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "ownfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lock.h"
#include "xalloc.h"

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
	if (lock >= 0 && !lock_take(lock)) {
		close(lock);
		lock = -1;
	}
	return lock;
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

int ownfile_open(const char *path, mode_t mode)
{
	int descriptor = open_it(path, mode);

	if (descriptor < 0 && is_foreign(errno))
		descriptor = replace(path, mode);
	return descriptor;
}
