/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tcpto.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lock.h"
#include "ownfile.h"
#include "xalloc.h"

enum {
	RECORD_MAX = 28,
	COUNT_MAX = 10,
	COUNT_SKIP = 2, /* timeouts that make a server worth skipping */
	SAME_FAILURE_SECONDS = 120,
	WINDOWS = 32 /* in how many ways processes skip */
};

/* What a table is opened for. */
enum purpose { LOOK, CHANGE, MAKE };

struct table {
	int descriptor;
	size_t address_size, record_size;
	size_t records;
	bool forgets; /* old records are free: nobody cleans this file */
	unsigned char bytes[TCPTO_RECORDS * RECORD_MAX];
};

static unsigned char *record(struct table *table, size_t index)
{
	return table->bytes + index * table->record_size;
}

static unsigned char *count(struct table *table, size_t index)
{
	return record(table, index) + table->address_size;
}

static uint32_t get_time(struct table *table, size_t index)
{
	const unsigned char *byte = count(table, index) + 4;

	return byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 |
	       (uint32_t)byte[3] << 24;
}

static void set_time(struct table *table, size_t index, uint32_t time)
{
	unsigned char *byte = count(table, index) + 4;

	for (int i = 0; i < 4; i++)
		byte[i] = (unsigned char)(time >> (8 * i));
}

/*
 * Seconds for which a server is skipped: about an hour and a quarter, not
 * the same for all processes, so that they do not all try at once.
 */
static int64_t skip_window(unsigned way)
{
	return (int64_t)(60 + way) << 6;
}

static int64_t own_window(void)
{
	return skip_window((unsigned)getpid() % WINDOWS);
}

/* A time that is far ahead comes from a clock that was wrong. */
static bool is_recent(
    struct table *table, size_t index, uint32_t now, int64_t window)
{
	int64_t age = (int64_t)now - get_time(table, index);

	return age < window && age > -window;
}

struct tcpto tcpto_in(const char *run_directory)
{
	return (struct tcpto){.v4_file = "queue/lock/tcpto",
	    .v6_file = xasprintf("%s/tcpto6", run_directory)};
}

/* One that may only be read is good enough to look. */
static int open_file(const char *file, bool ours, enum purpose purpose)
{
	int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int descriptor;

	if (ours && purpose == MAKE)
		return ownfile_open(file, 0644);
	descriptor = open(file, O_RDWR | flags);
	if (descriptor >= 0 || errno == ENOENT)
		return descriptor;
	if (purpose == LOOK)
		return open(file, O_RDONLY | flags);
	return ours ? ownfile_open(file, 0644) : -1;
}

static ssize_t lock_and_read(struct table *table, size_t full)
{
	if (!lock_take(table->descriptor))
		return -1;
	return pread(table->descriptor, table->bytes, full, 0);
}

static void close_table(const struct table *table)
{
	int error = errno;

	close(table->descriptor);
	errno = error;
}

/* Opens, locks and reads the table of a family.  Returns false with errno. */
static bool open_table(struct table *table, const struct tcpto *tcpto,
    int version, enum purpose purpose)
{
	bool v6 = version == 6;
	const char *file = v6 ? tcpto->v6_file : tcpto->v4_file;
	ssize_t size, full;

	memset(table, 0, sizeof *table);
	table->address_size = v6 ? 16 : 4;
	table->record_size = table->address_size + 12;
	table->forgets = v6;
	full = (ssize_t)(TCPTO_RECORDS * table->record_size);
	table->descriptor = open_file(file, v6, purpose);
	if (table->descriptor < 0)
		return false;
	size = lock_and_read(table, (size_t)full);
	if (size < 0) {
		close_table(table);
		return false;
	}
	/* A new table of ours is all zero; so is what one cut short lacks. */
	if (v6 && purpose == MAKE && size < full &&
	    ftruncate(table->descriptor, full) == 0)
		size = full;
	table->records = (size_t)size / table->record_size;
	return true;
}

