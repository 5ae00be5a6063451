/* SPDX-License-Identifier: ISC */
/*
 * Why something could not be done, as a value: whether it will stay so, how
 * much it tells, and the words.  Steps fill it in and hand it up; only report.h
 * knows what letter becomes of it.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>
#include <stddef.h>

enum failure_class {
	FAILURE_TEMPORARY, /* the message waits: the outcome of any doubt */
	FAILURE_PERMANENT  /* certain to stay wrong: the message bounces */
};

/* From the least to the most telling, of failures with several servers. */
enum failure_rank {
	FAILURE_NONE,	   /* nothing has been tried */
	FAILURE_TIMED_OUT, /* no connection within the time */
	FAILURE_REFUSED,   /* no connection for another reason */
	FAILURE_DIED,	   /* connected, but no answer came */
	FAILURE_ANSWERED   /* the server spoke */
};

struct failure {
	enum failure_class class;
	enum failure_rank rank;
	bool unmet; /* what was demanded of the server was not to be had */
	/* Whole translated sentences, each ended by a newline, and perhaps the
	   words of the server; a copy shares it, and mostly it lives as long
	   as the process. */
	char *text;
	/* Where what is wrong stands, if in a file: its full path, the line or
	   0, and what is wrong there, which the text says as well.  They live
	   as the text does. */
	char *file;
	unsigned long line;
	char *reason;
};

/* Starts afresh with this class and text, and without a rank. */
void failure_set(struct failure *failure, enum failure_class class,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Appends to the text. */
void failure_add(struct failure *failure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends the text of a reply, as reply_said has it. */
void failure_add_remote(
    struct failure *failure, const char *text, size_t length);

/* Stock's words for a lack of system resources. */
void failure_set_system(struct failure *failure);

/* Stock's words for a message that cannot be read. */
void failure_set_unreadable_message(struct failure *failure);

/*
 * Keeps latest in place of *kept when it tells at least as much; among
 * equals an unmet demand stays, otherwise the last one wins.
 */
void failure_keep(struct failure *kept, const struct failure *latest);

#endif
