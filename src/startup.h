/* SPDX-License-Identifier: ISC */
/* What the programs do before anything else. */
#ifndef STARTUP_H
#define STARTUP_H

#include <stdbool.h>

#include "failure.h"

/*
 * Secures the standard descriptors before anything can use them, keeps the
 * memory to this process, cleans the environment, takes the user's language,
 * and answers as process_answer does.  *input_closed tells whether there was no
 * message at all.  Returns false with the failure.
 */
bool process_start(int count, char **arguments, const char *usage,
    bool *input_closed, struct failure *failure);

/*
 * Prints what --help (usage is translated here) or --version asks for, and
 * exits, where that is the only argument.
 */
void process_answer(int count, char **arguments, const char *usage);

/*
 * From here on a write that fails is no signal, in the programs that this one
 * becomes, too, and a crash is a report: some libraries do not survive that
 * memory is short.  For programs that report nothing before their end.
 */
void process_survive(void);

/* A signal that is a crash calls this handler, which does not return. */
void process_crash_by(void (*handler)(int number));

#endif
