/* SPDX-License-Identifier: ISC */
/*
 * The tables of servers that timed out, read and written by a second
 * implementation of their format, that of stock and ours for IPv6.
 * IPv6 is left out where there is none.
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define NO_CONNECTION                                                          \
	"ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n"

enum {
	RECORDS = 64,
	AGES_AGO = 2 * 3600, /* beyond the longest time of being skipped */
	LATELY = 600,	     /* within the shortest, beyond two minutes */
};

/* One table, and where its server is. */
struct table {
	const char *file;
	const char *address;
	int family;
	size_t address_size, record_size;
};

static const struct table tables[] = {
    {"queue/lock/tcpto", "127.0.0.1", AF_INET, 4, 16},
    {"run/qmail-remote/tcpto6", "::1", AF_INET6, 16, 28},
};

static bool is_testable(const struct table *table)
{
	return table->family == AF_INET || peer_has_ipv6();
}

struct entry {
	bool found;
	size_t index;
	unsigned count;
	uint32_t time;
};

static void address_of(const struct table *table, unsigned char address[16])
{
	ck_assert_int_eq(inet_pton(table->family, table->address, address), 1);
}

/* Reads the table, and the record of the server if there is one. */
static struct entry read_entry(
    const struct scene *scene, const struct table *table)
{
	struct bytes bytes;
	struct entry entry = {0};
	unsigned char address[16];
	bool exists = home_read(&scene->home, table->file, &bytes);

	address_of(table, address);
	if (exists && bytes.length > 0)
		ck_assert_uint_eq(bytes.length % table->record_size, 0);
	for (size_t i = 0; i < bytes.length / table->record_size; i++) {
		const unsigned char *record =
		    (const unsigned char *)bytes.data + i * table->record_size;
		const unsigned char *rest = record + table->address_size;

		if (memcmp(record, address, table->address_size) != 0)
			continue;
		ck_assert(!entry.found);
		entry = (struct entry){true, i, rest[0],
		    rest[4] | (uint32_t)rest[5] << 8 | (uint32_t)rest[6] << 16 |
			(uint32_t)rest[7] << 24};
		ck_assert_mem_eq(rest + 1, "\0\0", 3);
		ck_assert_mem_eq(rest + 8, "\0\0\0", 4);
	}
	bytes_free(&bytes);
	return entry;
}

/* Writes a table with one record, at this index. */
static void write_entry(const struct scene *scene, const struct table *table,
    size_t index, unsigned count, time_t when)
{
	unsigned char bytes[RECORDS * 28] = {0};
	unsigned char *record = bytes + index * table->record_size;
	unsigned char *rest = record + table->address_size;
	unsigned char address[16];

	address_of(table, address);
	memcpy(record, address, table->address_size);
	rest[0] = (unsigned char)count;
	for (int i = 0; i < 4; i++)
		rest[4 + i] = (unsigned char)(when >> 8 * i);
	home_write(
	    &scene->home, table->file, bytes, RECORDS * table->record_size);
}

static void start(
    struct scene *scene, const struct table *table, enum peer_kind kind)
{
	scene_furnish(scene);
	scene_control(scene, "timeoutconnect", "1\n");
	clear_start_at(scene,
	    &(struct peer_address){.address = table->address, .kind = kind});
}

static void deliver_expecting(struct scene *scene, bool success)
{
	clear_deliver(scene, &(struct delivery){0});
	if (success)
		scene_expect(scene, 'K', " accepted message.\n");
	else
		CLEAR_EXPECT(scene, NO_CONNECTION);
}

/* Only a count that is high and recent makes a server be skipped. */
static const struct row {
	bool present;
	unsigned count;
	int age; /* seconds */
	bool skipped;
	unsigned after; /* the count after a success */
} rows[] = {
    {false, 0, 0, false, 0},
    {true, 0, LATELY, false, 0},
    {true, 1, LATELY, false, 0},
    {true, 2, LATELY, true, 2},
    {true, 10, LATELY, true, 10},
    {true, 2, 0, true, 2},
    {true, 2, AGES_AGO, false, 0},
    {true, 10, AGES_AGO, false, 0},
};

START_TEST(skipped_and_cleared)
{
	const struct row *row = &rows[_i / 2];
	const struct table *table = &tables[_i % 2];
	struct scene scene = {0};
	struct entry entry;

	if (!is_testable(table))
		return;
	start(&scene, table, PEER_SERVES);
	if (row->present)
		write_entry(&scene, table, (size_t)_i, row->count,
		    time(NULL) - row->age);
	deliver_expecting(&scene, !row->skipped);
	scene_stop(&scene);
	ck_assert_uint_eq(scene.transcript->count, !row->skipped);
	entry = read_entry(&scene, table);
	ck_assert_int_eq(entry.found, row->present);
	ck_assert_uint_eq(entry.count, row->after);
	if (row->present)
		ck_assert_uint_eq(entry.index, (size_t)_i);
	scene_free(&scene);
}
END_TEST

