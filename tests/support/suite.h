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

#endif
