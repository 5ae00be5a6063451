/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "failure.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"
#include "xalloc.h"

static struct failure make(int rank, bool unmet, const char *text)
{
	struct failure failure = {
	    .rank = (enum failure_rank)rank, .unmet = unmet};

	failure.text = xstrdup(text);
	return failure;
}

/* Each pair of failures: the more telling one, else an unmet demand, else the
   last. */
START_TEST(pairs)
{
	for (int i = 0; i < 100; i++) {
		int old_rank = i % 5, new_rank = i / 5 % 5;
		bool old_unmet = i / 25 % 2, new_unmet = i / 50;
		struct failure kept = make(old_rank, old_unmet, "old");
		struct failure latest = make(new_rank, new_unmet, "new");
		bool stays = old_rank > new_rank ||
			     (old_rank == new_rank && old_unmet && !new_unmet);

		failure_keep(&kept, &latest);
		ck_assert_str_eq(kept.text, stays ? "old" : "new");
		ck_assert_int_eq(kept.rank, stays ? old_rank : new_rank);
		ck_assert_int_eq(kept.unmet, stays ? old_unmet : new_unmet);
	}
}
END_TEST

START_TEST(texts)
{
	struct failure failure;

	failure_set(&failure, FAILURE_PERMANENT, "%s is wrong.\n", "It");
	ck_assert_int_eq(failure.class, FAILURE_PERMANENT);
	ck_assert_int_eq(failure.rank, FAILURE_NONE);
	failure_add(&failure, "%d.\n", 1);
	failure_add_remote(&failure, "", 0);
	failure_add_remote(&failure, "550 no", 6);
	ck_assert_str_eq(
	    failure.text, "It is wrong.\n1.\nRemote host said: 550 no\n");
	failure_set(&failure, FAILURE_TEMPORARY, "New.\n");
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_str_eq(failure.text, "New.\n");
}
END_TEST

SUITE("failure")
{
	tcase_add_test(tcase, pairs);
	tcase_add_test(tcase, texts);
}
