/* SPDX-License-Identifier: ISC */
/*
 * A second reader and writer of the tables of timeouts, written from the
 * description of stock's format alone.
 */
#ifndef TCPTO_MODEL_H
#define TCPTO_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ip.h"
#include "tcpto.h"

#define V4_FILE "queue/lock/tcpto"
#define V6_FILE "run/qmail-remote/tcpto6"

enum { TABLE_MAX = 4096 };

struct table {
	size_t size;
	unsigned char bytes[TABLE_MAX];
};

/* Where things are in a record, and how long it is. */
struct layout {
	size_t count, when, record;
	const char *file;
};

const struct layout *layout_of(const struct ip *ip);

/* How long this process skips a server, in seconds. */
int64_t model_window(void);

/* The time in a record. */
int64_t read_when(const unsigned char *record, const struct layout *at);
void write_when(unsigned char *record, const struct layout *at, int64_t when);

/* What tcpto_look says, and what tcpto_note makes of a table, at that time. */
enum tcpto_status model_look(
    struct table *table, const struct ip *ip, int64_t now);
void model_note(
    struct table *table, const struct ip *ip, bool timed_out, int64_t now);

/* A missing file is an empty table. */
void read_table(const char *file, struct table *table);
void write_table(const char *file, const struct table *table);
bool same_table(const struct table *a, const struct table *b);

#endif
