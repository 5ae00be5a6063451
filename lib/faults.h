/* SPDX-License-Identifier: ISC */
/* Everything that is wrong, where the first thing that is would not do. */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"

enum fault_kind {
	FAULT_WARNING, /* no mail waits for it, yet */
	FAULT_ERROR
};

struct fault {
	enum fault_kind kind;
	char *file;	    /* its full path */
	unsigned long line; /* 0: the whole file */
	char *what;	    /* and what to do; no newline, one line */
};

/* In the order in which they were found. */
struct faults {
	struct fault *list;
	size_t count;
};

/* Adds one.  The file is a path as seen from here. */
void faults_add(struct faults *faults, enum fault_kind kind, const char *file,
    unsigned long line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Adds the reason of a failure as an error: in the file that it names, or else
 * in this one, with the whole text.
 */
void faults_take(
    struct faults *faults, const char *file, const struct failure *failure);

/* Whether there is one in this line already. */
bool faults_have(
    const struct faults *faults, const char *file, unsigned long line);

/* By files, and in each by lines; else in the order that they have. */
void faults_sort(struct faults *faults);

#endif
