/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "deadline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

START_TEST(unlimited)
{
	static const unsigned long seconds[] = {0, ULONG_MAX, ULONG_MAX / 2};
	struct deadline never = deadline_in(seconds[_i]);
	struct deadline soon = deadline_in_ms(0);

	/* With 32 bits there is no such number of seconds. */
	if (seconds[_i] == 0 || seconds[_i] > UINT32_MAX)
		ck_assert_int_eq(never.at, INT64_MAX);
	ck_assert(!deadline_passed(never));
	ck_assert(deadline_passed(soon));
	ck_assert_int_eq(deadline_earlier(never, soon).at, soon.at);
	ck_assert_int_eq(deadline_earlier(soon, never).at, soon.at);
}
END_TEST

START_TEST(seconds)
{
	int64_t before = unit_now();
	struct deadline deadline = deadline_in(INT_MAX);

	ck_assert_int_ge(deadline.at, before + INT_MAX * 1000LL);
	ck_assert_int_le(deadline.at, unit_now() + INT_MAX * 1000LL);
	ck_assert(!deadline_passed(deadline));
}
END_TEST

START_TEST(ready)
{
	struct pollfd descriptors[2] = {{.events = POLLIN}, {.events = POLLIN}};
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	descriptors[0].fd = ends[0];
	descriptors[1].fd = -1;
	ck_assert_int_eq(deadline_poll(descriptors, 2, deadline_in_ms(0)), 0);
	ck_assert_int_eq(write(ends[1], "x", 1), 1);
	/* Even when the time is over. */
	ck_assert_int_eq(deadline_poll(descriptors, 2, deadline_in_ms(0)), 1);
	ck_assert_int_eq(deadline_poll(descriptors, 2, deadline_in(0)), 1);
	ck_assert_int_eq(descriptors[0].revents, POLLIN);
}
END_TEST

static void ignore(int number)
{
	(void)number;
}

/* Signals neither shorten nor lengthen the time. */
START_TEST(interrupted)
{
	struct sigaction action = {.sa_handler = ignore};
	struct itimerval timer = {{0, 5000}, {0, 5000}};
	int64_t start = unit_now();

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	ck_assert_int_eq(deadline_poll(NULL, 0, deadline_in_ms(100)), 0);
	ck_assert_int_ge(unit_now() - start, 99);
}
END_TEST

START_TEST(failing)
{
	struct pollfd *nowhere = (struct pollfd *)(uintptr_t)8;

	ck_assert_int_eq(deadline_poll(nowhere, 1, deadline_in(1)), -1);
	ck_assert_int_eq(errno, EFAULT);
}
END_TEST

SUITE("deadline")
{
	tcase_add_loop_test(tcase, unlimited, 0, 3);
	tcase_add_test(tcase, seconds);
	tcase_add_test(tcase, ready);
	tcase_add_test(tcase, interrupted);
	tcase_add_test(tcase, failing);
}
