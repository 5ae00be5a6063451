/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "cdbcache.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define RUN "run/qmail-remote"
#define FILE_CDB RUN "/words.cdb"
#define FILE_LOCK RUN "/words.lock"
#define SOURCE "control/words"

static int compilations;

/* The source has lines "key value". */
static bool compile(
    const char *path, struct cdbcache_records *records, struct report *report)
{
	char key[100], value[100];
	FILE *file = fopen(path, "re");

	compilations++;
	if (file == NULL)
		return true;
	while (fscanf(file, "%99s %99s", key, value) == 2) {
		if (strcmp(key, "bad") == 0) {
			report_set(report, 'Z', "bad\n");
			fclose(file);
			return false;
		}
		cdbcache_add(records, key, strlen(key), value, strlen(value));
	}
	fclose(file);
	return true;
}

static void stamp(const char *path, struct cdbcache_stamp *stamp)
{
	cdbcache_stamp_file(stamp, path);
}

static const struct cdbcache_source source = {"words", SOURCE, stamp, compile};

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
	compilations = 0;
}

static void write_source(const char *text)
{
	home_write(&home, SOURCE, text, strlen(text));
}

/* All values of key, separated by blanks; "-" when the source is bad. */
static const char *values_in(
    struct cdbcache *cache, const char *key, char text[1000])
{
	struct cdbcache_search search;
	const char *value;
	size_t size, length = 0;

	cdbcache_search(&search, cache, key, strlen(key));
	text[0] = '\0';
	while (cdbcache_next(&search, &value, &size))
		length += (size_t)snprintf(text + length, 1000 - length,
		    "%s%.*s", length > 0 ? " " : "", (int)size, value);
	return text;
}

static const char *values(const char *directory, const char *key)
{
	static char text[1000];
	struct cdbcache cache;
	struct report report;

	if (!cdbcache_open(&cache, directory, &source, &report))
		return "-";
	values_in(&cache, key, text);
	cdbcache_close(&cache);
	return text;
}

START_TEST(lookup)
{
	static const char *const expected[][2] = {{"a", "1"}, {"b", "2 3 2"},
	    {"c", ""}, {"", ""}, {"A", ""}, {"stamp", ""}};

	write_source("b 2\na 1\nb 3\nb 2\n");
	for (int i = 0; i < COUNT(expected); i++)
		ck_assert_str_eq(values(RUN, expected[i][0]), expected[i][1]);
	ck_assert_int_eq(compilations, 1);
}
END_TEST

static void write_longer(void)
{
	write_source("a 22\n");
}

static void write_same_size(void)
{
	write_source("a 2\n");
}

static void set_times(const char *file, time_t age)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) - age}};

	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, file, times, 0), 0);
}

static void write_older(void)
{
	write_same_size();
	set_times(SOURCE, 3600);
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
	home_write(&home, SOURCE ".new", "a 2\n", 4);
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
	write_source("");
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

	write_source("a 1\n");
	ck_assert_str_eq(values(RUN, "a"), "1");
	changes[_i].change();
	ck_assert_str_eq(values(RUN, "a"), changes[_i].value);
	ck_assert_str_eq(values(RUN, "a"), changes[_i].value);
	ck_assert_int_eq(compilations, 2);
	write_source("a 1\n");
	ck_assert_str_eq(values(RUN, "a"), "1");
}
END_TEST

/* Many changes of the same size within one second, and within one tick. */
START_TEST(quick_changes)
{
	char text[] = "a 0\n", value[] = "0";

	for (int i = 0; i < 12; i++) {
		value[0] = text[2] = (char)('0' + i % 10);
		if (i % 2)
			write_source(text);
		else
			home_write(&home, SOURCE ".new", text, 4);
		if (i % 2 == 0)
			ck_assert_int_eq(rename(SOURCE ".new", SOURCE), 0);
		ck_assert_str_eq(values(RUN, "a"), value);
	}
}
END_TEST

static void no_directory(void)
{
	ck_assert_int_eq(rmdir(RUN), 0);
}

