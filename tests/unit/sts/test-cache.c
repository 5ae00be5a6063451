/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define RUN "run/qmail-remote"
#define FILE_OF_A RUN "/mta-sts/a.test"
#define LOCK_OF_A RUN "/mta-sts/.lock-a.test"

static struct home home;
static struct sts_cache cache;

static char policy[] = "version: STSv1\nmode: none\nmax_age: 1\n";

static void enter(void)
{
	unit_enter_home(&home);
	sts_cache_open(&cache, RUN, "a.test");
}

static struct sts_entry make_entry(void)
{
	return (struct sts_entry){.id = "20240101",
	    .fetched = 1700000000,
	    .text = policy,
	    .size = strlen(policy),
	    .failed_id = "2",
	    .failed = 1700000001};
}

static void lock(void)
{
	bool waited;

	ck_assert(sts_cache_lock(&cache, deadline_in(20), &waited));
	ck_assert(!waited);
}

static void write_entry(const struct sts_entry *entry)
{
	lock();
	ck_assert(sts_cache_write(&cache, entry));
	sts_cache_close(&cache);
	sts_cache_open(&cache, RUN, "a.test");
}

static void expect(const struct sts_entry *expected)
{
	struct sts_entry entry;

	ck_assert(sts_cache_read(&cache, &entry));
	ck_assert_str_eq(entry.id, expected->id);
	ck_assert_int_eq(entry.fetched, expected->fetched);
	ck_assert_str_eq(entry.failed_id, expected->failed_id);
	ck_assert_int_eq(entry.failed, expected->failed);
	ck_assert_uint_eq(entry.size, expected->size);
	ck_assert_int_eq(entry.text != NULL, expected->text != NULL);
	if (entry.text != NULL)
		ck_assert_mem_eq(entry.text, expected->text, expected->size);
	sts_entry_free(&entry);
}

static void expect_nothing(void)
{
	struct sts_entry entry;

	ck_assert(!sts_cache_read(&cache, &entry));
	ck_assert_ptr_null(entry.text);
	ck_assert_str_eq(entry.id, "");
	ck_assert_str_eq(entry.failed_id, "");
}

START_TEST(names)
{
	static const char *const good[] = {"a", "a.test", "xn--bcher-kva.test",
	    "a_b.test", "1.2.3.test", "-a.test"};
	static const char *const bad[] = {"", ".", "..", "../a", "a/b", "/a",
	    ".a.test", ".lock-a.test", "A.test", "a b", "a\\.b", "a\n", "a*",
	    "b\xc3\xbc.test"};
	char longest[248];

	for (int i = 0; i < COUNT(good); i++)
		ck_assert_msg(sts_cache_takes(good[i]), "%s", good[i]);
	for (int i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!sts_cache_takes(bad[i]), "%s", bad[i]);
	memset(longest, 'a', sizeof longest);
	longest[246] = '\0';
	ck_assert(!sts_cache_takes(longest));
	longest[245] = '\0';
	ck_assert(sts_cache_takes(longest));
}
END_TEST

START_TEST(round_trip)
{
	struct sts_entry entry = make_entry();
	struct stat status;

	expect_nothing();
	write_entry(&entry);
	expect(&entry);
	ck_assert_int_eq(stat(FILE_OF_A, &status), 0);
	ck_assert_int_eq(status.st_mode & 07777, 0600);
	ck_assert_int_eq(stat(RUN "/mta-sts", &status), 0);
	ck_assert_int_eq(status.st_mode & 07777, 0700);
	/* Only a failure is known; then the policy is there again. */
	entry = (struct sts_entry){.failed_id = "3", .failed = 3};
	write_entry(&entry);
	expect(&entry);
	entry = make_entry();
	entry.failed_id[0] = '\0';
	entry.failed = 0;
	write_entry(&entry);
	expect(&entry);
	entry.size = 0;
	write_entry(&entry);
	expect(&entry);
	ck_assert_int_ne(access(LOCK_OF_A, F_OK), 0);
}
END_TEST

/* A NUL, empty lines and no end of line are octets like others. */
START_TEST(octets)
{
	static char text[] = "\n\n\0id - \n\n";
	struct sts_entry entry = make_entry();

	entry.text = text;
	entry.size = sizeof text - 1;
	write_entry(&entry);
	expect(&entry);
}
END_TEST

