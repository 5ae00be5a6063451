/* SPDX-License-Identifier: ISC */
/* What the programs do before anything else. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

#include "report.h"

/*
 * Takes the user's language, and answers --help (usage is translated here)
 * and --version where one of them is the only argument.
 */
void process_start(int count, char **arguments, const char *usage);

/*
 * Secures the standard descriptors and ignores the signals of failed writes,
 * for the programs that this one becomes, too.  *input_closed tells whether
 * there was no message at all.  Returns false with a report.
 */
bool process_secure(bool *input_closed, struct report *report);

/*
 * From here on a crash is a report as well: some libraries do not survive
 * that memory is short.  For programs that report nothing before their end.
 */
void process_survive(void);

#endif
