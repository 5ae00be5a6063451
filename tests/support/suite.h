/* SPDX-License-Identifier: ISC */
/* What every test program's main does. */
#ifndef SUITE_H
#define SUITE_H

#include <stddef.h>

#include <check.h>

/*
 * The main of a test program, which prints TAP for the harness; the body that
 * follows adds its tests to tcase:
 *
 *     SUITE("ip")
 *     {
 *             tcase_add_test(tcase, form);
 *     }
 */
#define SUITE(name) SUITE_MAIN(name, suite_run)

/* The same for tests with servers; where 127.0.0.1 is missing all are skipped.
 */
#define LOOPBACK_SUITE(name) SUITE_MAIN(name, suite_run_on_loopback)

#define SUITE_MAIN(name, run)                   \
	static void suite_fill(TCase *tcase);   \
	int main(void)                          \
	{                                       \
		return run((name), suite_fill); \
	}                                       \
	static void suite_fill(TCase *tcase)

/* Fills a suite and runs it; returns the exit status. */
int suite_run(const char *name, void (*fill)(TCase *tcase));
int suite_run_on_loopback(const char *name, void (*fill)(TCase *tcase));

/*
 * Runs the function for each number below count, each time in a process of
 * its own, all at the same time.  Fails the test unless all come to their
 * end.
 */
void suite_at_once(size_t count, void (*run)(size_t number));

#endif
