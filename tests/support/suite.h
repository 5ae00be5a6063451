/* SPDX-License-Identifier: ISC */
/* What every test program's main does. */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>

/*
 * Runs the suite, printing TAP for the harness, and returns the exit status.
 * Owns the suite.
 */
int suite_run(Suite *suite);

/* The same for tests with servers; where 127.0.0.1 is missing all are skipped.
 */
int suite_run_on_loopback(Suite *suite);

#endif
