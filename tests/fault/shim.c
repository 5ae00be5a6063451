/* SPDX-License-Identifier: ISC */
/*
 * A library to be preloaded that lets one call fail; fault.h says how it is
 * told.  Without glibc it does nothing.
 */
#include "config.h"

#include <stdlib.h>

#ifdef __GLIBC__

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"

static struct fault_page *page; /* NULL: not yet, or nothing is to be done */
static enum fault_role role;
static bool paused;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

/* The function of this name that would have been called without us. */
static void find(void *function, const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		abort();
	memcpy(function, &found, sizeof found);
}

static void map_page(const char *path)
{
	int (*real_open)(const char *, int, ...);
	void *(*real_mmap)(void *, size_t, int, int, int, off_t);
	int (*real_close)(int);
	void *memory;
	int fd;

	find(&real_open, "open");
	find(&real_mmap, "mmap");
	find(&real_close, "close");
	fd = real_open(path, O_RDWR | O_CLOEXEC);
	if (fd == -1)
		return;
	memory = real_mmap(
	    NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	real_close(fd);
	if (memory != MAP_FAILED)
		page = memory;
}

/* Libraries call before our own constructor would have run. */
static void start(void)
{
	static bool started;
	const char *path;

	/* The loader allocates memory before there is an environment. */
	if (started || environ == NULL)
		return;
	started = true;
	path = getenv("FAULT_PAGE");
	role = FAULT_REMOTE;
	if (strcmp(program_invocation_short_name, "qmail-remote-io") == 0)
		role = FAULT_IO;
	if (strcmp(program_invocation_short_name, "qmail-remote-relay") == 0)
		role = FAULT_RELAY;
	if (path != NULL)
		map_page(path);
}

void fault_pause(bool pause)
{
	paused = pause;
}

/* Whether this call is the one: 0, FAULT_SHORT, or an errno, also set. */
static int fault(enum fault_call call, int target)
{
	uint32_t number;

	start();
	if (page == NULL || paused)
		return 0;
	number = ++page->counts[role][call];
	if (page->role != (uint32_t)role || page->call != (uint32_t)call ||
	    page->nth != number)
		return 0;
	page->hits++;
	page->target = target;
	if (page->error > 0)
		errno = page->error;
	return page->error;
}

#define NEXT(name)                                                             \
	static __typeof__(name) *next;                                         \
	if (next == NULL)                                                      \
	find(&next, #name)

/* What fails without having been done. */
#define FAILING(type, call, name, target, parameters, arguments)               \
	type name parameters                                                   \
	{                                                                      \
		NEXT(name);                                                    \
		if (fault(FAULT_##call, target) > 0)                           \
			return (type)-1;                                       \
		return next arguments;                                         \
	}

#define FAILING_NULL(type, call, name, parameters, arguments)                  \
	type name parameters                                                   \
	{                                                                      \
		NEXT(name);                                                    \
		if (fault(FAULT_##call, -1) > 0)                               \
			return NULL;                                           \
		return next arguments;                                         \
	}

/* What can move fewer bytes than size. */
#define MOVING(type, call, name, parameters, arguments)                        \
	type name parameters                                                   \
	{                                                                      \
		NEXT(name);                                                    \
		int how = fault(FAULT_##call, fd);                             \
		if (how > 0)                                                   \
			return -1;                                             \
		if (how == FAULT_SHORT && size > 1)                            \
			size = 1;                                              \
		return next arguments;                                         \
	}

/* What is done although it says that it has failed. */
#define DOING(call, name, parameters, arguments)                               \
	int name parameters                                                    \
	{                                                                      \
		NEXT(name);                                                    \
		int how = fault(FAULT_##call, fd);                             \
		if (how <= 0)                                                  \
			return next arguments;                                 \
		next arguments;                                                \
		errno = how;                                                   \
		return -1;                                                     \
	}

MOVING(
    ssize_t, read, read, (int fd, void *bytes, size_t size), (fd, bytes, size))
MOVING(ssize_t, write, write, (int fd, const void *bytes, size_t size),
    (fd, bytes, size))
MOVING(ssize_t, pread, pread, (int fd, void *bytes, size_t size, off_t at),
    (fd, bytes, size, at))
MOVING(ssize_t, pread, pread64, (int fd, void *bytes, size_t size, off64_t at),
    (fd, bytes, size, at))
MOVING(ssize_t, pwrite, pwrite,
    (int fd, const void *bytes, size_t size, off_t at), (fd, bytes, size, at))
MOVING(ssize_t, pwrite, pwrite64,
    (int fd, const void *bytes, size_t size, off64_t at), (fd, bytes, size, at))
MOVING(ssize_t, recv, recv, (int fd, void *bytes, size_t size, int flags),
    (fd, bytes, size, flags))
MOVING(ssize_t, recvfrom, recvfrom,
    (int fd, void *bytes, size_t size, int flags, struct sockaddr *address,
	socklen_t *length),
    (fd, bytes, size, flags, address, length))
MOVING(ssize_t, send, send, (int fd, const void *bytes, size_t size, int flags),
    (fd, bytes, size, flags))
MOVING(ssize_t, sendto, sendto,
    (int fd, const void *bytes, size_t size, int flags,
	const struct sockaddr *address, socklen_t length),
    (fd, bytes, size, flags, address, length))
FAILING(ssize_t, sendmsg, sendmsg, fd,
    (int fd, const struct msghdr *message, int flags), (fd, message, flags))

DOING(close, close, (int fd), (fd))
DOING(fsync, fsync, (int fd), (fd))

FAILING(int, dup, dup, fd, (int fd), (fd))
FAILING(int, dup2, dup2, fd, (int fd, int to), (fd, to))
FAILING(
    off_t, lseek, lseek, fd, (int fd, off_t to, int whence), (fd, to, whence))
FAILING(off64_t, lseek, lseek64, fd, (int fd, off64_t to, int whence),
    (fd, to, whence))
FAILING(int, socket, socket, -1, (int domain, int type, int protocol),
    (domain, type, protocol))
FAILING(int, bind, bind, fd,
    (int fd, const struct sockaddr *address, socklen_t length),
    (fd, address, length))
FAILING(int, getsockopt, getsockopt, fd,
    (int fd, int level, int name, void *value, socklen_t *size),
    (fd, level, name, value, size))
FAILING(int, setsockopt, setsockopt, fd,
    (int fd, int level, int name, const void *value, socklen_t size),
    (fd, level, name, value, size))
FAILING(int, getsockname, getsockname, fd,
    (int fd, struct sockaddr *address, socklen_t *length),
    (fd, address, length))
FAILING(int, socketpair, socketpair, -1,
    (int domain, int type, int protocol, int pair[2]),
    (domain, type, protocol, pair))
FAILING(int, execv, execv, -1, (const char *path, char *const arguments[]),
    (path, arguments))
FAILING(int, flock, flock, fd, (int fd, int operation), (fd, operation))
FAILING(int, fstat, fstat, fd, (int fd, struct stat *status), (fd, status))
FAILING(int, fstat, fstat64, fd, (int fd, struct stat64 *status), (fd, status))
FAILING(int, stat, stat, -1, (const char *path, struct stat *status),
    (path, status))
FAILING(int, rename, rename, -1, (const char *from, const char *to), (from, to))
FAILING(int, unlink, unlink, -1, (const char *path), (path))
FAILING(int, ftruncate, ftruncate, fd, (int fd, off_t size), (fd, size))
FAILING(int, memfd_create, memfd_create, -1, (const char *name, unsigned flags),
    (name, flags))
FAILING(int, chdir, chdir, -1, (const char *path), (path))
FAILING(int, getifaddrs, getifaddrs, -1, (struct ifaddrs * *list), (list))
FAILING(ssize_t, getrandom, getrandom, -1,
    (void *bytes, size_t size, unsigned flags), (bytes, size, flags))
FAILING(int, getrlimit, getrlimit, -1,
    (__rlimit_resource_t what, struct rlimit *limit), (what, limit))
FAILING(int, setrlimit, setrlimit, -1,
    (__rlimit_resource_t what, const struct rlimit *limit), (what, limit))
#if __GLIBC_PREREQ(2, 34)
FAILING(int, close_range, close_range, -1,
    (unsigned first, unsigned last, int flags), (first, last, flags))
#endif
FAILING(void *, mmap, mmap, fd,
    (void *at, size_t size, int rights, int flags, int fd, off_t offset),
    (at, size, rights, flags, fd, offset))
FAILING(void *, mmap, mmap64, fd,
    (void *at, size_t size, int rights, int flags, int fd, off64_t offset),
    (at, size, rights, flags, fd, offset))
FAILING_NULL(FILE *, tmpfile, tmpfile, (void), ())
FAILING_NULL(
    FILE *, fopen, fopen, (const char *path, const char *mode), (path, mode))

/* After EINTR a connection is under way as after EINPROGRESS. */
int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	NEXT(connect);
	int how = fault(FAULT_connect, fd);

	if (how == EINTR)
		next(fd, address, length);
	if (how <= 0)
		return next(fd, address, length);
	errno = how;
	return -1;
}

int poll(struct pollfd *descriptors, nfds_t count, int timeout)
{
	NEXT(poll);
	int how = fault(FAULT_poll, count > 0 ? descriptors[0].fd : -1);

	if (how > 0)
		return -1;
	/* Too early, as if the clock were coarse. */
	return next(descriptors, count, how == FAULT_SHORT ? 0 : timeout);
}

/* The true one cannot be called from here, as it returns twice. */
pid_t vfork(void)
{
	return fault(FAULT_vfork, -1) > 0 ? -1 : fork();
}

#define VARIADIC_OPEN(name)                                                    \
	int name(const char *path, int flags, ...)                             \
	{                                                                      \
		NEXT(name);                                                    \
		va_list rest;                                                  \
		mode_t mode = 0;                                               \
		if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {          \
			va_start(rest, flags);                                 \
			mode = va_arg(rest, mode_t);                           \
			va_end(rest);                                          \
		}                                                              \
		if (fault(FAULT_open, -1) > 0)                                 \
			return -1;                                             \
		return next(path, flags, mode);                                \
	}
VARIADIC_OPEN(open)
VARIADIC_OPEN(open64)

#define VARIADIC(call, name, type, first, second)                              \
	int name(int fd, type first, ...)                                      \
	{                                                                      \
		NEXT(name);                                                    \
		va_list rest;                                                  \
		void *second;                                                  \
		va_start(rest, first);                                         \
		second = va_arg(rest, void *);                                 \
		va_end(rest);                                                  \
		if (fault(FAULT_##call, fd) > 0)                               \
			return -1;                                             \
		return next(fd, first, second);                                \
	}
VARIADIC(fcntl, fcntl, int, command, argument)
VARIADIC(fcntl, fcntl64, int, command, argument)

int prctl(int option, ...)
{
	NEXT(prctl);
	unsigned long values[4];
	va_list rest;

	va_start(rest, option);
	for (int i = 0; i < 4; i++)
		values[i] = va_arg(rest, unsigned long);
	va_end(rest);
	if (fault(FAULT_prctl, -1) > 0)
		return -1;
	return next(option, values[0], values[1], values[2], values[3]);
}

void *malloc(size_t size)
{
	return fault(FAULT_malloc, -1) > 0 ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fault(FAULT_calloc, -1) > 0 ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fault(FAULT_realloc, -1) > 0 ? NULL
					    : __libc_realloc(memory, size);
}

#endif
