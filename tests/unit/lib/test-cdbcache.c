/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "cdbcache.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"
#include "words.h"

START_TEST(lookup)
{
	static const char *const expected[][2] = {{"a", "1"}, {"b", "2 3 2"},
	    {"c", ""}, {"", ""}, {"A", ""}, {"stamp", ""}};

	words_write("b 2\na 1\nb 3\nb 2\n");
	for (int i = 0; i < COUNT(expected); i++)
		ck_assert_str_eq(words_values(expected[i][0]), expected[i][1]);
	ck_assert_int_eq(words_compilations(), 1);
}
END_TEST

static void write_longer(void)
{
	words_write("a 22\n");
}

static void write_same_size(void)
{
	words_write("a 2\n");
}

static void write_older(void)
{
	write_same_size();
	words_set_times(SOURCE, 3600);
}

static void write_keeping_mtime(void)
{
	struct timespec times[2];
	struct stat status;

	ck_assert_int_eq(stat(SOURCE, &status), 0);
	write_same_size();
	times[0] = status.st_atim;
	times[1] = status.st_mtim;
	ck_assert_int_eq(utimensat(AT_FDCWD, SOURCE, times, 0), 0);
}

static void rename_over(void)
{
	struct timespec times[2];
	struct stat status;

	ck_assert_int_eq(stat(SOURCE, &status), 0);
	times[0] = status.st_atim;
	times[1] = status.st_mtim;
	home_write(words_home(), SOURCE ".new", "a 2\n", 4);
	ck_assert_int_eq(utimensat(AT_FDCWD, SOURCE ".new", times, 0), 0);
	ck_assert_int_eq(rename(SOURCE ".new", SOURCE), 0);
}

static void write_in_place(void)
{
	int descriptor = open(SOURCE, O_WRONLY | O_CLOEXEC);

	ck_assert_int_eq(pwrite(descriptor, "2", 1, 2), 1);
	close(descriptor);
}

static void remove_source(void)
{
	ck_assert_int_eq(unlink(SOURCE), 0);
}

static void make_empty(void)
{
	words_write("");
}

/* Whatever stat shows of a change, it is seen at once. */
START_TEST(change)
{
	static const struct {
		void (*change)(void);
		const char *value;
	} changes[] = {{write_longer, "22"}, {write_same_size, "2"},
	    {write_older, "2"}, {write_keeping_mtime, "2"}, {rename_over, "2"},
	    {write_in_place, "2"}, {remove_source, ""}, {make_empty, ""}};

	words_write("a 1\n");
	ck_assert_str_eq(words_values("a"), "1");
	changes[_i].change();
	ck_assert_str_eq(words_values("a"), changes[_i].value);
	ck_assert_str_eq(words_values("a"), changes[_i].value);
	ck_assert_int_eq(words_compilations(), 2);
	words_write("a 1\n");
	ck_assert_str_eq(words_values("a"), "1");
}
END_TEST

/* Many changes of the same size within one second, and within one tick. */
START_TEST(quick_changes)
{
	char text[] = "a 0\n", value[] = "0";

	for (int i = 0; i < 12; i++) {
		value[0] = text[2] = (char)('0' + i % 10);
		if (i % 2)
			words_write(text);
		else
			home_write(words_home(), SOURCE ".new", text, 4);
		if (i % 2 == 0)
			ck_assert_int_eq(rename(SOURCE ".new", SOURCE), 0);
		ck_assert_str_eq(words_values("a"), value);
	}
}
END_TEST

START_TEST(bad_source)
{
	struct cdbcache_source other = words_source;
	struct sealedcdb cache;
	struct failure failure;

	other.name = "other";
	words_write("a 1\nbad x\n");
	ck_assert(!cdbcache_open(&cache, RUN, &other, &failure));
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_str_eq(words_values("a"), "-");
	words_write("a 1\n");
	ck_assert_str_eq(words_values("a"), "1");
	ck_assert(cdbcache_open(&cache, RUN, &words_source, &failure));
	words_write("a 1\nbad x\n");
	ck_assert(!cdbcache_replace(&cache, RUN, &words_source, &failure));
}
END_TEST