static void file_for_directory(void)
{
	no_directory();
	home_write(&home, RUN, "", 0);
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
	home_write(&home, FILE_CDB ".tmp", "rubbish", 7);
}

/* A run directory that cannot be used costs speed only. */
START_TEST(unusable)
{
	static void (*const spoil[])(void) = {no_directory, file_for_directory,
	    read_only_directory, directory_for_lock, link_for_lock,
	    directory_for_temporary, directory_for_cdb, fifo_for_cdb,
	    link_for_cdb, stale_temporary};
	int64_t start = unit_now();

	write_source("a 1\n");
	spoil[_i]();
	ck_assert_str_eq(values(RUN, "a"), "1");
	write_source("a 2\n");
	ck_assert_str_eq(values(RUN, "a"), "2");
	ck_assert_int_lt(unit_now() - start, 1000);
}
END_TEST

START_TEST(bad_source)
{
	static const struct cdbcache_source nameless = {
	    "other", SOURCE, stamp, compile};
	struct cdbcache cache;
	struct report report;

	write_source("a 1\nbad x\n");
	ck_assert(!cdbcache_open(&cache, RUN, &nameless, &report));
	ck_assert_int_eq(report.letter, 'Z');
	ck_assert_str_eq(values(RUN, "a"), "-");
	ck_assert(!cdbcache_open_private(&cache, &source, &report));
	write_source("a 1\n");
	ck_assert_str_eq(values(RUN, "a"), "1");
}
END_TEST

/* Another process has the lock: about a second, and the right answer. */
START_TEST(locked)
{
	int64_t start;
	pid_t holder;

	write_source("a 1\n");
	ck_assert_str_eq(values(RUN, "a"), "1");
	holder = unit_hold_lock(FILE_LOCK);
	start = unit_now();
	ck_assert_str_eq(values(RUN, "a"), "1");
	ck_assert_int_lt(unit_now() - start, 500);
	write_source("a 2\n");
	start = unit_now();
	ck_assert_str_eq(values(RUN, "a"), "2");
	ck_assert_int_ge(unit_now() - start, 500);
	ck_assert_int_lt(unit_now() - start, 3000);
	unit_end(holder);
	ck_assert_str_eq(values(RUN, "a"), "2");
	ck_assert_str_eq(values(RUN, "a"), "2");
	ck_assert_int_eq(compilations, 3);
}
END_TEST

#define WORDS "a 1\nb 2\nb 3\nlonger-key longer-value\n"

static void check_words(void)
{
	ck_assert_str_eq(values(RUN, "a"), "1");
	ck_assert_str_eq(values(RUN, "b"), "2 3");
	ck_assert_str_eq(values(RUN, "longer-key"), "longer-value");
	ck_assert_str_eq(values(RUN, "c"), "");
}

static void make_database(struct bytes *database)
{
	write_source(WORDS);
	check_words();
	ck_assert(home_read(&home, FILE_CDB, database));
	ck_assert_uint_gt(database->length, 2048);
}

/*
 * Each byte in turn is not what it was.  The lock cannot be had, so that
 * nobody repairs the database meanwhile.
 */
START_TEST(flipped)
{
	struct bytes database;

	make_database(&database);
	unlink(FILE_LOCK);
	directory_for_lock();
	for (size_t i = 0; i < database.length; i++) {
		database.data[i] ^= (char)(1 << i % 8);
		home_write(&home, FILE_CDB, database.data, database.length);
		ck_assert_str_eq(values(RUN, "b"), "2 3");
		database.data[i] ^= (char)(1 << i % 8);
	}
}
END_TEST

