/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tcpto-model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "home.h"

static const struct layout layouts[2] = {
    {4, 8, 16, V4_FILE}, {16, 20, 28, V6_FILE}};

int64_t model_window(void)
{
	return (60 + (getpid() & 31)) * 64;
}

const struct layout *layout_of(const struct ip *ip)
{
	return &layouts[ip->version == 6];
}

int64_t read_when(const unsigned char *record, const struct layout *at)
{
	return (int64_t)(record[at->when] + 256UL * record[at->when + 1] +
			 65536UL * record[at->when + 2] +
			 16777216UL * record[at->when + 3]);
}

void write_when(unsigned char *record, const struct layout *at, int64_t when)
{
	for (int i = 0; i < 4; i++, when /= 256)
		record[at->when + (size_t)i] = (unsigned char)(when % 256);
}

/* Nobody cleans the file for IPv6, so its old records are free. */
static bool counts(
    const unsigned char *record, const struct ip *ip, int64_t now)
{
	const struct layout *at = layout_of(ip);

	if (record[at->count] == 0)
		return false;
	return ip->version == 4 ||
	       llabs(now - read_when(record, at)) < model_window();
}

static unsigned char *model_find(struct table *table, const struct ip *ip)
{
	size_t step = layout_of(ip)->record;

	for (size_t i = 0; i < 64 && (i + 1) * step <= table->size; i++)
		if (memcmp(table->bytes + i * step, ip->octets, ip_size(ip)) ==
		    0)
			return table->bytes + i * step;
	return NULL;
}

enum tcpto_status model_look(
    struct table *table, const struct ip *ip, int64_t now)
{
	const struct layout *at = layout_of(ip);
	unsigned char *record = model_find(table, ip);

	if (record == NULL)
		return TCPTO_UNKNOWN;
	return record[at->count] >= 2 &&
		       now - read_when(record, at) < model_window()
		   ? TCPTO_SKIP
		   : TCPTO_KNOWN;
}

static unsigned char *model_place(
    struct table *table, const struct ip *ip, int64_t now)
{
	const struct layout *at = layout_of(ip);
	unsigned char *best = NULL;
	int64_t least = 0;

	for (size_t i = 0; i < 64 && (i + 1) * at->record <= table->size; i++) {
		unsigned char *record = table->bytes + i * at->record;
		int64_t weight =
		    read_when(record, at) + 1024 * record[at->count];

		if (!counts(record, ip, now))
			return record;
		if (best == NULL || weight < least) {
			best = record;
			least = weight;
		}
	}
	return best;
}

void model_note(
    struct table *table, const struct ip *ip, bool timed_out, int64_t now)
{
	const struct layout *at = layout_of(ip);
	unsigned char *record;

	if (timed_out && ip->version == 6 && table->size < HOME_TCPTO6)
		table->size = HOME_TCPTO6;
	record = model_find(table, ip);
	if (!timed_out) {
		if (record != NULL)
			record[at->count] = 0;
		return;
	}
	if (record == NULL) {
		record = model_place(table, ip, now);
		if (record == NULL)
			return;
		memcpy(record, ip->octets, ip_size(ip));
		record[at->count] = 1;
	} else if (!counts(record, ip, now)) {
		record[at->count] = 1;
	} else {
		if (now < read_when(record, at) + 120)
			return;
		if (record[at->count] < 10)
			record[at->count]++;
	}
	write_when(record, at, now);
}

void read_table(const char *file, struct table *table)
{
	FILE *stream = fopen(file, "re");

	*table = (struct table){0};
	if (stream == NULL)
		return;
	table->size = fread(table->bytes, 1, sizeof table->bytes, stream);
	fclose(stream);
}

void write_table(const char *file, const struct table *table)
{
	FILE *stream = fopen(file, "we");

	ck_assert_ptr_nonnull(stream);
	ck_assert_uint_eq(
	    fwrite(table->bytes, 1, table->size, stream), table->size);
	fclose(stream);
}

bool same_table(const struct table *a, const struct table *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}
