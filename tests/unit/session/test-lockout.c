/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/lockout.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "home.h"
#include "lock.h"
#include "suite.h"
#include "unit.h"

#define DIRECTORY "run/qmail-remote"
#define FILE_NAME DIRECTORY "/" LOCKOUT_FILE

static const struct lockout_account account = {
    "mail.example.net", 587, "me", "hunter2"};

/* The test's own clock, for all that asks for the time. */
static time_t clock_now = 1700000000;
time_t time(time_t *result)
{
	if (result != NULL)
		*result = clock_now;
	return clock_now;
}

static struct bytes read_memory(void)
{
	struct bytes bytes = {0};
	char chunk[4096];
	FILE *file = fopen(FILE_NAME, "r");
	size_t size;

	ck_assert_ptr_nonnull(file);
	while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
		bytes_add(&bytes, chunk, size);
	fclose(file);
	return bytes;
}

static void write_memory(const void *bytes, size_t size)
{
	FILE *file = fopen(FILE_NAME, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
	ck_assert_int_eq(fclose(file), 0);
}

static void start(struct home *home)
{
	clock_now = 1700000000;
	unit_enter_home(home);
	ck_assert(!lockout_holds(DIRECTORY, &account));
	/* Looking leaves nothing behind. */
	ck_assert_int_ne(access(FILE_NAME, F_OK), 0);
}

static const struct lockout_account others[] = {
    {"mail.example.org", 587, "me", "hunter2"},
    {"mail.example.net", 465, "me", "hunter2"},
    {"mail.example.net", 587, "you", "hunter2"},
    {"mail.example.net", 587, "me", "hunter3"},
    {"mail.example.net", 587, "me", ""},
    {"mail.example.net", 587, "", "mehunter2"},
    {"mail.example.netme", 587, "", "hunter2"},
};

START_TEST(same_account_only)
{
	struct home home;

	start(&home);
	lockout_note(DIRECTORY, &account);
	ck_assert(lockout_holds(DIRECTORY, &account));
	for (int i = 0; i < COUNT(others); i++)
		ck_assert(!lockout_holds(DIRECTORY, &others[i]));
	for (int i = 0; i < COUNT(others); i++) {
		lockout_note(DIRECTORY, &others[i]);
		ck_assert(lockout_holds(DIRECTORY, &others[i]));
	}
	ck_assert(lockout_holds(DIRECTORY, &account));
	home_remove(&home);
}
END_TEST

/* Seconds that pass; a clock that went far back is not believed. */
static const struct passing {
	int seconds;
	bool holds;
} passings[] = {
    {0, true},
    {1, true},
    {299, true},
    {300, false},
    {86400, false},
    {-299, true},
    {-300, false},
    {-86400, false},
};

START_TEST(five_minutes)
{
	const struct passing *passing = &passings[_i];
	struct home home;

	start(&home);
	lockout_note(DIRECTORY, &account);
	clock_now += passing->seconds;
	ck_assert_int_eq(lockout_holds(DIRECTORY, &account), passing->holds);
	lockout_note(DIRECTORY, &account);
	clock_now += 299;
	ck_assert(lockout_holds(DIRECTORY, &account));
	home_remove(&home);
}
END_TEST

START_TEST(says_nothing)
{
	struct home home;
	struct bytes bytes, second;
	struct stat status;

	start(&home);
	umask(0);
	lockout_note(DIRECTORY, &account);
	bytes = read_memory();
	ck_assert_ptr_null(memmem(bytes.data, bytes.length, "hunter", 6));
	ck_assert_ptr_null(memmem(bytes.data, bytes.length, "example", 7));
	ck_assert_int_eq(stat(FILE_NAME, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	/* Another file has another key. */
	ck_assert_int_eq(unlink(FILE_NAME), 0);
	lockout_note(DIRECTORY, &account);
	second = read_memory();
	ck_assert_uint_eq(bytes.length, second.length);
	ck_assert_mem_ne(bytes.data, second.data, bytes.length);
	/* One that others could read does not stay so. */
	ck_assert_int_eq(chmod(FILE_NAME, 0644), 0);
	lockout_note(DIRECTORY, &account);
	ck_assert_int_eq(stat(FILE_NAME, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	bytes_free(&bytes);
	bytes_free(&second);
	home_remove(&home);
}
END_TEST

/* Every byte matters, and a file that is damaged is as good as none. */
START_TEST(damage)
{
	struct home home;
	struct bytes bytes;

	start(&home);
	lockout_note(DIRECTORY, &account);
	bytes = read_memory();
	for (size_t i = 0; i < bytes.length; i++) {
		bytes.data[i] ^= 0x10;
		write_memory(bytes.data, bytes.length);
		ck_assert(!lockout_holds(DIRECTORY, &account));
		bytes.data[i] ^= 0x10;
	}
	for (size_t size = 0; size < bytes.length; size += 13) {
		write_memory(bytes.data, size);
		ck_assert(!lockout_holds(DIRECTORY, &account));
	}
	lockout_note(DIRECTORY, &account);
	ck_assert(lockout_holds(DIRECTORY, &account));
	write_memory(bytes.data, bytes.length);
	ck_assert(lockout_holds(DIRECTORY, &account));
	bytes_free(&bytes);
	home_remove(&home);
}
END_TEST

/*
 * A file that cannot be opened, such as one that root has left, must not keep
 * refusals from being noted.
 */
START_TEST(foreign)
{
	struct home home;

	start(&home);
	ck_assert_int_eq(symlink("../elsewhere", FILE_NAME), 0);
	ck_assert(!lockout_holds(DIRECTORY, &account));
	lockout_note(DIRECTORY, &account);
	ck_assert(lockout_holds(DIRECTORY, &account));
	ck_assert_int_ne(access("run/elsewhere", F_OK), 0);
	ck_assert_int_eq(chmod(FILE_NAME, 0), 0);
	lockout_note(DIRECTORY, &account);
	ck_assert(lockout_holds(DIRECTORY, &account));
	home_remove(&home);
}
END_TEST

static void numbered(struct lockout_account *one, char user[16], int number)
{
	snprintf(user, 16, "user%d", number);
	*one = account;
	one->user = user;
}

/* The oldest make room; those of no more use first. */
START_TEST(full)
{
	struct lockout_account one;
	struct home home;
	char user[16];

	start(&home);
	for (int i = 0; i < LOCKOUT_ENTRIES + 10; i++) {
		numbered(&one, user, i);
		lockout_note(DIRECTORY, &one);
		clock_now++;
	}
	for (int i = 0; i < LOCKOUT_ENTRIES + 10; i++) {
		numbered(&one, user, i);
		ck_assert_int_eq(lockout_holds(DIRECTORY, &one), i >= 10);
	}
	home_remove(&home);
}
END_TEST

/* Many at once: what each of them notes is kept. */
START_TEST(concurrency)
{
	enum { WRITERS = 8, NOTES = 10 };
	struct lockout_account one;
	struct home home;
	char user[16];

	start(&home);
	for (int writer = 0; writer < WRITERS; writer++) {
		if (fork() > 0)
			continue;
		for (int i = 0; i < NOTES; i++) {
			numbered(&one, user, writer * NOTES + i);
			lockout_note(DIRECTORY, &one);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		continue;
	for (int i = 0; i < WRITERS * NOTES; i++) {
		numbered(&one, user, i);
		ck_assert(lockout_holds(DIRECTORY, &one));
	}
	home_remove(&home);
}
END_TEST

/* What is there in place of the file. */
START_TEST(unusable)
{
	struct home home;

	start(&home);
	lockout_note("nowhere", &account);
	ck_assert(!lockout_holds("nowhere", &account));
	ck_assert_int_eq((_i == 0 ? mkdir : mkfifo)(FILE_NAME, 0700), 0);
	lockout_note(DIRECTORY, &account);
	ck_assert(!lockout_holds(DIRECTORY, &account));
	home_remove(&home);
}
END_TEST

START_TEST(locked)
{
	struct home home;
	pid_t holder;

	start(&home);
	lockout_note(DIRECTORY, &account);
	holder = unit_hold_lock(FILE_NAME);
	ck_assert(!lockout_holds(DIRECTORY, &account));
	unit_end(holder);
	ck_assert(lockout_holds(DIRECTORY, &account));
	home_remove(&home);
}
END_TEST

SUITE("lockout")
{
	tcase_add_test(tcase, same_account_only);
	tcase_add_loop_test(tcase, five_minutes, 0, COUNT(passings));
	tcase_add_test(tcase, says_nothing);
	tcase_add_test(tcase, damage);
	tcase_add_test(tcase, foreign);
	tcase_add_test(tcase, full);
	tcase_add_test(tcase, concurrency);
	tcase_add_loop_test(tcase, unusable, 0, 2);
	tcase_add_test(tcase, locked);
}
