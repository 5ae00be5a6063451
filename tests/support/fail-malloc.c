/* SPDX-License-Identifier: ISC */
/*
 * A library to be preloaded that lets one allocation fail: of the program
 * named FAIL_MALLOC_IN the one whose number, from 1, is FAIL_MALLOC.  It then
 * makes the file FAIL_MALLOC_MARK.  Without glibc it does nothing.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __GLIBC__

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static unsigned long left; /* allocations until the one that fails; 0: none */
static const char *mark;

__attribute__((constructor)) static void start(void)
{
	const char *program = getenv("FAIL_MALLOC_IN");
	const char *number = getenv("FAIL_MALLOC");

	mark = getenv("FAIL_MALLOC_MARK");
	if (program != NULL && number != NULL && mark != NULL &&
	    strcmp(program, program_invocation_short_name) == 0)
		left = strtoul(number, NULL, 10);
}

static int is_to_fail(void)
{
	if (left == 0 || --left > 0)
		return 0;
	close(open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return is_to_fail() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return is_to_fail() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return is_to_fail() ? NULL : __libc_realloc(memory, size);
}

#endif
