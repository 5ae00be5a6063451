/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/failure.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static struct failure make(int rank, bool untrusted, const char *text)
{
	struct failure failure = {
	    .rank = (enum failure_rank)rank, .untrusted = untrusted};

	report_set(&failure.report, 'Z', "%s", text);
	return failure;
}

/* Each pair of failures: the more telling one, else required TLS, else the
   last. */
START_TEST(pairs)
{
	for (int i = 0; i < 100; i++) {
		int old_rank = i % 5, new_rank = i / 5 % 5;
		bool old_tls = i / 25 % 2, new_tls = i / 50;
		struct failure kept = make(old_rank, old_tls, "old");
		struct failure latest = make(new_rank, new_tls, "new");
		bool stays = old_rank > new_rank ||
			     (old_rank == new_rank && old_tls && !new_tls);

		failure_keep(&kept, &latest);
		ck_assert_str_eq(kept.report.text, stays ? "old" : "new");
		ck_assert_int_eq(kept.rank, stays ? old_rank : new_rank);
		ck_assert_int_eq(kept.untrusted, stays ? old_tls : new_tls);
	}
}
END_TEST

START_TEST(reports)
{
	static const char unconnected[] =
	    "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n";
	struct failure failures[4];
	static const struct {
		enum failure_rank rank;
		const char *text;
	} expected[] = {{FAILURE_TIMED_OUT, unconnected},
	    {FAILURE_REFUSED, unconnected},
	    {FAILURE_DIED,
		"Connected to 2001:db8::1 but connection died. (#4.4.2)\n"},
	    {FAILURE_ANSWERED, "Connected to 192.0.2.1 but "}};

	memset(failures, 0xff, sizeof failures);
	failure_set_unconnected(&failures[0], true);
	failure_set_unconnected(&failures[1], false);
	failure_set_died(&failures[2], "2001:db8::1");
	failure_set_out_of_step(&failures[3], "192.0.2.1");
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(failures[i].rank, expected[i].rank);
		ck_assert(!failures[i].untrusted);
		ck_assert_int_eq(failures[i].report.letter, 'Z');
		ck_assert_ptr_eq(
		    strstr(failures[i].report.text, expected[i].text),
		    failures[i].report.text);
		ck_assert(i == 3 || strlen(expected[i].text) ==
					failures[i].report.length);
	}
}
END_TEST

SUITE("failure")
{
	tcase_add_test(tcase, pairs);
	tcase_add_test(tcase, reports);
}
