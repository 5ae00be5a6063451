/* SPDX-License-Identifier: ISC */
/*
 * Runs programs and accounts for all processes that come of them, those that
 * outlive their parents included.  What fails ends the process with a message.
 */
#ifndef BENCH_TREE_H
#define BENCH_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct tree_command {
	/* Both end in NULL; the path of the program is the first argument. */
	const char *const *arguments;
	const char *const *environment;
	const char *input; /* the file on descriptor 0; NULL: none */
	bool delivers;	   /* what it reports last has to be a K */
	unsigned count;	   /* how often it is run; 0: once */
	unsigned at_once;  /* how many at the same time; 0: one */
};

/* Of all runs together, in microseconds. */
struct tree_usage {
	int64_t elapsed; /* from the first start to the last end */
	int64_t cpu;	 /* user and system, of all processes */
};

void tree_run(const struct tree_command *command, struct tree_usage *usage);

enum tree_memory {
	TREE_RESIDENT, /* the most that each process has had, summed up */
	TREE_PRIVATE,  /* what no other process shares, at this moment */
};

/*
 * Runs a command that comes to a halt, by itself or because its peer does,
 * and returns what its processes then have in KiB.  They are killed.
 */
long tree_memory(const struct tree_command *command, enum tree_memory kind);

#endif
