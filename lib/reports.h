/* SPDX-License-Identifier: ISC */
/*
 * The reports of recipients, kept until there is a message report to go with
 * them.  All of them are sent at once: to qmail-rspawn, half of an answer is
 * an answer, and a message of which only the recipients are known bounces.
 */
#ifndef REPORTS_H
#define REPORTS_H

#include <stddef.h>

#include "report.h"

/* Starts as zeroes. */
struct reports {
	char *bytes; /* those of reports_end fit behind */
	size_t size, room;
};

/* Without memory the process ends with that report, and no other. */
void reports_add(struct reports *reports, const struct report *report);

/* Sends all with the message report and ends the process; allocates nothing. */
_Noreturn void reports_end(
    struct reports *reports, const struct report *message);

#endif
