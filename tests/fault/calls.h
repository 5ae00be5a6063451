/* SPDX-License-Identifier: ISC */
/* Deliveries in each of which one call of one program fails. */
#ifndef CALLS_H
#define CALLS_H

#include <stddef.h>

#include "fault.h"
#include "rig.h"

enum { CALLS_ERRORS = 8 };

struct calls_row {
	enum fault_call call;
	int errors[CALLS_ERRORS]; /* up to the first 0 */
};

/* Which calls fail in which deliveries. */
struct calls_matrix {
	const char *name;
	const struct calls_row *rows;
	size_t row_count;
	const struct rig_kind *kinds;
	size_t kind_count;
	size_t sample; /* as in pool.h */
};

/*
 * The main of a test that lets each of these calls that a delivery makes fail
 * in each of its ways, and prints figures.  Each delivery has to end as rig.h
 * says.  Where there is no library to preload nothing is done.
 */
int calls_main(const struct calls_matrix *matrix);

#endif
