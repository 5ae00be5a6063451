/* SPDX-License-Identifier: ISC */
/*
 * The process between a test and the program it runs: it inherits whatever
 * the program leaves behind, and tells the test.
 */
#ifndef DELIVER_MONITOR_H
#define DELIVER_MONITOR_H

#include "deliver.h"

struct deliver_plan {
	const struct delivery *delivery;
	const char *program;
	char **arguments; /* the program's name first */
	char **environment;
	const char *directory; /* in which it runs */
	int input;	       /* its descriptor 0, or -1 */
	int output;	       /* its descriptors 1 and 2, or -1 */
};

/*
 * Runs the program and fills in what outcome says about processes.  To be
 * called in a process that has no other children.
 */
void deliver_monitor(const struct deliver_plan *plan, struct outcome *outcome);

#endif
