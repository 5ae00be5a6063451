/* SPDX-License-Identifier: ISC */
/* Measuring several commands in turn, and what comes of it. */
#ifndef BENCH_SERIES_H
#define BENCH_SERIES_H

#include <stddef.h>

#include "bench-tree.h"

enum { SERIES_MAX = 200 };

enum series_quantity {
	SERIES_CPU,	   /* milliseconds of CPU for one run */
	SERIES_WALL,	   /* milliseconds for one run */
	SERIES_RATE,	   /* runs a second */
	SERIES_THROUGHPUT, /* MiB a second */
};

struct series {
	size_t count;
	double values[SERIES_MAX];
};

struct trial {
	const struct tree_command *command;
	double bytes; /* for the throughput */
	struct series series;
};

/*
 * Runs all commands in their order, again and again: what disturbs the
 * machine then disturbs all of them.  A first round does not count.
 */
void series_take(struct trial *trials, size_t count,
    enum series_quantity quantity, unsigned rounds);

void series_add(struct series *series, double value);

/* NAN for an empty series. */
double series_median(const struct series *series);

/* The median of the ratios of each round; NAN when there is none. */
double series_ratio(const struct series *series, const struct series *to);

#endif
