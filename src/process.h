/* SPDX-License-Identifier: ISC */
/* What both programs do before anything else. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

#include "report.h"

/*
 * Secures the standard descriptors, takes the user's language, answers
 * --help (usage is translated here) and --version where one of them is the
 * only argument, and ignores the signals of failed writes.  Returns false
 * with a report.  *input_closed tells whether there was no message at all.
 */
bool process_start(int count, char **arguments, const char *usage,
    bool *input_closed, struct report *report);

/*
 * From here on a crash is a report as well: some libraries do not survive
 * that memory is short.  For programs that report nothing before their end.
 */
void process_survive(void);

#endif
