/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sealedcdb.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xalloc.h"

/*
 * The format of cdb: where each table begins and how many slots it has, the
 * records, the tables; and the seals.  A slot is a hash and where the record
 * is; a record is two sizes, the key and the value.  Numbers have 4 bytes.
 */
enum {
	TABLES = 256,
	NUMBER = 4,
	PAIR = 2 * NUMBER,
	SEAL = sizeof(uint64_t),
	SEALS_SIZE = TABLES * SEAL
};

/* FNV-1a, over bytes, and over a number at a time. */
static const uint64_t seal_start = UINT64_C(0xcbf29ce484222325);

static uint64_t add_number(uint64_t seal, uint64_t number)
{
	return (seal ^ number) * UINT64_C(0x100000001b3);
}

static uint64_t add_bytes(uint64_t seal, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++)
		seal = add_number(seal, byte[i]);
	return seal;
}

static bool is_sealed(uint64_t seal, const unsigned char *expected)
{
	return memcmp(&seal, expected, SEAL) == 0;
}

static uint64_t seal_record(
    const void *key, size_t key_size, const void *value, size_t value_size)
{
	uint64_t seal = add_number(seal_start, key_size);

	seal = add_number(seal, value_size);
	seal = add_bytes(seal, key, key_size);
	return add_bytes(seal, value, value_size);
}

bool sealedcdb_add(struct cdb_make *make, const void *key, size_t key_size,
    const void *value, size_t value_size)
{
	uint64_t seal = seal_record(key, key_size, value, value_size);
	char *sealed = xrealloc(NULL, SEAL + value_size, 1);
	int status;

	memcpy(sealed, &seal, SEAL);
	memcpy(sealed + SEAL, value, value_size);
	status = cdb_make_add(make, key, (unsigned)key_size, sealed,
	    (unsigned)(SEAL + value_size));
	free(sealed);
	return status == 0;
}

/* A part of the file, or NULL where it does not reach. */
static const unsigned char *part(
    const struct sealedcdb *database, size_t size, size_t at)
{
	if (at > database->size || size > database->size - at)
		return NULL;
	return cdb_get(&database->cdb, (unsigned)size, (unsigned)at);
}

/* The entry, the table and *slots; an empty table may be anywhere. */
static bool find_table(const struct sealedcdb *database, size_t index,
    uint64_t *seal, const unsigned char **table, size_t *slots)
{
	const unsigned char *entry = part(database, PAIR, index * PAIR);

	if (entry == NULL)
		return false;
	*slots = cdb_unpack(entry + NUMBER);
	if (*slots > database->size / PAIR)
		return false;
	*table = part(database, *slots * PAIR, cdb_unpack(entry));
	if (*table == NULL)
		return false;
	*seal = add_bytes(seal_start, entry, PAIR);
	*seal = add_bytes(*seal, *table, *slots * PAIR);
	return true;
}

static bool seal_tables(
    const struct sealedcdb *database, uint64_t seals[TABLES])
{
	const unsigned char *table;
	size_t slots;

	for (size_t i = 0; i < TABLES; i++)
		if (!find_table(database, i, &seals[i], &table, &slots))
			return false;
	return true;
}

bool sealedcdb_finish(struct cdb_make *make, int descriptor)
{
	uint64_t seals[TABLES];
	struct sealedcdb database;
	int copy;
	bool good;

	if (cdb_make_finish(make) != 0)
		return false;
	copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
	if (copy < 0 || !sealedcdb_open(&database, copy))
		return false;
	good = seal_tables(&database, seals) &&
	       pwrite(descriptor, seals, SEALS_SIZE, (off_t)database.size) ==
		   SEALS_SIZE;
	sealedcdb_close(&database);
	return good;
}

bool sealedcdb_open(struct sealedcdb *database, int descriptor)
{
	struct stat status;

	database->damaged = false;
	if (fstat(descriptor, &status) == 0 && status.st_size >= 0 &&
	    cdb_init(&database->cdb, descriptor) == 0) {
		database->size = (size_t)status.st_size;
		return true;
	}
	close(descriptor);
	return false;
}

void sealedcdb_close(struct sealedcdb *database)
{
	int descriptor = cdb_fileno(&database->cdb);

	cdb_free(&database->cdb);
	close(descriptor);
}

void sealedcdb_search(struct sealedcdb_search *search,
    struct sealedcdb *database, const void *key, size_t key_size)
{
	uint32_t hash = cdb_hash(key, (unsigned)key_size);
	size_t index = hash % TABLES;
	const unsigned char *expected = NULL;
	uint64_t seal;

	*search = (struct sealedcdb_search){.database = database,
	    .key = key,
	    .key_size = key_size,
	    .hash = hash};
	if (database->size >= SEALS_SIZE)
		expected = part(
		    database, SEAL, database->size - SEALS_SIZE + index * SEAL);
	if (expected == NULL ||
	    !find_table(
		database, index, &seal, &search->table, &search->slots) ||
	    !is_sealed(seal, expected)) {
		database->damaged = true;
		return;
	}
	search->left = search->slots;
	if (search->slots > 0)
		search->next = hash / TABLES % search->slots;
}

struct record {
	const unsigned char *key, *value;
	size_t key_size, value_size;
};

/* Finds the record at that place.  Returns false for a damaged one. */
static bool find_record(
    const struct sealedcdb *database, size_t at, struct record *record)
{
	const unsigned char *sizes = part(database, PAIR, at), *seal;

	if (sizes == NULL)
		return false;
	record->key_size = cdb_unpack(sizes);
	record->value_size = cdb_unpack(sizes + NUMBER);
	if (record->key_size > database->size ||
	    record->value_size > database->size || record->value_size < SEAL)
		return false;
	record->key =
	    part(database, record->key_size + record->value_size, at + PAIR);
	if (record->key == NULL)
		return false;
	seal = record->key + record->key_size;
	record->value = seal + SEAL;
	record->value_size -= SEAL;
	return is_sealed(seal_record(record->key, record->key_size,
			     record->value, record->value_size),
	    seal);
}

static bool is_sought(
    const struct sealedcdb_search *search, const struct record *record)
{
	return record->key_size == search->key_size &&
	       memcmp(record->key, search->key, search->key_size) == 0;
}

/* Goes on to the next slot.  Returns false when none is in use any more. */
static bool next_slot(
    struct sealedcdb_search *search, uint32_t *hash, uint32_t *at)
{
	const unsigned char *slot;

	if (search->left == 0)
		return false;
	slot = search->table + search->next * PAIR;
	search->left--;
	search->next = (search->next + 1) % search->slots;
	*hash = cdb_unpack(slot);
	*at = cdb_unpack(slot + NUMBER);
	return *at != 0;
}

bool sealedcdb_next(
    struct sealedcdb_search *search, const char **value, size_t *size)
{
	struct record record;
	uint32_t hash, at;

	while (next_slot(search, &hash, &at)) {
		if (hash != search->hash)
			continue;
		if (!find_record(search->database, at, &record)) {
			search->database->damaged = true;
			break;
		}
		if (is_sought(search, &record)) {
			*value = (const char *)record.value;
			*size = record.value_size;
			return true;
		}
	}
	search->left = 0;
	return false;
}
