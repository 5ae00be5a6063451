/* SPDX-License-Identifier: ISC */
/* What the unit tests have in common. */
#ifndef UNIT_H
#define UNIT_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "bytes.h"
#include "home.h"

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

/* A status that no function under test ends with. */
enum { UNIT_RETURNED = 99 };

/*
 * Runs a function in a child whose standard output is a pipe, and gives what
 * it wrote.  Returns its exit status, UNIT_RETURNED when the function came
 * back, -1 after a signal.
 */
int unit_run(
    void (*run)(const void *), const void *argument, struct bytes *output);

/* Numbers below limit that look random, and are the same in each run. */
unsigned unit_random(uint64_t *state, unsigned limit);

/* Makes a home, and goes there. */
void unit_enter_home(struct home *home);

/* A process that holds flock(2) on a file, which is made, until the end. */
pid_t unit_hold_lock(const char *file);
void unit_end(pid_t child);

/*
 * Writes a cdb to a file of the home, with one of its 256 hash tables said to
 * be where no file is, and that modification time.
 */
enum { UNIT_TABLES = 256 };
void unit_spoil_table(const struct home *home, const char *file,
    const struct bytes *cdb, size_t table, struct timespec mtime);

/*
 * How many page faults the lookup costs at best, of several times: a measure of
 * what it touches that does not depend on speed.
 */
long unit_count_faults(void (*lookup)(const void *), const void *argument);

/* Milliseconds of the monotonic clock. */
int64_t unit_now(void);

#endif
