/* SPDX-License-Identifier: ISC */
/* A run directory that is unfit, and a database that somebody has damaged. */
#include "config.h"

#include "cdbcache.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"
#include "words.h"

static void no_directory(void)
{
	ck_assert_int_eq(rmdir(RUN), 0);
}

static void file_for_directory(void)
{
	no_directory();
	home_write(words_home(), RUN, "", 0);
}

static void read_only_directory(void)
{
	ck_assert_int_eq(chmod(RUN, 0500), 0);
}

static void directory_for_lock(void)
{
	ck_assert_int_eq(mkdir(FILE_LOCK, 0700), 0);
}

static void link_for_lock(void)
{
	ck_assert_int_eq(symlink("/nonexistent/lock", FILE_LOCK), 0);
}

static void directory_for_temporary(void)
{
	ck_assert_int_eq(mkdir(FILE_CDB ".tmp", 0700), 0);
}

static void directory_for_cdb(void)
{
	ck_assert_int_eq(mkdir(FILE_CDB, 0700), 0);
}

static void fifo_for_cdb(void)
{
	ck_assert_int_eq(mkfifo(FILE_CDB, 0600), 0);
}

static void link_for_cdb(void)
{
	ck_assert_int_eq(symlink("/dev/zero", FILE_CDB), 0);
}

static void stale_temporary(void)
{
	home_write(words_home(), FILE_CDB ".tmp", "rubbish", 7);
}

/* A run directory that cannot be used costs speed only. */
START_TEST(unusable)
{
	static void (*const spoil[])(void) = {no_directory, file_for_directory,
	    read_only_directory, directory_for_lock, link_for_lock,
	    directory_for_temporary, directory_for_cdb, fifo_for_cdb,
	    link_for_cdb, stale_temporary};

	words_write("a 1\n");
	spoil[_i]();
	ck_assert_str_eq(words_values("a"), "1");
	words_write("a 2\n");
	ck_assert_str_eq(words_values("a"), "2");
}
END_TEST

static void closed_lock(void)
{
	home_write(words_home(), FILE_LOCK, "", 0);
	ck_assert_int_eq(chmod(FILE_LOCK, 0), 0);
}

static void closed_database(void)
{
	home_write(words_home(), FILE_CDB, "", 0);
	ck_assert_int_eq(chmod(FILE_CDB, 0), 0);
}

static void files_of_another(void)
{
	closed_lock();
	closed_database();
	home_write(words_home(), FILE_CDB ".tmp", "rubbish", 7);
	if (geteuid() == 0)
		words_become_nobody();
}

/* What can be replaced is: the cache works again at once. */
START_TEST(replaced)
{
	static void (*const leave[])(void) = {link_for_lock, link_for_cdb,
	    fifo_for_cdb, stale_temporary, closed_lock, closed_database,
	    files_of_another};

	words_write("a 1\n");
	leave[_i]();
	ck_assert_str_eq(words_values("a"), "1");
	ck_assert_str_eq(words_values("a"), "1");
	ck_assert_int_eq(words_compilations(), 1);
}
END_TEST

/* Several find such a lock at once: one makes the new one, all use it. */
START_TEST(replaced_at_once)
{
	enum { PROCESSES = 4 };
	pid_t children[PROCESSES];

	words_write("a 1\n");
	link_for_lock();
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(strcmp(words_values("a"), "1") == 0 ? 0 : 1);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_str_eq(words_values("a"), "1");
	ck_assert_int_eq(words_compilations(), 0);
}
END_TEST

#define WORDS "a 1\nb 2\nb 3\nlonger-key longer-value\n"

static void check_words(void)
{
	ck_assert_str_eq(words_values("a"), "1");
	ck_assert_str_eq(words_values("b"), "2 3");
	ck_assert_str_eq(words_values("longer-key"), "longer-value");
	ck_assert_str_eq(words_values("c"), "");
}

static void make_database(struct bytes *database)
{
	words_write(WORDS);
	check_words();
	ck_assert(home_read(words_home(), FILE_CDB, database));
	ck_assert_uint_gt(database->length, 2048);
}

/*
 * One byte after the other is not what it was (test-sealedcdb has all).  The
 * lock cannot be had, so that nobody repairs the database meanwhile.
 */
START_TEST(flipped)
{
	struct bytes database;

	make_database(&database);
	unlink(FILE_LOCK);
	directory_for_lock();
	for (size_t i = 0; i < database.length; i += 7) {
		database.data[i] ^= (char)(1 << i % 8);
		home_write(
		    words_home(), FILE_CDB, database.data, database.length);
		ck_assert_str_eq(words_values("b"), "2 3");
		database.data[i] ^= (char)(1 << i % 8);
	}
}
END_TEST

/* Not even the time shows it. */
START_TEST(flipped_unseen)
{
	struct bytes database;
	struct stat status;

	make_database(&database);
	unlink(FILE_LOCK);
	directory_for_lock();
	ck_assert_int_eq(stat(FILE_CDB, &status), 0);
	for (size_t i = 0; i < 8 * database.length; i += 61) {
		struct timespec times[2] = {status.st_mtim, status.st_mtim};

		database.data[i / 8] ^= (char)(1 << i % 8);
		home_write(
		    words_home(), FILE_CDB, database.data, database.length);
		ck_assert_int_eq(utimensat(AT_FDCWD, FILE_CDB, times, 0), 0);
		ck_assert_str_eq(words_values("b"), "2 3");
		ck_assert_str_eq(words_values("c"), "");
		database.data[i / 8] ^= (char)(1 << i % 8);
	}
}
END_TEST

/* Cut short, as long as garbage, or nothing at all: found out, and mended. */
START_TEST(damaged)
{
	static const size_t sizes[] = {
	    0, 1, 4, 100, 2047, 2048, 2049, 2056, 2100, 2200, 9999};
	struct bytes database, garbage = {0};
	size_t size = sizes[_i];
	uint64_t random = 1;

	make_database(&database);
	for (size_t i = 0; i < size; i++) {
		char byte = (char)unit_random(&random, 256);

		bytes_add(&garbage, &byte, 1);
	}
	for (int kind = 0; kind < 2; kind++) {
		bool cut = kind == 0;
		int before;

		if (cut && size >= database.length)
			continue;
		home_write(words_home(), FILE_CDB,
		    cut ? database.data : garbage.data, size);
		check_words();
		before = words_compilations();
		check_words();
		ck_assert_int_eq(words_compilations(), before);
	}
}
END_TEST

SUITE("cdbcache-damage")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, words_enter, NULL);
	tcase_add_loop_test(tcase, unusable, 0, 10);
	tcase_add_loop_test(tcase, replaced, 0, 7);
	tcase_add_test(tcase, replaced_at_once);
	tcase_add_test(tcase, flipped);
	tcase_add_test(tcase, flipped_unseen);
	tcase_add_loop_test(tcase, damaged, 0, 11);
}
