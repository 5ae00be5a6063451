/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"

/* No test is expected to take that long, on whatever machine; Check knows
   CK_TIMEOUT_MULTIPLIER. */
enum { SECONDS = 600 };

int suite_run(const char *name, void (*fill)(TCase *tcase))
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, SECONDS);
	fill(tcase);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int suite_run_on_loopback(const char *name, void (*fill)(TCase *tcase))
{
	if (peer_has_ipv4())
		return suite_run(name, fill);
	puts("1..0 # SKIP there is no 127.0.0.1");
	return EXIT_SUCCESS;
}

void suite_at_once(size_t count, void (*run)(size_t number))
{
	pid_t *children = calloc(count, sizeof *children);
	int status;

	ck_assert_ptr_nonnull(children);
	for (size_t i = 0; i < count; i++) {
		children[i] = fork();
		ck_assert_int_ne(children[i], -1);
		if (children[i] == 0) {
			run(i);
			_exit(0);
		}
	}
	/* Servers of the test are its children as well. */
	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
	free(children);
}
