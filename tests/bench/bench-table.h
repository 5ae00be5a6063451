/* SPDX-License-Identifier: ISC */
/* How figures are shown. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stdbool.h>

#include "bench-series.h"

enum table_target {
	TABLE_NO_TARGET,
	TABLE_AT_MOST,	     /* the figure itself */
	TABLE_TIMES_FLOOR,   /* at most so many times the floor */
	TABLE_SHARE_OF_FLOOR /* at least that share of the floor */
};

struct table_row {
	const char *label;
	const struct series *values, *old; /* old: NULL without --vs */
	const struct series *floor;	   /* or NULL */
	enum table_target target;
	double limit;
};

/* A title with the unit, and what the columns are. */
void table_begin(const char *title, const char *floor, bool versus);

void table_row(const struct table_row *row);

/* A remark below. */
void table_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
