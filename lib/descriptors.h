/* SPDX-License-Identifier: ISC */
/* The descriptors of a process: what it starts with, and what it keeps. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Opens /dev/null where 0, 1 or 2 is closed, so that no socket takes that
 * number, and always on 2: under qmail-rspawn it is the report's pipe, which
 * no library may write to.  *input_closed tells whether 0 was closed.
 * Returns false with errno.
 */
bool descriptors_secure(bool *input_closed);

/*
 * Opens /dev/null where 0, 1 or 2 is closed, and leaves the others: for
 * programs whose standard error is a person's.  Returns false with errno.
 */
bool descriptors_fill(void);

/*
 * Puts /dev/null on 0, 1 and 2, which qmail-rspawn may wait for, and closes
 * all other descriptors but these, which are above 2.  Returns false when it
 * cannot.
 */
bool descriptors_keep(const int *kept, size_t count);

/*
 * Closes the stream, what it holds being written, and returns a descriptor of
 * its file, close-on-exec and above 2; -1 with errno, also for no stream.
 */
int descriptors_detach(FILE *stream);

/*
 * A file without a name, in memory where the platform has such files; lists of
 * open files show the purpose.  Returns a descriptor, close-on-exec, or -1 with
 * errno.
 */
int descriptors_nameless(const char *purpose);

/* Writes all of it, however often it takes.  Returns false with errno. */
bool descriptors_write(int descriptor, const void *bytes, size_t size);

#endif
