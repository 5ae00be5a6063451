/* SPDX-License-Identifier: ISC */
/*
 * The report protocol of qmail: what qmail-rspawn reads from our standard
 * output.  For each recipient one report r, h or s, then one message report
 * K, Z or D; each is a letter, a text and a NUL.
 *
 * Nothing here allocates, so that running out of memory can be reported as
 * well; reports.h collects those of recipients.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"

/* qmail-send cuts what it logs and bounces at 10000 bytes. */
enum { REPORT_TEXT_MAX = 8192, REPORT_SIZE_MAX = 1 + REPORT_TEXT_MAX + 1 };

struct report {
	char letter; /* one of r h s K Z D */
	size_t length;
	char text[REPORT_TEXT_MAX];
};

/*
 * Starts the report afresh with this letter and text.  What does not fit is
 * cut.  A text is a whole translated sentence that ends in a newline.
 */
void report_set(struct report *report, char letter, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends to the text. */
void report_add(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Appends a line that stands on its own, even where the text before was cut
 * in the middle of one.
 */
void report_add_line(struct report *report, const char *line);

/*
 * Appends "Remote host said: " and the text of a reply as it is (as in
 * stock the code follows directly); nothing where there is no text.  A
 * line that the server has not ended is, but for one that was cut.
 */
void report_add_remote(struct report *report, const char *text, size_t length);

/* Puts a report as it is sent, and returns its size. */
size_t report_encode(const struct report *report, char bytes[REPORT_SIZE_MAX]);

/*
 * Sends encoded reports, of which the last is the message report, and ends
 * the process with status 0: also, as in stock, when standard output cannot
 * be written.  qmail-rspawn then keeps the message.
 */
_Noreturn void report_send(const char *bytes, size_t size);

/* Sends a message report alone and ends the process with status 0. */
_Noreturn void report_end(const struct report *report);

/* Makes a message report of a failure: Z, or D for a permanent one. */
void report_take(struct report *report, const struct failure *failure);

/* Sends that report alone and ends the process with status 0. */
_Noreturn void report_failure(const struct failure *failure);

/* Reports stock's "Out of memory" and ends the process with status 0. */
_Noreturn void report_out_of_memory(void);

/*
 * Copies text for use in a report: bytes below 33 and above 126 become '?',
 * as stock shows host names.  Returns copy, which has size bytes; a text
 * that does not fit is cut.
 */
const char *report_safe(char *copy, size_t size, const char *text);

/* The same, but blanks stay. */
const char *report_readable(char *copy, size_t size, const char *text);

#endif
