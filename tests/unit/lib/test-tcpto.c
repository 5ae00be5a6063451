/* SPDX-License-Identifier: ISC */
/* The tables of timeouts, against a model of their bytes. */
#include "config.h"

#include "tcpto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "tcpto-model.h"
#include "unit.h"

static const struct tcpto files = {V4_FILE, V6_FILE};

static struct ip make_ip(int version, unsigned number)
{
	unsigned char octets[16] = {0x20, 1, 0xd, 0xb8};
	struct ip ip;

	octets[version == 4 ? 3 : 15] = (unsigned char)number;
	ip_set(&ip, version == 4 ? AF_INET : AF_INET6, octets);
	return ip;
}

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

/* Does it, and compares; the clock may go on meanwhile. */
static void note_and_compare(
    struct table *table, const struct ip *ip, bool timed_out)
{
	struct table early = *table, late = *table, found;

	model_note(&early, ip, timed_out, time(NULL));
	tcpto_note(&files, ip, timed_out);
	model_note(&late, ip, timed_out, time(NULL));
	read_table(layout_of(ip)->file, &found);
	ck_assert(same_table(&found, &early) || same_table(&found, &late));
	*table = found;
}

static void look_and_compare(struct table *table, const struct ip *ip)
{
	enum tcpto_status early = model_look(table, ip, time(NULL));
	enum tcpto_status status = tcpto_look(&files, ip);

	ck_assert(
	    status == early || status == model_look(table, ip, time(NULL)));
}

/* A table with so many records, ages around each bound, and odd bytes. */
static void fill(
    struct table *table, int version, size_t records, uint64_t *random)
{
	const int64_t ages[] = {0, 1, 60, 118, 119, 120, 121, 1000, 3000,
	    model_window() - 2, model_window() - 1, model_window(),
	    model_window() + 1, 10000, 100000, -1, -50};
	struct ip any = make_ip(version, 0);
	const struct layout *at = layout_of(&any);

	for (size_t i = 0; i < records; i++) {
		unsigned char *record = table->bytes + i * at->record;
		struct ip ip = make_ip(version, unit_random(random, 120));

		for (size_t odd = 0; odd < at->record; odd++)
			record[odd] = (unsigned char)unit_random(random, 256);
		memcpy(record, ip.octets, ip_size(&ip));
		record[at->count] = (unsigned char)unit_random(random, 11);
		write_when(record, at,
		    time(NULL) - ages[unit_random(random, COUNT(ages))]);
	}
	table->size = records * at->record;
}

/* Random operations on random tables, whole or cut short. */
START_TEST(random_tables)
{
	int version = _i % 2 ? 6 : 4;
	struct ip any = make_ip(version, 0);
	uint64_t random = (uint64_t)_i;
	struct table table;

	for (int round = 0; round < 150; round++) {
		size_t records = 1 + unit_random(&random, 70);

		if (round % 3 > 0)
			records = 64;
		fill(&table, version, records, &random);
		if (round % 3 == 0)
			table.size -= unit_random(&random, 16);
		memset(table.bytes + table.size, 0,
		    sizeof table.bytes - table.size);
		write_table(layout_of(&any)->file, &table);
		for (int step = 0; step < 12; step++) {
			struct ip ip =
			    make_ip(version, unit_random(&random, 128));

			look_and_compare(&table, &ip);
			note_and_compare(
			    &table, &ip, unit_random(&random, 4) > 0);
			look_and_compare(&table, &ip);
		}
	}
}
END_TEST

enum { LONGEST_WINDOW = (60 + 31) * 64 };

/* Nothing that changes while the test looks at it. */
static void make_clear(struct table *table, int version)
{
	struct ip any = make_ip(version, 0);
	const struct layout *at = layout_of(&any);
	int64_t now = time(NULL);

	for (size_t i = 0; (i + 1) * at->record <= table->size; i++) {
		unsigned char *record = table->bytes + i * at->record;
		int64_t age = llabs(now - read_when(record, at));

		if (llabs(age - LONGEST_WINDOW) < 60)
			write_when(record, at, now - 100);
	}
}