/* Two timeouts, more than two minutes apart, and it is left alone. */
static void count_timeouts(size_t number)
{
	const struct table *table = &tables[number];
	time_t before = time(NULL);
	struct scene scene = {0};
	struct entry entry;

	if (!is_testable(table))
		return;
	start(&scene, table, PEER_BLACKHOLE);
	deliver_expecting(&scene, false);
	ck_assert_int_gt(scene.outcome.elapsed, 900000);
	entry = read_entry(&scene, table);
	ck_assert(entry.found);
	ck_assert_uint_eq(entry.index, 0);
	ck_assert_uint_eq(entry.count, 1);
	ck_assert_int_ge((time_t)entry.time, before);
	ck_assert_int_le((time_t)entry.time, time(NULL));

	/* Within two minutes a second one does not count. */
	deliver_expecting(&scene, false);
	ck_assert_uint_eq(read_entry(&scene, table).count, 1);

	write_entry(&scene, table, 0, 1, time(NULL) - LATELY);
	deliver_expecting(&scene, false);
	entry = read_entry(&scene, table);
	ck_assert_uint_eq(entry.count, 2);
	ck_assert_int_ge((time_t)entry.time, before);

	deliver_expecting(&scene, false);
	scene_free(&scene);
}

/* More than ten are not counted, and a full table makes room. */
static void fill_up(size_t number)
{
	enum { OLDEST = 17 };
	unsigned char bytes[RECORDS * 28] = {0};
	const struct table *table = &tables[number];
	uint32_t now = (uint32_t)time(NULL);
	struct scene scene = {0};
	struct entry entry;

	if (!is_testable(table))
		return;
	start(&scene, table, PEER_BLACKHOLE);
	write_entry(&scene, table, 5, 10, time(NULL) - AGES_AGO);
	deliver_expecting(&scene, false);
	entry = read_entry(&scene, table);
	ck_assert_uint_eq(entry.index, 5);
	/* The table of our own forgets what is old. */
	ck_assert_uint_eq(entry.count, table->family == AF_INET ? 10 : 1);

	for (size_t i = 0; i < RECORDS; i++) {
		unsigned char *record = bytes + i * table->record_size;
		uint32_t when = i == OLDEST ? now - 700 : now - 500;

		record[0] = 32;
		record[table->address_size - 1] = (unsigned char)i;
		record[table->address_size] = 1;
		for (int j = 0; j < 4; j++)
			record[table->address_size + 4 + (size_t)j] =
			    (unsigned char)(when >> 8 * j);
	}
	home_write(
	    &scene.home, table->file, bytes, RECORDS * table->record_size);
	deliver_expecting(&scene, false);
	entry = read_entry(&scene, table);
	ck_assert(entry.found);
	ck_assert_uint_eq(entry.index, OLDEST);
	ck_assert_uint_eq(entry.count, 1);
	scene_free(&scene);
}

START_TEST(timeouts_are_counted)
{
	suite_at_once(COUNT(tables), count_timeouts);
}
END_TEST

START_TEST(table_fills_up)
{
	suite_at_once(COUNT(tables), fill_up);
}
END_TEST

/* A server that refuses, or falls silent later, has not timed out. */
START_TEST(other_failures_clear)
{
	static const struct peer_script silent = {
	    .overrides = {{PEER_GREETING, .action = PEER_STALL}}};
	const struct table *table = &tables[_i / 2];
	bool refuses = _i % 2 > 0;
	struct scene scene = {0};

	if (!is_testable(table))
		return;
	scene_furnish(&scene);
	scene_control(&scene, "timeoutremote", "1\n");
	clear_start_at(&scene, &(struct peer_address){.address = table->address,
				   .kind = refuses ? PEER_REFUSES : PEER_SERVES,
				   .script = refuses ? NULL : &silent});
	write_entry(&scene, table, 1, 1, time(NULL) - LATELY);
	clear_deliver(&scene, &(struct delivery){0});
	scene_expect(&scene, 'Z', refuses ? "able to establish" : "died");
	ck_assert_uint_eq(read_entry(&scene, table).count, 0);
	scene_free(&scene);
}
END_TEST

/* Whatever is wrong with a table, mail goes out. */
START_TEST(damaged_tables)
{
	static const struct {
		const char *bytes;
		size_t length;
	} damages[] = {{"", 0}, {"\177\0\0\1\2", 5}, {NULL, 100000}};
	static char rubbish[100000];
	const struct table *table = &tables[_i / 4];
	size_t number = (size_t)_i % 4;
	char path[HOME_PATH];
	struct scene scene = {0};

	if (!is_testable(table))
		return;
	memset(rubbish, '\377', sizeof rubbish);
	start(&scene, table, PEER_SERVES);
	if (number < COUNT(damages))
		home_write(&scene.home, table->file,
		    damages[number].bytes != NULL ? damages[number].bytes
						  : rubbish,
		    damages[number].length);
	else if (table->family == AF_INET)
		unlink(home_path(&scene.home, table->file, path));
	else
		home_remove_tree(
		    home_path(&scene.home, "run/qmail-remote", path));
	deliver_expecting(&scene, true);
	scene_free(&scene);
}
END_TEST

/* The other family works just the same. */
START_TEST(reports_over_ipv6)
{
	static const struct peer_script script = {.capabilities = "PIPELINING"};
	struct scene scene = {0};

	if (!peer_has_ipv6())
		return;
	clear_start_at(&scene,
	    &(struct peer_address){.address = "::1", .script = &script});
	clear_deliver(&scene, &(struct delivery){0});
	scene_stop(&scene);
	CLEAR_EXPECT(&scene, "r\0K::1 accepted message.\n" CLEAR_SAID
			     "250 2.0.0 queued as TEST\n");
	clear_expect_wire(&scene, CLEAR_ALL);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-tcpto")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, skipped_and_cleared, 0, 2 * COUNT(rows));
	tcase_add_test(tcase, timeouts_are_counted);
	tcase_add_test(tcase, table_fills_up);
	tcase_add_loop_test(tcase, other_failures_clear, 0, 4);
	tcase_add_loop_test(tcase, damaged_tables, 0, 8);
	tcase_add_test(tcase, reports_over_ipv6);
}
