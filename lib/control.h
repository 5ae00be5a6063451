/* SPDX-License-Identifier: ISC */
/*
 * Control files.  The five files of stock qmail are read as stock reads them
 * (control.c); those of our own are strict: what cannot be meant is said,
 * with file, line and reason, in a temporary failure that begins with stock's
 * words.  Files are named as seen from the qmail home, where the process is,
 * and in failures by their full paths.  A byte order mark in front of a text
 * is not part of it.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"

enum control_status {
	CONTROL_FAILED, /* the failure says why */
	CONTROL_ABSENT, /* there is no such file: use the default */
	CONTROL_EMPTY,	/* there is one, but it says nothing */
	CONTROL_FOUND
};

/* The bytes of a whole file; the caller frees bytes. */
struct control_text {
	char *bytes;
	size_t size;
};

/* A position in such a text. */
struct control_cursor {
	const char *next, *end;
	unsigned long line; /* number of the line read last, from 1 */
	bool continues;	    /* it goes on behind a NUL */
};

/* The full path of a file; the caller frees it. */
char *control_path(const char *file);

/* Fills the failure: control files unreadable, for this reason. */
void control_fail(
    struct failure *failure, const char *file, const char *reason);

/* The same, naming the line, and showing what stands there. */
void control_fail_line(struct failure *failure, const char *file,
    unsigned long line, const char *shown, const char *reason);

/* The same without what stands there, which may be a secret. */
void control_fail_secret(struct failure *failure, const char *file,
    unsigned long line, const char *reason);

/* Reads the whole file, at most 256 MiB.  Returns false with errno, and then
   leaves nothing to free. */
bool control_read(const char *file, struct control_text *text);

/* The same, for a file that may be absent. */
enum control_status control_text(
    const char *file, struct control_text *text, struct failure *failure);

/* Starts reading the lines of a text. */
struct control_cursor control_lines(const struct control_text *text);

/*
 * The next line as stock's control_readfile gives it: blanks and tabs at its
 * end stripped, empty lines and lines that begin with '#' left out, a NUL
 * ending a line too.  The line is bytes of the text, not terminated.
 * Returns false at the end.
 */
bool control_next(
    struct control_cursor *cursor, const char **line, size_t *length);

/*
 * The same for files of our own: blanks and tabs at its start are stripped as
 * well, before it is looked at whether it is a comment.
 */
bool control_next_strict(
    struct control_cursor *cursor, const char **line, size_t *length);

/* The size of the first line without blanks and tabs at its end, NULs and all.
 */
size_t control_first_line(const struct control_text *text);

/*
 * Stock's control_readline: the first line without blanks and tabs at its
 * end.  A control character in it is a failure.  The caller frees *line, which
 * is NULL unless something was found.
 */
enum control_status control_stock_line(
    const char *file, char **line, struct failure *failure);

/*
 * Stock's control_readint: leading digits, or the value as it was when there
 * is none.  More than INT_MAX cannot be meant as seconds and is a failure.
 */
enum control_status control_stock_number(
    const char *file, unsigned long *value, struct failure *failure);

/* Strict: the first line without blanks on either side. */
enum control_status control_line(
    const char *file, char **line, struct failure *failure);

/* Strict: nothing but digits, and at most maximum. */
enum control_status control_number(const char *file, unsigned long *value,
    unsigned long maximum, struct failure *failure);

#endif
