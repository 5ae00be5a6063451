/* SPDX-License-Identifier: ISC */
/*
 * A constant database (cdb) in which whatever a search reads is checked first:
 * a value that is found is the one that was written, and a key that is not
 * found was not written.  The seals are checksums, against accidents; whoever
 * may write to the file can make others.
 *
 * Each value begins with the checksum of its record.  Those of the hash tables,
 * one for each few slots, stand behind the tables, where other readers of cdb
 * do not look; so a search costs the same however many records there are.
 */
#ifndef SEALEDCDB_H
#define SEALEDCDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sealedcdb {
	const unsigned char *bytes; /* the file, mapped */
	size_t size;
	size_t tables, tables_end; /* offsets of all slots */
	bool damaged;		   /* found so by a search */
};

/* Takes the descriptor, and closes it when it returns false. */
bool sealedcdb_open(struct sealedcdb *database, int descriptor);

void sealedcdb_close(struct sealedcdb *database);

/* Walks through the values of a key, in the order in which they were added. */
struct sealedcdb_search {
	struct sealedcdb *database;
	const void *key;
	size_t key_size;
	uint32_t hash;
	size_t table; /* offset of its slots, 8 bytes each */
	size_t slots, next, left;
};

/* The key is not copied. */
void sealedcdb_search(struct sealedcdb_search *search,
    struct sealedcdb *database, const void *key, size_t key_size);

/*
 * The next value; it lives until the database is closed.  Returns false after
 * the last one, and when the database turns out to be damaged.
 */
bool sealedcdb_next(
    struct sealedcdb_search *search, const char **value, size_t *size);

#endif