static bool find(struct table *table, const struct ip *ip, size_t *index)
{
	for (size_t i = 0; i < table->records; i++) {
		if (memcmp(record(table, i), ip->octets, ip_size(ip)) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}

static bool is_free(struct table *table, size_t index, uint32_t now)
{
	return *count(table, index) == 0 ||
	       (table->forgets && !is_recent(table, index, now, own_window()));
}

/* The first free record, or the one that has least to say. */
static size_t find_place(struct table *table, uint32_t now)
{
	uint64_t least = UINT64_MAX;
	size_t place = 0;

	for (size_t i = 0; i < table->records; i++) {
		uint64_t weight =
		    get_time(table, i) + ((uint64_t)*count(table, i) << 10);

		if (is_free(table, i, now))
			return i;
		if (weight < least) {
			least = weight;
			place = i;
		}
	}
	return place;
}

enum tcpto_status tcpto_look(const struct tcpto *tcpto, const struct ip *ip)
{
	struct table table;
	size_t index;

	if (!open_table(&table, tcpto, ip->version, LOOK))
		return TCPTO_UNKNOWN;
	close_table(&table);
	if (!find(&table, ip, &index))
		return TCPTO_UNKNOWN;
	if (*count(&table, index) >= COUNT_SKIP &&
	    is_recent(&table, index, (uint32_t)time(NULL), own_window()))
		return TCPTO_SKIP;
	return TCPTO_KNOWN;
}

static void write_record(struct table *table, size_t index)
{
	ssize_t written = pwrite(table->descriptor, record(table, index),
	    table->record_size, (off_t)(index * table->record_size));

	(void)written; /* the next delivery finds out again */
}

static void note_timeout(
    struct table *table, const struct ip *ip, bool known, size_t index)
{
	uint32_t now = (uint32_t)time(NULL);

	if (!known) {
		index = find_place(table, now);
		memcpy(record(table, index), ip->octets, ip_size(ip));
		*count(table, index) = 0;
	} else if (is_free(table, index, now)) {
		*count(table, index) = 0;
	} else if ((int64_t)now <
		   SAME_FAILURE_SECONDS + (int64_t)get_time(table, index)) {
		return;
	}
	if (*count(table, index) < COUNT_MAX)
		++*count(table, index);
	else
		*count(table, index) = COUNT_MAX;
	set_time(table, index, now);
	write_record(table, index);
}

void tcpto_note(const struct tcpto *tcpto, const struct ip *ip, bool timed_out)
{
	struct table table;
	size_t index = 0;
	bool known;

	if (!open_table(&table, tcpto, ip->version, timed_out ? MAKE : CHANGE))
		return;
	known = find(&table, ip, &index);
	if (timed_out && table.records > 0) {
		note_timeout(&table, ip, known, index);
	} else if (known && *count(&table, index) > 0) {
		*count(&table, index) = 0;
		write_record(&table, index);
	}
	close_table(&table);
}

/* What a record says; false where it counts nothing. */
static bool read_entry(
    struct table *table, size_t index, uint32_t now, struct tcpto_entry *entry)
{
	int64_t longest = skip_window(WINDOWS - 1);
	bool recent = is_recent(table, index, now, longest);

	*entry = (struct tcpto_entry){
	    .count = *count(table, index), .when = get_time(table, index)};
	ip_set(&entry->ip, table->forgets ? AF_INET6 : AF_INET,
	    record(table, index));
	if (recent && entry->count >= COUNT_SKIP)
		entry->until = entry->when + longest;
	return entry->count > 0 && (recent || !table->forgets);
}

bool tcpto_list(const struct tcpto *tcpto, int version,
    struct tcpto_entry list[TCPTO_RECORDS], size_t *listed)
{
	uint32_t now = (uint32_t)time(NULL);
	struct table table;

	*listed = 0;
	if (!open_table(&table, tcpto, version, LOOK))
		return version == 6 && errno == ENOENT;
	close_table(&table);
	for (size_t i = 0; i < table.records; i++)
		if (read_entry(&table, i, now, &list[*listed]))
			++*listed;
	return true;
}

bool tcpto_clear(const struct tcpto *tcpto, int version)
{
	struct table table;
	size_t size;
	ssize_t written;

	if (!open_table(&table, tcpto, version, CHANGE))
		return version == 6 && errno == ENOENT;
	size = table.records * table.record_size;
	memset(table.bytes, 0, size);
	written = pwrite(table.descriptor, table.bytes, size, 0);
	close_table(&table);
	return written == (ssize_t)size;
}
