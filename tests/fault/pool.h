/* SPDX-License-Identifier: ISC */
/*
 * Thousands of cases in a few processes.  All cases run if the environment
 * has FAULT_FULL, otherwise a sample of them.
 */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

struct pool {
	const char *name;
	size_t count;	    /* cases */
	size_t sample;	    /* how many of them make a sample, about */
	unsigned processes; /* at a time */
	const void *context;
	/* What a process needs for all of its cases; called in it. */
	void *(*begin)(const void *context);
	void (*end)(void *worker);
	/*
	 * Runs one.  Returns NULL or what is wrong, to be freed by the
	 * caller.
	 */
	char *(*run)(void *worker, size_t number);
};

/*
 * Runs them and prints how many there were and what was wrong.  Returns the
 * number of cases in which something was.
 */
size_t pool_run(const struct pool *pool);

#endif