/* Not even the time shows it: what is found may be wrong, but it ends. */
START_TEST(flipped_unseen)
{
	struct bytes database;
	struct stat status;

	make_database(&database);
	unlink(FILE_LOCK);
	directory_for_lock();
	ck_assert_int_eq(stat(FILE_CDB, &status), 0);
	for (size_t i = 0; i < 8 * database.length; i += i < 16384 ? 11 : 1) {
		struct timespec times[2] = {status.st_mtim, status.st_mtim};

		database.data[i / 8] ^= (char)(1 << i % 8);
		home_write(&home, FILE_CDB, database.data, database.length);
		ck_assert_int_eq(utimensat(AT_FDCWD, FILE_CDB, times, 0), 0);
		ck_assert_uint_le(strlen(values(RUN, "b")), 500);
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
	bool whole_seconds = _i >= COUNT(sizes);
	size_t size = sizes[_i % COUNT(sizes)];
	uint64_t random = 1;

	make_database(&database);
	for (size_t i = 0; i < size; i++) {
		char byte = (char)unit_random(&random, 256);

		bytes_add(&garbage, &byte, 1);
	}
	for (int kind = 0; kind < 2; kind++) {
		bool cut = kind == 0;

		if (cut && size >= database.length)
			continue;
		home_write(
		    &home, FILE_CDB, cut ? database.data : garbage.data, size);
		if (whole_seconds)
			set_times(FILE_CDB, 0);
		check_words();
		compilations = 0;
		check_words();
		ck_assert_int_eq(compilations, 0);
	}
}
END_TEST

/* Milliseconds for many lookups, each opening anew, at best. */
static int64_t time_lookups(void)
{
	int64_t best = INT64_MAX;

	for (int round = 0; round < 5; round++) {
		int64_t start = unit_now(), took;

		for (int i = 0; i < 400; i++)
			ck_assert_str_eq(values(RUN, "key5"), "value5");
		took = unit_now() - start;
		best = took < best ? took : best;
	}
	return best;
}

static void write_many(int count)
{
	struct bytes text = {0};
	char line[64];

	for (int i = 0; i < count; i++) {
		snprintf(line, sizeof line, "key%d value%d\n", i, i);
		bytes_add_text(&text, line);
	}
	write_source(text.data);
	bytes_free(&text);
}

START_TEST(speed)
{
	int64_t few, many;

	write_many(10);
	few = time_lookups();
	write_many(100000);
	many = time_lookups();
	ck_assert_int_eq(compilations, 2);
	ck_assert_msg(many <= 4 * few + 20, "%d ms for 10, %d ms for 100000",
	    (int)few, (int)many);
	ck_assert_str_eq(values(RUN, "key99999"), "value99999");
}
END_TEST

/* Readers beside a writer see one whole state or another. */
START_TEST(readers)
{
	enum { READERS = 3, OPENINGS = 40 };
	pid_t children[READERS];

	write_source("a 1\nb 1\n");
	for (int i = 0; i < READERS; i++) {
		children[i] = fork();
		for (int n = 0; children[i] == 0 && n < OPENINGS; n++) {
			struct cdbcache cache;
			struct report report;
			char a[1000], b[1000];

			if (!cdbcache_open(&cache, RUN, &source, &report) ||
			    strcmp(values_in(&cache, "a", a),
				values_in(&cache, "b", b)) != 0 ||
			    a[0] == '\0')
				_exit(1);
			cdbcache_close(&cache);
		}
		if (children[i] == 0)
			_exit(0);
	}
	for (int i = 0; i < 10; i++) {
		const char *text = i % 2 ? "a 1\nb 1\n" : "a 22\nb 22\n";

		home_write(&home, SOURCE ".new", text, strlen(text));
		ck_assert_int_eq(rename(SOURCE ".new", SOURCE), 0);
		ck_assert_str_eq(values(RUN, "b"), i % 2 ? "1" : "22");
	}
	for (int i = 0; i < READERS; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cdbcache");
	TCase *tcase = tcase_create("cdbcache");

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, lookup);
	tcase_add_loop_test(tcase, change, 0, 8);
	tcase_add_test(tcase, quick_changes);
	tcase_add_loop_test(tcase, unusable, 0, 10);
	tcase_add_test(tcase, bad_source);
	tcase_add_test(tcase, locked);
	tcase_add_test(tcase, flipped);
	tcase_add_test(tcase, flipped_unseen);
	tcase_add_loop_test(tcase, damaged, 0, 22);
	tcase_add_test(tcase, speed);
	tcase_add_test(tcase, readers);
	return suite_run(suite);
}