/* The longest of everything. */
START_TEST(longest)
{
	struct sts_entry entry = {
	    .id = "0123456789abcdefghijABCDEFGHIJ01",
	    .fetched = INT64_MAX,
	    .text = calloc(65536, 1),
	    .size = 65536,
	    .failed_id = "0123456789abcdefghijABCDEFGHIJ02",
	    .failed = INT64_MIN,
	};
	char domain[246] = "";

	memset(domain, 'a', sizeof domain - 1);
	ck_assert(sts_cache_takes(domain));
	sts_cache_close(&cache);
	sts_cache_open(&cache, RUN, domain);
	lock();
	ck_assert(sts_cache_write(&cache, &entry));
	expect(&entry);
	sts_cache_close(&cache);
	free(entry.text);
}
END_TEST

/* Cut anywhere, one octet changed anywhere, one more: it counts as absent. */
START_TEST(damage)
{
	struct sts_entry entry = make_entry();
	struct bytes bytes = {0};

	write_entry(&entry);
	ck_assert(home_read(&home, FILE_OF_A, &bytes));
	for (size_t i = 0; i < bytes.length; i++) {
		home_write(&home, FILE_OF_A, bytes.data, i);
		expect_nothing();
		for (int bit = 0; bit < 8; bit++) {
			bytes.data[i] = (char)(bytes.data[i] ^ 1 << bit);
			home_write(&home, FILE_OF_A, bytes.data, bytes.length);
			expect_nothing();
			bytes.data[i] = (char)(bytes.data[i] ^ 1 << bit);
		}
	}
	home_write(&home, FILE_OF_A, bytes.data, bytes.length + 1);
	expect_nothing();
	home_write(&home, FILE_OF_A, bytes.data, bytes.length);
	expect(&entry);
	bytes_free(&bytes);
}
END_TEST

/* What is no file of this domain's. */
START_TEST(foreign)
{
	struct sts_entry entry = make_entry();

	write_entry(&entry);
	ck_assert_int_eq(rename(FILE_OF_A, RUN "/mta-sts/b.test"), 0);
	sts_cache_close(&cache);
	sts_cache_open(&cache, RUN, "b.test");
	expect_nothing();
	sts_cache_close(&cache);
	sts_cache_open(&cache, RUN, "a.test");
	ck_assert_int_eq(mkdir(FILE_OF_A, 0700), 0);
	expect_nothing();
	ck_assert_int_eq(rmdir(FILE_OF_A), 0);
	ck_assert_int_eq(mkfifo(FILE_OF_A, 0600), 0);
	expect_nothing();
	ck_assert_int_eq(unlink(FILE_OF_A), 0);
	ck_assert_int_eq(symlink("b.test", FILE_OF_A), 0);
	expect_nothing();
	/* It gets out of the way of a new one. */
	write_entry(&entry);
	expect(&entry);
}
END_TEST

/* A temporary file that a process has left behind is no obstacle. */
START_TEST(left_behind)
{
	struct sts_entry entry = make_entry();

	write_entry(&entry);
	home_write(&home, RUN "/mta-sts/.new-a.test", "x", 1);
	home_write(&home, LOCK_OF_A, "", 0);
	entry.fetched++;
	write_entry(&entry);
	expect(&entry);
	ck_assert_int_ne(access(RUN "/mta-sts/.new-a.test", F_OK), 0);
}
END_TEST

/* Where nothing can be written, what was there stays. */
START_TEST(full)
{
	const struct rlimit none = {0, RLIM_INFINITY};
	struct sts_entry entry = make_entry(), other = make_entry();

	write_entry(&entry);
	other.fetched++;
	lock();
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	ck_assert(!sts_cache_write(&cache, &other));
	expect(&entry);
	ck_assert_int_ne(access(RUN "/mta-sts/.new-a.test", F_OK), 0);
}
END_TEST

/* So is what root has left, or anybody who may write there. */
START_TEST(not_ours)
{
	struct sts_entry entry = make_entry();

	write_entry(&entry);
	ck_assert_int_eq(symlink("/etc/passwd", LOCK_OF_A), 0);
	ck_assert_int_eq(symlink("/etc/passwd", RUN "/mta-sts/.new-a.test"), 0);
	entry.fetched++;
	write_entry(&entry);
	expect(&entry);
	ck_assert_int_ne(access(LOCK_OF_A, F_OK), 0);
}
END_TEST