/* What is listed is what the table has, in its order. */
static void list_and_compare(const struct table *table, int version)
{
	struct ip any = make_ip(version, 0);
	const struct layout *at = layout_of(&any);
	struct tcpto_entry list[TCPTO_RECORDS];
	int64_t now = time(NULL), longest = LONGEST_WINDOW;
	size_t count, seen = 0;

	ck_assert(tcpto_list(&files, version, list, &count));
	for (size_t i = 0; i < 64 && (i + 1) * at->record <= table->size; i++) {
		const unsigned char *record = table->bytes + i * at->record;
		int64_t when = read_when(record, at);
		bool recent = llabs(now - when) < longest;
		bool skipped = recent && record[at->count] >= 2;

		if (record[at->count] == 0 || (version == 6 && !recent))
			continue;
		ck_assert_uint_lt(seen, count);
		ck_assert_mem_eq(list[seen].ip.octets, record, ip_size(&any));
		ck_assert_uint_eq(list[seen].count, record[at->count]);
		ck_assert_int_eq(list[seen].when, when);
		ck_assert_int_eq(
		    list[seen].until, skipped ? when + longest : 0);
		seen++;
	}
	ck_assert_uint_eq(seen, count);
}

START_TEST(listed_and_cleared)
{
	int version = _i % 2 ? 6 : 4;
	struct ip any = make_ip(version, 0);
	const char *file = layout_of(&any)->file;
	uint64_t random = (uint64_t)_i;
	struct table table, zeros = {0};

	for (int round = 0; round < 50; round++) {
		fill(&table, version, 1 + unit_random(&random, 64), &random);
		make_clear(&table, version);
		write_table(file, &table);
		list_and_compare(&table, version);
		ck_assert(tcpto_clear(&files, version));
		zeros.size = table.size;
		read_table(file, &table);
		ck_assert(same_table(&table, &zeros));
		list_and_compare(&table, version);
	}
}
END_TEST

/* A table that is missing: ours is empty, stock's an error. */
START_TEST(nothing_to_list)
{
	struct tcpto_entry list[TCPTO_RECORDS];
	size_t count = 1;

	unlink(V4_FILE);
	ck_assert(tcpto_list(&files, 6, list, &count));
	ck_assert_uint_eq(count, 0);
	ck_assert(tcpto_clear(&files, 6));
	ck_assert_int_eq(access(V6_FILE, F_OK), -1);
	ck_assert(!tcpto_list(&files, 4, list, &count));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert(!tcpto_clear(&files, 4));
	ck_assert_int_eq(access(V4_FILE, F_OK), -1);
}
END_TEST

/* From nothing to a skipped server, and back. */
START_TEST(life)
{
	struct ip ip = make_ip(_i == 0 ? 4 : 6, 7);
	const struct layout *at = layout_of(&ip);
	struct table table;

	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_UNKNOWN);
	tcpto_note(&files, &ip, false);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_UNKNOWN);
	ck_assert_int_eq(access(V6_FILE, F_OK), -1);
	tcpto_note(&files, &ip, true);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_KNOWN);
	tcpto_note(&files, &ip, true);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_KNOWN);

	read_table(at->file, &table);
	ck_assert_uint_eq(table.size, at->record * 64);
	ck_assert_mem_eq(table.bytes, ip.octets, ip_size(&ip));
	ck_assert_int_eq(table.bytes[at->count], 1);
	write_when(table.bytes, at, read_when(table.bytes, at) - 120);
	write_table(at->file, &table);
	tcpto_note(&files, &ip, true);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_SKIP);
	tcpto_note(&files, &ip, false);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_KNOWN);
	read_table(at->file, &table);
	ck_assert_int_eq(table.bytes[at->count], 0);
}
END_TEST

/* The families do not meet, but for addresses that are the same. */
START_TEST(families)
{
	struct ip v4 = make_ip(4, 1), v6 = make_ip(6, 1), mapped;
	struct table before, after;

	read_table(V4_FILE, &before);
	tcpto_note(&files, &v6, true);
	read_table(V4_FILE, &after);
	ck_assert(same_table(&before, &after));
	ck_assert_int_eq(tcpto_look(&files, &v4), TCPTO_UNKNOWN);
	tcpto_note(&files, &v4, true);
	ck_assert(ip_parse(&mapped, "::ffff:32.1.13.1"));
	ck_assert_int_eq(tcpto_look(&files, &mapped), TCPTO_KNOWN);
}
END_TEST

static void remove_file(const char *file)
{
	unlink(file);
}

static void make_directory(const char *file)
{
	unlink(file);
	ck_assert_int_eq(mkdir(file, 0700), 0);
}

static void make_fifo(const char *file)
{
	unlink(file);
	ck_assert_int_eq(mkfifo(file, 0600), 0);
}

static void make_link(const char *file)
{
	unlink(file);
	ck_assert_int_eq(symlink("/dev/null", file), 0);
}

static void make_empty(const char *file)
{
	ck_assert_int_eq(close(creat(file, 0600)), 0);
}

