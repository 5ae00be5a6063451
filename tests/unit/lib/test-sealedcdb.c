/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sealedcdb.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "sealedcdb_form.h"
#include "sealedcdb_make.h"
#include "suite.h"
#include "unit.h"

/* In the order in which they are added. */
static const struct entry {
	const char *key, *value;
} entries[] = {
    {"a", "1"},
    {"b", "2"},
    {"b", ""},
    {"", "nothing"},
    {"b", "3"},
    {"a longer key", "a longer value"},
};

static int begin(struct cdb_make *make)
{
	FILE *file = tmpfile();
	int descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);

	fclose(file);
	ck_assert_int_eq(cdb_make_start(make, descriptor), 0);
	return descriptor;
}

static int make(void)
{
	struct cdb_make make;
	int descriptor = begin(&make);

	for (int i = 0; i < COUNT(entries); i++)
		ck_assert(
		    sealedcdb_add(&make, entries[i].key, strlen(entries[i].key),
			entries[i].value, strlen(entries[i].value)));
	ck_assert(sealedcdb_finish(&make, descriptor));
	return descriptor;
}

/* All values of the key, each with a semicolon; "?" when damage was found. */
static const char *values(int descriptor, const char *key)
{
	static char text[200];
	struct sealedcdb database;
	struct sealedcdb_search search;
	const char *value;
	size_t size, length = 0;

	if (!sealedcdb_open(&database, fcntl(descriptor, F_DUPFD_CLOEXEC, 0)))
		return "?";
	text[0] = '\0';
	sealedcdb_search(&search, &database, key, strlen(key));
	while (sealedcdb_next(&search, &value, &size))
		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%.*s;", (int)size, value);
	ck_assert(!sealedcdb_next(&search, &value, &size));
	sealedcdb_close(&database);
	return database.damaged ? "?" : text;
}

static const struct entry expected[] = {{"a", "1;"}, {"b", "2;;3;"},
    {"", "nothing;"}, {"a longer key", "a longer value;"}, {"c", ""}};

START_TEST(found)
{
	int descriptor = make();

	ck_assert_str_eq(
	    values(descriptor, expected[_i].key), expected[_i].value);
	close(descriptor);
}
END_TEST

static void expect_no_lie(int descriptor)
{
	for (int i = 0; i < COUNT(expected); i++) {
		const char *got = values(descriptor, expected[i].key);

		if (strcmp(got, "?") != 0)
			ck_assert_str_eq(got, expected[i].value);
	}
}

/* Whatever bit is wrong, what is found is right, or is known not to be. */
START_TEST(flipped)
{
	int descriptor = make();
	struct stat status;
	unsigned char byte;

	ck_assert_int_eq(fstat(descriptor, &status), 0);
	for (off_t i = 0; i < 8 * status.st_size; i++) {
		ck_assert_int_eq(pread(descriptor, &byte, 1, i / 8), 1);
		byte ^= (unsigned char)(1 << i % 8);
		ck_assert_int_eq(pwrite(descriptor, &byte, 1, i / 8), 1);
		expect_no_lie(descriptor);
		byte ^= (unsigned char)(1 << i % 8);
		ck_assert_int_eq(pwrite(descriptor, &byte, 1, i / 8), 1);
	}
	close(descriptor);
}
END_TEST

/* Cut short, or a block of it lost. */
START_TEST(lost)
{
	enum { BLOCK = 512 };
	static const unsigned char zeros[BLOCK];
	int descriptor = make();
	struct stat status;

	ck_assert_int_eq(fstat(descriptor, &status), 0);
	for (off_t size = status.st_size; size >= 0; size -= 61) {
		ck_assert_int_eq(ftruncate(descriptor, size), 0);
		expect_no_lie(descriptor);
		ck_assert(size == status.st_size ||
			  strcmp(values(descriptor, "c"), "?") == 0);
	}
	close(descriptor);
	for (off_t at = 0; at < status.st_size; at += BLOCK) {
		descriptor = make();
		ck_assert_int_eq(pwrite(descriptor, zeros, BLOCK, at), BLOCK);
		expect_no_lie(descriptor);
		close(descriptor);
	}
}
END_TEST

static uint32_t read_number(int descriptor, off_t at)
{
	unsigned char bytes[4];

	ck_assert_int_eq(pread(descriptor, bytes, 4, at), 4);
	return sealedcdb_number(bytes);
}

static void flip(int descriptor, off_t at)
{
	unsigned char byte;

	ck_assert_int_eq(pread(descriptor, &byte, 1, at), 1);
	byte ^= 1;
	ck_assert_int_eq(pwrite(descriptor, &byte, 1, at), 1);
}

/* A search looks at a few slots, not at a table that grows with the records. */
START_TEST(few_slots)
{
	enum { RECORDS = 100000, STEP = 256 };
	struct cdb_make make;
	int descriptor = begin(&make), noticed = 0;
	off_t entry = cdb_hash("7", 1) % 256 * 8, table, end;
	char key[16];

	for (int i = 0; i < RECORDS; i++) {
		int length = snprintf(key, sizeof key, "%d", i);

		ck_assert(sealedcdb_add(&make, key, (size_t)length, "v", 1));
	}
	ck_assert(sealedcdb_finish(&make, descriptor));
	table = read_number(descriptor, entry);
	end = table + 8 * (off_t)read_number(descriptor, entry + 4);
	ck_assert_int_gt(end - table, 10 * STEP);
	for (off_t at = table; at < end; at += STEP) {
		flip(descriptor, at);
		noticed += strcmp(values(descriptor, "7"), "v;") != 0;
		flip(descriptor, at);
	}
	ck_assert_int_ge(noticed, 1);
	ck_assert_int_le(noticed, 3);
	close(descriptor);
}
END_TEST

SUITE("sealedcdb")
{
	tcase_add_loop_test(tcase, found, 0, COUNT(expected));
	tcase_add_test(tcase, flipped);
	tcase_add_test(tcase, lost);
	tcase_add_test(tcase, few_slots);
}