/* What root has made by hand is root's: here it may not even be read. */
static void lock_out(void)
{
	static const char *const directories[] = {".", "run", RUN};
	enum { NOBODY = 65534 };

	ck_assert_int_eq(chmod(RUN "/mta-sts", 0), 0);
	if (geteuid() != 0)
		return;
	for (int i = 0; i < COUNT(directories); i++)
		ck_assert_int_eq(chown(directories[i], NOBODY, NOBODY), 0);
	ck_assert_int_eq(setgid(NOBODY), 0);
	ck_assert_int_eq(setuid(NOBODY), 0);
}

START_TEST(directory_of_root)
{
	struct sts_entry entry = make_entry();

	/* What is put aside a second time finds its place as well. */
	if (_i > 0)
		ck_assert_int_eq(mkdir(RUN "/mta-sts.1", 0700), 0);
	if (_i > 1)
		home_write(&home, RUN "/mta-sts.1/a.test", "", 0);
	write_entry(&entry);
	lock_out();
	expect_nothing();
	entry.fetched++;
	write_entry(&entry);
	expect(&entry);
	ck_assert_int_eq(access(RUN "/mta-sts.2", F_OK) == 0, _i > 1);
	/* Or it could not be removed. */
	(void)!chmod(RUN "/mta-sts.1", 0700);
	(void)!chmod(RUN "/mta-sts.2", 0700);
}
END_TEST

START_TEST(unusable)
{
	static const char *const directories[] = {
	    "/nonexistent/run", "/dev/null", "/proc/self"};
	bool waited;

	for (int i = 0; i < COUNT(directories); i++) {
		struct sts_cache other;

		sts_cache_open(&other, directories[i], "a.test");
		ck_assert(!sts_cache_lock(&other, deadline_in(20), &waited));
		ck_assert_int_eq(other.lock, -1);
		sts_cache_close(&other);
	}
	home_write(&home, RUN "/mta-sts", "", 0);
	ck_assert(!sts_cache_lock(&cache, deadline_in(20), &waited));
	expect_nothing();
}
END_TEST

START_TEST(busy)
{
	pid_t holder;
	bool waited;

	ck_assert_int_eq(mkdir(RUN "/mta-sts", 0700), 0);
	holder = unit_hold_lock(LOCK_OF_A);
	ck_assert(!sts_cache_lock(&cache, deadline_in_ms(20), &waited));
	ck_assert(waited);
	ck_assert_int_eq(cache.lock, -1);
	unit_end(holder);
	lock();
}
END_TEST

/* Adds one to the number in a file, which only works under a lock. */
static _Noreturn void count_up(void)
{
	bool waited;
	char text[16];
	int number, fd;

	if (!sts_cache_lock(&cache, deadline_in(20), &waited))
		_exit(1);
	fd = open("number", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	text[read(fd, text, sizeof text - 1)] = '\0';
	number = (int)strtol(text, NULL, 10);
	usleep(1000);
	snprintf(text, sizeof text, "%d", number + 1);
	if (pwrite(fd, text, strlen(text), 0) < 0)
		_exit(1);
	sts_cache_close(&cache);
	_exit(0);
}

/* Locks whose file goes with its holder are locks all the same. */
START_TEST(crowd)
{
	enum { CROWD = 40 };
	struct bytes bytes = {0};
	int status;

	for (int i = 0; i < CROWD; i++)
		if (fork() == 0)
			count_up();
	for (int i = 0; i < CROWD; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert(home_read(&home, "number", &bytes));
	ck_assert_str_eq(bytes.data, "40");
	ck_assert_int_ne(access(LOCK_OF_A, F_OK), 0);
	bytes_free(&bytes);
}
END_TEST

SUITE("sts_cache")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, names);
	tcase_add_test(tcase, round_trip);
	tcase_add_test(tcase, octets);
	tcase_add_test(tcase, longest);
	tcase_add_test(tcase, damage);
	tcase_add_test(tcase, foreign);
	tcase_add_test(tcase, left_behind);
	tcase_add_test(tcase, not_ours);
	tcase_add_loop_test(tcase, directory_of_root, 0, 3);
	tcase_add_test(tcase, full);
	tcase_add_test(tcase, unusable);
	tcase_add_test(tcase, busy);
	tcase_add_test(tcase, crowd);
}