/* Whatever is there, no server is skipped, and stock's file is not made. */
START_TEST(unusable)
{
	static void (*const spoil[])(const char *) = {
	    remove_file, make_directory, make_fifo, make_link, make_empty};
	struct ip ip = make_ip(_i % 2 ? 6 : 4, 1);
	const char *file = layout_of(&ip)->file;
	struct stat status;

	spoil[_i / 2](file);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_UNKNOWN);
	tcpto_note(&files, &ip, false);
	tcpto_note(&files, &ip, true);
	ck_assert_int_ne(tcpto_look(&files, &ip), TCPTO_SKIP);
	if (ip.version == 4 && lstat(file, &status) == 0)
		ck_assert(!S_ISREG(status.st_mode) || status.st_size == 0);
	if (ip.version == 4 && spoil[_i / 2] == remove_file)
		ck_assert_int_eq(access(file, F_OK), -1);
}
END_TEST

static void make_closed(const char *file)
{
	make_empty(file);
	ck_assert_int_eq(chmod(file, 0), 0);
}

/* Ours is made anew where it cannot be opened; stock's stays as it is. */
START_TEST(replaced)
{
	static void (*const spoil[])(const char *) = {make_link, make_closed};
	struct ip v6 = make_ip(6, 1), v4 = make_ip(4, 1);
	struct stat status;

	spoil[_i](V4_FILE);
	spoil[_i](V6_FILE);
	tcpto_note(&files, &v4, true);
	tcpto_note(&files, &v6, true);
	ck_assert_int_eq(tcpto_look(&files, &v6), TCPTO_KNOWN);
	ck_assert_int_eq(lstat(V4_FILE, &status), 0);
	ck_assert(!S_ISREG(status.st_mode) || status.st_size == 0);
}
END_TEST

START_TEST(missing_directory)
{
	static const struct tcpto nowhere = {"no/tcpto", "no/tcpto6"};
	struct ip ip = make_ip(_i == 0 ? 4 : 6, 1);

	tcpto_note(&nowhere, &ip, true);
	ck_assert_int_eq(tcpto_look(&nowhere, &ip), TCPTO_UNKNOWN);
}
END_TEST

/* Random bytes: nothing bad happens, whatever the size. */
START_TEST(garbage)
{
	struct ip ip = make_ip(_i == 0 ? 4 : 6, 1);
	uint64_t random = 5;
	struct table table;

	for (int round = 0; round < 200; round++) {
		table.size = unit_random(&random, 2500);
		for (size_t i = 0; i < table.size; i++)
			table.bytes[i] =
			    (unsigned char)unit_random(&random, 256);
		write_table(layout_of(&ip)->file, &table);
		tcpto_look(&files, &ip);
		tcpto_note(&files, &ip, true);
		tcpto_note(&files, &ip, false);
	}
}
END_TEST

/* A lock that is never given back costs about a second, and no server. */
START_TEST(locked)
{
	struct ip ip = make_ip(_i % 2 ? 6 : 4, 1);
	const struct layout *at = layout_of(&ip);
	uint64_t random = 1;
	struct table table, after;
	int64_t start;
	pid_t holder;

	memset(&table, 0, sizeof table);
	fill(&table, ip.version, 64, &random);
	memcpy(table.bytes, ip.octets, ip_size(&ip));
	table.bytes[at->count] = 5;
	write_when(table.bytes, at, time(NULL) - 300);
	write_table(at->file, &table);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_SKIP);

	holder = unit_hold_lock(at->file);
	start = unit_now();
	if (_i < 2)
		ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_UNKNOWN);
	else
		tcpto_note(&files, &ip, true);
	ck_assert_int_ge(unit_now() - start, 500);
	read_table(at->file, &after);
	ck_assert(same_table(&table, &after));
	unit_end(holder);
	ck_assert_int_eq(tcpto_look(&files, &ip), TCPTO_SKIP);
}
END_TEST

SUITE("tcpto")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, random_tables, 0, 6);
	tcase_add_loop_test(tcase, listed_and_cleared, 0, 2);
	tcase_add_test(tcase, nothing_to_list);
	tcase_add_loop_test(tcase, life, 0, 2);
	tcase_add_test(tcase, families);
	tcase_add_loop_test(tcase, unusable, 0, 10);
	tcase_add_loop_test(tcase, replaced, 0, 2);
	tcase_add_loop_test(tcase, missing_directory, 0, 2);
	tcase_add_loop_test(tcase, garbage, 0, 2);
	tcase_add_loop_test(tcase, locked, 0, 3);
}
