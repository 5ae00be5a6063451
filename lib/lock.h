/* SPDX-License-Identifier: ISC */
/* Waiting for a flock(2) lock, the kind that stock qmail uses, within bounds.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>

#include "deadline.h"

enum { LOCK_WAIT_MS = 1000 };

/*
 * Takes the exclusive lock on descriptor; closing it gives the lock back.
 * Returns false when another process keeps it for LOCK_WAIT_MS.
 */
bool lock_take(int descriptor);

/*
 * The same with the result of an open(2) for it: returns the descriptor, or,
 * with that closed, -1.
 */
int lock_or_close(int descriptor);

/* As lock_take, for as long as the deadline has not passed; tries at least
 * once. */
bool lock_take_until(int descriptor, struct deadline deadline);

#endif