/* Neither the directory nor memory takes a database. */
START_TEST(no_room)
{
	struct rlimit limit, none;
	struct sealedcdb cache;
	struct failure failure;

	words_write("a 1\n");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	none = (struct rlimit){0, limit.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	ck_assert(!cdbcache_open(&cache, RUN, &words_source, &failure));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_str_eq(failure.text,
	    "System resources temporarily unavailable. (#4.3.0)\n" SOURCE
	    ": File too large.\n");
}
END_TEST

/* Another process has the lock, and keeps it: the right answer all the same. */
START_TEST(locked)
{
	pid_t holder;

	words_write("a 1\n");
	ck_assert_str_eq(words_values("a"), "1");
	holder = unit_hold_lock(FILE_LOCK);
	ck_assert_str_eq(words_values("a"), "1");
	ck_assert_int_eq(words_compilations(), 1);
	words_write("a 2\n");
	ck_assert_str_eq(words_values("a"), "2");
	unit_end(holder);
	ck_assert_str_eq(words_values("a"), "2");
	ck_assert_str_eq(words_values("a"), "2");
	ck_assert_int_eq(words_compilations(), 3);
}
END_TEST

/* Opens anew. */
static void look_up(const void *expected)
{
	ck_assert_str_eq(words_values("key5"), expected);
}

static void write_many(int count)
{
	struct bytes text = {0};
	char line[64];

	for (int i = 0; i < count; i++) {
		snprintf(line, sizeof line, "key%d value%d\n", i, i);
		bytes_add_text(&text, line);
	}
	words_write(text.data);
	bytes_free(&text);
}

/* A lookup touches as much of a large database as of a small one. */
START_TEST(size)
{
	struct stat status;
	long few, many;

	write_many(10);
	few = unit_count_faults(look_up, "value5");
	write_many(100000);
	many = unit_count_faults(look_up, "value5");
	ck_assert_int_eq(words_compilations(), 2);
	ck_assert_int_eq(stat(FILE_CDB, &status), 0);
	ck_assert_int_gt(status.st_size, 1000 * 4096);
	ck_assert_msg(many <= few + 24,
	    "%ld page faults for 10, %ld for 100000", few, many);
	ck_assert_str_eq(words_values("key99999"), "value99999");
}
END_TEST

/* Readers beside a writer see one whole state or another. */
START_TEST(readers)
{
	enum { READERS = 3, OPENINGS = 40 };
	pid_t children[READERS];

	words_write("a 1\nb 1\n");
	for (int i = 0; i < READERS; i++) {
		children[i] = fork();
		for (int n = 0; children[i] == 0 && n < OPENINGS; n++) {
			struct sealedcdb cache;
			struct failure failure;
			char a[1000], b[1000];

			if (!cdbcache_open(
				&cache, RUN, &words_source, &failure) ||
			    strcmp(words_in(&cache, "a", a),
				words_in(&cache, "b", b)) != 0 ||
			    a[0] == '\0')
				_exit(1);
			sealedcdb_close(&cache);
		}
		if (children[i] == 0)
			_exit(0);
	}
	for (int i = 0; i < 10; i++) {
		const char *text = i % 2 ? "a 1\nb 1\n" : "a 22\nb 22\n";

		home_write(words_home(), SOURCE ".new", text, strlen(text));
		ck_assert_int_eq(rename(SOURCE ".new", SOURCE), 0);
		ck_assert_str_eq(words_values("b"), i % 2 ? "1" : "22");
	}
	for (int i = 0; i < READERS; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

SUITE("cdbcache")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, words_enter, NULL);
	tcase_add_test(tcase, lookup);
	tcase_add_loop_test(tcase, change, 0, 8);
	tcase_add_test(tcase, quick_changes);
	tcase_add_test(tcase, bad_source);
	tcase_add_test(tcase, no_room);
	tcase_add_test(tcase, locked);
	tcase_add_test(tcase, size);
	tcase_add_test(tcase, readers);
}
