/* SPDX-License-Identifier: ISC */
/*
 * A sealed database (sealedcdb.h) compiled from some source, and compiled again
 * whenever stat(2) shows that the source has changed.  The database is
 * DIRECTORY/NAME.cdb, written under DIRECTORY/NAME.lock into a temporary file
 * that is then renamed: a reader sees one state or the other, and readers do
 * not wait for each other.  Files that root has left in the directory are
 * replaced.
 *
 * When the directory cannot be used, or the lock cannot be had soon, or the
 * database is damaged, a private one is compiled for this process alone.
 */
#ifndef CDBCACHE_H
#define CDBCACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "sealedcdb.h"
#include "stamp.h"

/* What will be in the database, in order; keys may repeat. */
struct cdbcache_records {
	char *bytes;
	size_t size, room;
};

/* A source, and the two things that the cache has to ask of it. */
struct cdbcache_source {
	const char *name; /* of the database, without ".cdb" */
	const char *path; /* of the source */
	/* Stamps all that the source is made of; NULL: it is one file. */
	void (*stamp)(
	    const struct cdbcache_source *source, struct stamp *stamp);
	/* Reads the source into records; false fills the failure. */
	bool (*compile)(const struct cdbcache_source *source,
	    struct cdbcache_records *records, struct failure *failure);
};

/* Adds a record.  No key may begin with a NUL byte: those are the cache's. */
void cdbcache_add(struct cdbcache_records *records, const void *key,
    size_t key_size, const void *value, size_t value_size);

/*
 * Opens the database of source in directory, compiled anew when need be.
 * Returns false with the failure when the source cannot be compiled.
 */
bool cdbcache_open(struct sealedcdb *database, const char *directory,
    const struct cdbcache_source *source, struct failure *failure);

/*
 * In place of one that a search has found damaged: compiles a private one.
 * The other is closed and removed, so that the next process makes a new one.
 */
bool cdbcache_replace(struct sealedcdb *database, const char *directory,
    const struct cdbcache_source *source, struct failure *failure);

#endif
