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

/* FNV-1a. */
static uint64_t add_to_seal(uint64_t seal, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++)
		seal = (seal ^ byte[i]) * UINT64_C(0x100000001b3);
	return seal;
}

static uint64_t start_seal(const void *bytes, size_t size)
{
	return add_to_seal(UINT64_C(0xcbf29ce484222325), bytes, size);
}

static bool is_sealed(uint64_t seal, const unsigned char *expected)
{
	return memcmp(&seal, expected, SEAL) == 0;
}

static uint64_t seal_record(
    const void *key, size_t key_size, const void *value, size_t value_size)
{
	uint64_t sizes[2] = {key_size, value_size};
	uint64_t seal = start_seal(sizes, sizeof sizes);

	seal = add_to_seal(seal, key, key_size);
	return add_to_seal(seal, value, value_size);
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
	*table = part(database, *slots * PAIR, cdb_unpack(entry));
	if (*table == NULL)
		return false;
	*seal = start_seal(entry, PAIR);
	*seal = add_to_seal(*seal, *table, *slots * PAIR);
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

/*
 * Reads the record at that place.  Returns false for one of another key, and
 * for a damaged one.
 */
static bool read_record(struct sealedcdb_search *search, size_t at,
    const char **value, size_t *size)
{
	struct sealedcdb *database = search->database;
	const unsigned char *sizes = part(database, PAIR, at);
	const unsigned char *key = NULL;
	size_t key_size = 0, value_size = 0;

	if (sizes != NULL) {
		key_size = cdb_unpack(sizes);
		value_size = cdb_unpack(sizes + NUMBER);
		key = part(database, key_size + value_size, at + PAIR);
	}
	if (key == NULL || value_size < SEAL ||
	    !is_sealed(seal_record(key, key_size, key + key_size + SEAL,
			   value_size - SEAL),
		key + key_size)) {
		database->damaged = true;
		return false;
	}
	*value = (const char *)key + key_size + SEAL;
	*size = value_size - SEAL;
	return key_size == search->key_size &&
	       memcmp(key, search->key, key_size) == 0;
}

bool sealedcdb_next(
    struct sealedcdb_search *search, const char **value, size_t *size)
{
	while (search->left > 0 && !search->database->damaged) {
		const unsigned char *slot = search->table + search->next * PAIR;
		uint32_t at = cdb_unpack(slot + NUMBER);

		search->next = (search->next + 1) % search->slots;
		search->left--;
		if (at == 0)
			break;
		if (cdb_unpack(slot) == search->hash &&
		    read_record(search, at, value, size))
			return true;
	}
	search->left = 0;
	return false;
}
