/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "lock.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

static int open_lock(void)
{
	int descriptor = open("lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(descriptor, 0);
	return descriptor;
}

START_TEST(busy)
{
	int descriptor = open_lock();
	pid_t holder = unit_hold_lock("lock");
	int64_t start = unit_now();

	ck_assert(!lock_take(descriptor));
	ck_assert_int_ge(unit_now() - start, LOCK_WAIT_MS - 1);
	unit_end(holder);
	ck_assert(lock_take(descriptor));
}
END_TEST

/* Given back in time by its holder. */
START_TEST(released)
{
	int descriptor = open_lock();
	pid_t holder = unit_hold_lock("lock");
	pid_t killer = fork();

	if (killer == 0) {
		usleep(100000);
		kill(holder, SIGKILL);
		_exit(0);
	}
	ck_assert(lock_take(descriptor));
	unit_end(holder);
	unit_end(killer);
}
END_TEST

START_TEST(exclusive)
{
	int first = open_lock(), second = open_lock();

	ck_assert(lock_take(first));
	ck_assert(lock_take(first));
	ck_assert(!lock_take(second));
	close(first);
	ck_assert(lock_take(second));
	ck_assert(!lock_take(-1));
}
END_TEST

/* A deadline that has passed is a single try. */
START_TEST(once)
{
	int descriptor = open_lock();
	pid_t holder = unit_hold_lock("lock");

	ck_assert(!lock_take_until(descriptor, deadline_in_ms(0)));
	unit_end(holder);
	ck_assert(lock_take_until(descriptor, deadline_in_ms(0)));
}
END_TEST

SUITE("lock")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, busy);
	tcase_add_test(tcase, released);
	tcase_add_test(tcase, exclusive);
	tcase_add_test(tcase, once);
}
