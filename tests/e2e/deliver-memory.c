/* SPDX-License-Identifier: ISC */
/*
 * One allocation after the other fails: the programs never crash, say one
 * whole report, and never claim what is not so.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define FOREIGN                                                                \
	"b\xc3\xbc"                                                            \
	"cher.example"
#define SHIM "tests/e2e/fail-malloc.so"

enum { ALLOCATIONS_MAX = 5000 };

static const struct peer_script scripts[] = {
    {.capabilities = "PIPELINING\nSIZE\n8BITMIME\nSMTPUTF8"},
    {.overrides = {{PEER_DOT, .bytes = "451 not now\r\n"}}},
    {.overrides = {{PEER_RCPT, .bytes = "450 not you\r\n"}}},
};

/* Delivers once.  Returns false when there was no allocation of this number. */
static bool deliver_without(
    struct scene *scene, const char *program, unsigned number)
{
	static const char *const recipients[] = {
	    "b@" FOREIGN, "c d@example.org", NULL};
	char path[HOME_PATH], shim[HOME_PATH + 16], in[64], count[64];
	char mark[HOME_PATH + 32];
	const char *environment[] = {shim, in, count, mark, NULL};
	char *library = realpath(SHIM, NULL);
	bool failed;

	snprintf(
	    shim, sizeof shim, "LD_PRELOAD=%s", library != NULL ? library : "");
	snprintf(in, sizeof in, "FAIL_MALLOC_IN=%s", program);
	snprintf(count, sizeof count, "FAIL_MALLOC=%u", number);
	/* So that routes have to be compiled as well. */
	unlink(
	    home_path(&scene->home, "run/qmail-remote/smtproutes.cdb", path));
	home_path(&scene->home, "mark", path);
	snprintf(mark, sizeof mark, "FAIL_MALLOC_MARK=%s", path);
	clear_deliver(scene, &(struct delivery){.host = FOREIGN,
				 .recipients = recipients,
				 .environment = environment});
	failed = access(path, F_OK) == 0;
	unlink(path);
	free(library);
	return failed;
}

static void expect_truth(
    const struct scene *scene, const char *program, unsigned number)
{
	const struct outcome *outcome = &scene->outcome;

	ck_assert_msg(outcome_well_formed(outcome),
	    "%s, allocation %u: status %#x, \"%s\"", program, number,
	    outcome->status, outcome->letters);
}

/* As qmail-send sees it: never a bounce, and no success without the peer. */
static void expect_verdict(const struct scene *scene, bool accepts)
{
	struct bytes result;

	outcome_rspawn(&scene->outcome, &result);
	ck_assert_msg(*result.data == 'Z' || (*result.data == 'K' && accepts),
	    "\"%s\"", result.data);
	bytes_free(&result);
}

START_TEST(one_allocation_fails)
{
	static const char *const programs[] = {
	    "qmail-remote", "qmail-remote-io"};
	const char *program = programs[_i % 2];
	size_t accepted = 0;
	struct scene scene = {0};
	unsigned number = 1;

	clear_start(&scene, &scripts[_i / 2]);
	home_control(&scene.home, "ipme", "192.0.2.1\n");
	while (deliver_without(&scene, program, number)) {
		expect_truth(&scene, program, number);
		expect_verdict(&scene, _i / 2 == 0);
		accepted += outcome_verdict(&scene.outcome) == 'K';
		ck_assert_uint_lt(number, ALLOCATIONS_MAX);
		number++;
	}
	printf("# %s: %u allocations\n", program, number - 1);
	scene_stop(&scene);
	ck_assert_uint_le(accepted, scene_messages(&scene));
	scene_free(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deliver-memory");
	TCase *tcase = tcase_create("memory");

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, one_allocation_fails, 0, 2 * COUNT(scripts));
	return suite_run(suite);
}
