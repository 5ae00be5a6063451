/* SPDX-License-Identifier: ISC */
/*
 * The tables of timeouts.  The input: a byte for the family and what is done,
 * an address, and the file, whose times are ages.  After each step the file
 * is what stock's algorithm makes of it, byte for byte.
 */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tcpto.h"
#include "xalloc.h"

enum {
	RECORDS = 64,
	FILE_MAX = 2 * RECORDS * 28,
	STEPS = 3,
	FAMILY_BIT = 1 << STEPS
};

struct table {
	unsigned char bytes[FILE_MAX];
	size_t size; /* of the file */
	size_t address_size, record_size;
	uint32_t now;
};

static unsigned char *record(struct table *table, size_t index)
{
	return table->bytes + index * table->record_size;
}

static unsigned char *count(struct table *table, size_t index)
{
	return record(table, index) + table->address_size;
}

static uint32_t get_time(const unsigned char *bytes)
{
	uint32_t time = 0;

	for (int i = 4; i-- > 0;)
		time = time << 8 | bytes[i];
	return time;
}

static void set_time(unsigned char *bytes, uint32_t time)
{
	for (int i = 0; i < 4; i++, time >>= 8)
		bytes[i] = time & 0xff;
}

static size_t records(const struct table *table)
{
	size_t whole = table->size / table->record_size;

	return whole < RECORDS ? whole : RECORDS;
}

/* In our own table, what nobody skips any more is free. */
static bool is_free(struct table *table, size_t index)
{
	int64_t window = (int64_t)(60 + (getpid() & 31)) << 6;
	int64_t age = (int64_t)table->now - get_time(count(table, index) + 4);

	return *count(table, index) == 0 ||
	       (table->address_size == 16 && (age >= window || age <= -window));
}

static size_t find(struct table *table, const struct ip *ip)
{
	size_t index = 0;

	while (index < records(table) &&
	       memcmp(record(table, index), ip->octets, ip_size(ip)) != 0)
		index++;
	return index;
}

static size_t find_place(struct table *table)
{
	size_t best = 0;
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < records(table); i++) {
		uint64_t weight =
		    is_free(table, i)
			? 0
			: (uint64_t)get_time(count(table, i) + 4) +
			      ((uint64_t)*count(table, i) << 10) + 1;

		if (weight < least) {
			least = weight;
			best = i;
		}
	}
	return best;
}

static void model_timeout(struct table *table, const struct ip *ip)
{
	size_t full = RECORDS * table->record_size, index;

	if (table->address_size == 16 && table->size < full)
		memset(table->bytes + table->size, 0, full - table->size);
	if (table->address_size == 16 && table->size < full)
		table->size = full;
	if (records(table) == 0)
		return;
	index = find(table, ip);
	if (index == records(table)) {
		index = find_place(table);
		memcpy(record(table, index), ip->octets, ip_size(ip));
		*count(table, index) = 0;
	} else if (is_free(table, index)) {
		*count(table, index) = 0;
	} else if (table->now <
		   (uint64_t)get_time(count(table, index) + 4) + 120) {
		return;
	}
	*count(table, index) =
	    (unsigned char)(*count(table, index) < 10 ? *count(table, index) + 1
						      : 10);
	set_time(count(table, index) + 4, table->now);
}

static void model_success(struct table *table, const struct ip *ip)
{
	size_t index = find(table, ip);

	if (index < records(table))
		*count(table, index) = 0;
}

static int open_file(const char **path)
{
	static char *file;
	static int descriptor = -1;

	if (descriptor < 0) {
		const char *directory = getenv("TMPDIR");

		file = xasprintf("%s/fuzz-tcpto-XXXXXX",
		    directory != NULL ? directory : "/tmp");
		descriptor = mkostemp(file, O_CLOEXEC);
		FUZZ_CHECK(descriptor >= 0);
	}
	*path = file;
	return descriptor;
}

/* The code under test opens it by name; nothing is left behind afterwards. */
static void remove_file(void)
{
	const char *path;

	open_file(&path);
	unlink(path);
}

static void write_table(int descriptor, const struct table *table)
{
	FUZZ_CHECK(ftruncate(descriptor, 0) == 0);
	FUZZ_CHECK(pwrite(descriptor, table->bytes, table->size, 0) ==
		   (ssize_t)table->size);
}

/* What the file lacks of a full table reads as zero. */
static void check_table(int descriptor, const struct table *table)
{
	unsigned char bytes[FILE_MAX + 1] = {0};
	ssize_t size = pread(descriptor, bytes, sizeof bytes, 0);

	FUZZ_CHECK(size >= 0 && (size_t)size <= table->size);
	FUZZ_CHECK((size_t)size == table->size || table->address_size == 16);
	FUZZ_CHECK(memcmp(bytes, table->bytes, table->size) == 0);
}

static void check_look(struct table *table, const struct tcpto *tcpto,
    const struct ip *ip, bool done, bool timed_out)
{
	enum tcpto_status status = tcpto_look(tcpto, ip);
	size_t index = find(table, ip);

	FUZZ_CHECK((status == TCPTO_UNKNOWN) == (index == records(table)));
	if (status == TCPTO_SKIP)
		FUZZ_CHECK(*count(table, index) >= 2);
	if (done && timed_out && records(table) > 0)
		FUZZ_CHECK(status != TCPTO_UNKNOWN);
	if (done && !timed_out)
		FUZZ_CHECK(status != TCPTO_SKIP);
}

/* Returns false when the clock went on meanwhile. */
static bool step(struct table *table, int descriptor, const char *path,
    const struct ip *ip, bool timed_out)
{
	struct tcpto tcpto = {.v4_file = path, .v6_file = path};

	tcpto_note(&tcpto, ip, timed_out);
	if ((uint32_t)time(NULL) != table->now)
		return false;
	if (timed_out)
		model_timeout(table, ip);
	else
		model_success(table, ip);
	check_table(descriptor, table);
	check_look(table, &tcpto, ip, true, timed_out);
	return (uint32_t)time(NULL) == table->now;
}

static void start_table(
    struct table *table, bool v6, const uint8_t *bytes, size_t size)
{
	memset(table, 0, sizeof *table);
	table->now = (uint32_t)time(NULL);
	table->address_size = v6 ? 16 : 4;
	table->record_size = table->address_size + 12;
	table->size = size < FILE_MAX ? size : FILE_MAX;
	memcpy(table->bytes, bytes, table->size);
	for (size_t i = 0; i < records(table); i++) {
		unsigned char *time = count(table, i) + 4;

		set_time(time, table->now - get_time(time));
	}
}

int FUZZ_TARGET(tcpto)(const uint8_t *bytes, size_t size)
{
	static bool started;
	struct table table;
	struct ip ip;
	const char *path;
	int descriptor = open_file(&path);

	if (!started)
		started = atexit(remove_file) == 0;
	if (size < 17)
		return 0;
	ip_set(&ip, bytes[0] & FAMILY_BIT ? AF_INET6 : AF_INET, bytes + 1);
	start_table(&table, ip.version == 6, bytes + 17, size - 17);
	write_table(descriptor, &table);
	check_look(&table, &(struct tcpto){.v4_file = path, .v6_file = path},
	    &ip, false, false);
	for (int i = 0; i < STEPS; i++)
		if (!step(&table, descriptor, path, &ip, bytes[0] >> i & 1))
			break;
	return 0;
}
