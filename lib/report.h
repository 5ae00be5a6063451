/* SPDX-License-Identifier: ISC */
/*
 * The report protocol of qmail: what qmail-rspawn reads from our standard
 * output.  For each recipient one report r, h or s, then one message report
 * K, Z or D; each is a letter, a text and a NUL.  Only this module knows the
 * letters: to all others, what went wrong is a failure.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>

#include "failure.h"

/* What is longer is cut; so does qmail-send, at 10000 bytes. */
enum { REPORT_TEXT_MAX = 8192 };

/*
 * The reports of recipients, kept until there is a message report to go with
 * them.  All of them are sent at once: to qmail-rspawn, half of an answer is
 * an answer, and a message of which only the recipients are known bounces.
 * Starts as zeroes.
 */
struct reports {
	char *bytes; /* that of the message fits behind */
	size_t size, room;
};

/*
 * Adds the report of a recipient: accepted where failure is NULL.  Without
 * memory the process ends with that report, and no other.
 */
void report_recipient(struct reports *reports, const struct failure *failure);

/*
 * Sends all of them with the message report, accepted with that text or, where
 * it is NULL, the failure, and ends the process with status 0: also, as in
 * stock, when standard output cannot be written.  qmail-rspawn then keeps the
 * message.  Allocates nothing.
 */
_Noreturn void report_message(const struct reports *reports,
    const char *accepted, const struct failure *failure);

/* The letter of a message report for a failure, Z or D. */
char report_letter(const struct failure *failure);

/* Sends a failure as the only report and ends the process with status 0. */
_Noreturn void report_failure(const struct failure *failure);

/* Reports stock's "Out of memory" and ends the process with status 0. */
_Noreturn void report_out_of_memory(void);

/*
 * For programs that make no reports: this is called in its place from then on,
 * and must not return.  NULL: it is as it was.
 */
typedef void report_end(void);
void report_end_by(report_end *end);
report_end *report_is_ended_by(void);

/*
 * Copies text for use in a report: bytes below 33 and above 126 become '?',
 * as stock shows host names.  Returns copy, which has size bytes; a text
 * that does not fit is cut.
 */
const char *report_safe(char *copy, size_t size, const char *text);

/* The same, but blanks stay. */
const char *report_readable(char *copy, size_t size, const char *text);

#endif
