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

/*
 * Lets each call of the table that a delivery makes fail in each of these
 * ways, and prints figures.  sample as in pool.h.  Returns the number of
 * deliveries that did not end as they have to.
 */
size_t calls_run(const struct rig_kind *kind, const struct calls_row *rows,
    size_t count, size_t sample);

/* False where there is no library to preload. */
bool calls_possible(void);

#endif
