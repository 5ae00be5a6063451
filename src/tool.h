/* SPDX-License-Identifier: ISC */
/*
 * What the tools for administrators have in common.  People and cron run them:
 * unlike the programs of a delivery they have a standard error, and statuses.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdarg.h>

enum {
	TOOL_USAGE = 64,  /* called in a way that cannot be meant */
	TOOL_FAILED = 111 /* this machine stands in the way */
};

struct tool {
	const char *name;
	const char *usage; /* for --help, marked by N_: its lines, each but the
			      last ended by a newline */
};

/*
 * First of all: sees to it that without memory there is a complaint, and that
 * status; opens what is closed of the standard descriptors, cleans the
 * environment but for what terminals need, takes the user's language, and
 * answers --help and --version where one of them is the only argument.
 */
void tool_start(const struct tool *tool, int count, char **arguments);

/* For arguments that are none: says how it is called, and exits. */
_Noreturn void tool_refuse(const struct tool *tool);

/* The same for one that nothing is expected to be. */
_Noreturn void tool_refuse_argument(
    const struct tool *tool, const char *argument);

/*
 * Becomes the user that deliveries run as, when called by root, so that what
 * is found is what they find, and nothing of root's is left; and goes to the
 * qmail home.  Exits with a complaint when it cannot, or when another user has
 * called it.
 */
void tool_enter(const struct tool *tool);

/* Writes a line to standard error, after the tool's name. */
void tool_complain(const struct tool *tool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes all that was printed, and exits; it fails where that fails. */
_Noreturn void tool_exit(const struct tool *tool, int status);

#endif
