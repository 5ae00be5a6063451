/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/pace.h"

#include <limits.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* Takes rate octets a second for so many seconds; how many looks it lasts. */
static int last(struct pace *pace, uint64_t *taken, uint64_t rate, int seconds)
{
	int looks = (int)((int64_t)seconds * 1000 / pace->step);
	uint64_t before = *taken;

	for (int i = 1; i <= looks; i++) {
		*taken = before + rate * pace->step * (uint64_t)i / 1000;
		if (!pace_look(pace, *taken))
			return i;
	}
	return looks + 1;
}

static const unsigned long stretches[] = {1, 2, 60, 1200, 86400};

/* Of 100 octets a second: 50 are given up after a stretch, 200 never are. */
START_TEST(rates)
{
	static const struct {
		uint64_t rate;
		bool slow;
	} forms[] = {{0, true}, {1, true}, {50, true}, {90, true}, {110, false},
	    {200, false}, {1000000, false}};
	unsigned long stretch = stretches[_i];

	for (int i = 0; i < COUNT(forms); i++) {
		struct pace pace;
		uint64_t taken = 12345;
		int looks;

		pace_start(&pace, 100, stretch, taken);
		looks = last(&pace, &taken, forms[i].rate, 10 * (int)stretch);
		if (forms[i].slow)
			ck_assert_int_eq(looks, PACE_STEPS);
		else
			ck_assert_int_gt(looks, 9 * PACE_STEPS);
	}
}
END_TEST

/* What was taken before a stretch is no credit for it. */
START_TEST(any_stretch)
{
	unsigned long stretch = stretches[_i];
	struct pace pace;
	uint64_t taken = 0;

	pace_start(&pace, 100, stretch, taken);
	ck_assert_int_gt(
	    last(&pace, &taken, 1 << 20, 3 * (int)stretch), 2 * PACE_STEPS);
	ck_assert_int_eq(last(&pace, &taken, 50, 3 * (int)stretch), PACE_STEPS);
}
END_TEST

/* It may pause, for nearly a stretch, if it takes enough before or after. */
START_TEST(pauses)
{
	struct pace pace;
	uint64_t taken = 0;

	pace_start(&pace, 100, 1600, taken);
	for (int look = 0; look < 1000; look++) {
		if (look % PACE_STEPS == 5)
			taken += 160000;
		ck_assert(pace_look(&pace, taken));
	}
}
END_TEST

/* No limit, or one that never comes. */
START_TEST(unlimited)
{
	static const unsigned long forms[][2] = {{0, 1200}, {100, 0}, {0, 0},
	    {100, ULONG_MAX}, {ULONG_MAX, ULONG_MAX}};
	struct pace pace;

	pace_start(&pace, forms[_i][0], forms[_i][1], 7);
	ck_assert(!deadline_passed(pace.next));
	ck_assert_int_eq(pace.next.at, deadline_in(0).at);
	for (int i = 0; i < 3 * PACE_STEPS; i++)
		ck_assert(pace_keep(&pace, 7));
}
END_TEST

/* A product that is too large is the largest. */
START_TEST(largest)
{
	struct pace pace;

	pace_start(&pace, ULONG_MAX, 1200, 0);
	ck_assert_uint_eq(pace.least, UINT64_MAX);
}
END_TEST

/* Asked late, however late, it has looked once. */
START_TEST(late)
{
	struct pace pace;

	pace_start(&pace, 100, 1200, 0);
	for (unsigned looks = 1; looks < PACE_STEPS; looks++) {
		pace.next.at = 0;
		ck_assert_uint_eq(pace.looks, looks);
		ck_assert(pace_keep(&pace, 0));
		ck_assert(!deadline_passed(pace.next));
		ck_assert(pace_keep(&pace, 0));
	}
	pace.next.at = 0;
	ck_assert(!pace_keep(&pace, 0));
}
END_TEST

SUITE("pace")
{
	tcase_add_loop_test(tcase, rates, 0, COUNT(stretches));
	tcase_add_loop_test(tcase, any_stretch, 0, COUNT(stretches));
	tcase_add_test(tcase, pauses);
	tcase_add_loop_test(tcase, unlimited, 0, 5);
	tcase_add_test(tcase, largest);
	tcase_add_test(tcase, late);
}
