/* SPDX-License-Identifier: ISC */
/*
 * A constant database (cdb) compiled from some source, and compiled again
 * whenever stat(2) shows that the source has changed.  The database is
 * DIRECTORY/NAME.cdb, written under DIRECTORY/NAME.lock into a temporary file
 * that is then renamed: a reader sees one state or the other, and readers do
 * not wait for each other.
 *
 * When the directory cannot be used, or the lock cannot be had soon, or the
 * database is damaged, a private one is compiled for this process alone.
 *
 * The database holds the stamp of its source, and the modification time that
 * it was given itself: a file that anybody has written to since is damaged.
 */
#ifndef CDBCACHE_H
#define CDBCACHE_H

#include <cdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "report.h"

/* What stat shows of a source, as text, and its latest change. */
struct cdbcache_stamp {
	char *text;
	size_t length;
	struct timespec latest;
};

/* What will be in the database, in order; keys may repeat. */
struct cdbcache_records {
	char *bytes;
	size_t size, room;
};

/* A source, and the two things that the cache has to ask of it. */
struct cdbcache_source {
	const char *name; /* of the database, without ".cdb" */
	const char *path; /* of the source */
	/* Stamps all that the source is made of. */
	void (*stamp)(const char *path, struct cdbcache_stamp *stamp);
	/* Reads the source into records; false fills the report. */
	bool (*compile)(const char *path, struct cdbcache_records *records,
	    struct report *report);
};

struct cdbcache {
	struct cdb cdb;
	bool damaged; /* found so when it was read */
};

/* Adds what stat shows of one file; a missing one is shown as missing. */
void cdbcache_stamp_file(struct cdbcache_stamp *stamp, const char *path);

/* Adds a record.  No key may begin with a NUL byte: those are the cache's. */
void cdbcache_add(struct cdbcache_records *records, const void *key,
    size_t key_size, const void *value, size_t value_size);

/*
 * Opens the database of source in directory, compiled anew when need be.
 * Returns false with a report when the source cannot be compiled.
 */
bool cdbcache_open(struct cdbcache *cache, const char *directory,
    const struct cdbcache_source *source, struct report *report);

/* Compiles a private one, whatever the directory holds. */
bool cdbcache_open_private(struct cdbcache *cache,
    const struct cdbcache_source *source, struct report *report);

void cdbcache_close(struct cdbcache *cache);

/* Walks through the values of a key, in the order in which they were added. */
struct cdbcache_search {
	struct cdbcache *cache;
	struct cdb_find find;
	bool possible;
};

void cdbcache_search(struct cdbcache_search *search, struct cdbcache *cache,
    const void *key, size_t key_size);

/*
 * The next value; it lives until the cache is closed.  Returns false after
 * the last one, and when the database turns out to be damaged.
 */
bool cdbcache_next(
    struct cdbcache_search *search, const char **value, size_t *size);

#endif
