/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/trouble.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

START_TEST(texts)
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
	trouble_unconnected(&failures[0], true);
	trouble_unconnected(&failures[1], false);
	trouble_died(&failures[2], "2001:db8::1");
	trouble_out_of_step(&failures[3], "192.0.2.1");
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(failures[i].rank, expected[i].rank);
		ck_assert(!failures[i].unmet);
		ck_assert_int_eq(failures[i].class, FAILURE_TEMPORARY);
		ck_assert_ptr_eq(
		    strstr(failures[i].text, expected[i].text),
		    failures[i].text);
		ck_assert(i == 3 || strlen(expected[i].text) ==
					strlen(failures[i].text));
	}
}
END_TEST

SUITE("trouble")
{
	tcase_add_test(tcase, texts);
}
