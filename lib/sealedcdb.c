/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sealedcdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xalloc.h"

/*
 * The format of cdb: 256 entries, which say where each table begins and how
 * many slots it has, the records, the tables.  A slot is a hash and where the
 * record is; a record is two sizes, the key and the value.  Numbers have 4
 * bytes.  Behind the tables are the seals, of a block of entries or slots each,
 * and the offsets between which the tables stand.
 *
 * It is read here and not by tinycdb's own search, which takes a record whose
 * key is damaged for that of another key: of all single bits wrong in the
 * records of twenty routes, 39 of 100 made a route vanish unseen.
 */
enum {
	TABLES = 256,
	NUMBER = 4,
	PAIR = 2 * NUMBER,
	ENTRIES_SIZE = TABLES * PAIR,
	BLOCK = 32 * PAIR,
	ENTRY_BLOCKS = ENTRIES_SIZE / BLOCK,
	SEAL = sizeof(uint64_t),
	TRAILER = 2 * sizeof(uint64_t)
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
	return database->bytes + at;
}

static size_t count_blocks(const struct sealedcdb *database)
{
	size_t size = database->tables_end - database->tables;

	return ENTRY_BLOCKS + (size + BLOCK - 1) / BLOCK;
}

/* The checksum of a block and of where it is: entries first, then slots. */
static uint64_t seal_block(const struct sealedcdb *database, size_t block)
{
	bool entries = block < ENTRY_BLOCKS;
	size_t at = entries ? block * BLOCK
			    : database->tables + (block - ENTRY_BLOCKS) * BLOCK;
	size_t left = (entries ? ENTRIES_SIZE : database->tables_end) - at;
	size_t end = at + (left < BLOCK ? left : BLOCK);
	uint64_t seal = add_number(seal_start, at), pair;

	for (; at < end; at += PAIR) {
		memcpy(&pair, database->bytes + at, PAIR);
		seal = add_number(seal, pair);
	}
	return seal;
}

/* The entry or slot there, or NULL when its block is not what was written. */
static const unsigned char *find_pair(
    const struct sealedcdb *database, size_t at)
{
	bool entry = at < ENTRIES_SIZE;
	size_t block =
	    entry ? at / BLOCK : ENTRY_BLOCKS + (at - database->tables) / BLOCK;
	const unsigned char *seal =
	    part(database, SEAL, database->tables_end + block * SEAL);

	if (seal == NULL || !is_sealed(seal_block(database, block), seal))
		return NULL;
	return database->bytes + at;
}

/* Finds where the first table with slots begins; they reach to the file's end.
 */
static void find_tables(struct sealedcdb *database)
{
	database->tables = database->tables_end = database->size;
	for (size_t at = 0; at < ENTRIES_SIZE; at += PAIR) {
		size_t table = cdb_unpack(database->bytes + at);

		if (cdb_unpack(database->bytes + at + NUMBER) > 0 &&
		    table < database->tables)
			database->tables = table;
	}
}

/* Writes the seals, and the offsets, behind the tables. */
static bool write_seals(const struct sealedcdb *database, int descriptor)
{
	size_t count = count_blocks(database);
	size_t size = count * SEAL + TRAILER;
	uint64_t *seals = xcalloc(count + 2, sizeof *seals);
	bool good;

	for (size_t i = 0; i < count; i++)
		seals[i] = seal_block(database, i);
	seals[count] = database->tables;
	seals[count + 1] = database->tables_end;
	good = pwrite(descriptor, seals, size, (off_t)database->size) ==
	       (ssize_t)size;
	free(seals);
	return good;
}

/* Maps the file.  Returns false with errno. */
static bool map(struct sealedcdb *database, int descriptor)
{
	struct stat status;
	void *bytes;

	database->damaged = false;
	if (fstat(descriptor, &status) != 0)
		return false;
	if (status.st_size < ENTRIES_SIZE ||
	    (uintmax_t)status.st_size > UINT32_MAX) {
		errno = EINVAL;
		return false;
	}
	database->size = (size_t)status.st_size;
	bytes =
	    mmap(NULL, database->size, PROT_READ, MAP_SHARED, descriptor, 0);
	if (bytes == MAP_FAILED)
		return false;
	database->bytes = bytes;
	return true;
}

bool sealedcdb_finish(struct cdb_make *make, int descriptor)
{
	struct sealedcdb database;
	bool good;

	if (cdb_make_finish(make) != 0 || !map(&database, descriptor))
		return false;
	find_tables(&database);
	good = write_seals(&database, descriptor);
	sealedcdb_close(&database);
	return good;
}

static bool read_trailer(struct sealedcdb *database)
{
	const unsigned char *trailer =
	    database->bytes + database->size - TRAILER;
	uint64_t offsets[2];

	memcpy(offsets, trailer, TRAILER);
	database->tables = (size_t)offsets[0];
	database->tables_end = (size_t)offsets[1];
	return ENTRIES_SIZE <= offsets[0] && offsets[0] <= offsets[1] &&
	       offsets[1] < database->size - TRAILER &&
	       (offsets[1] - offsets[0]) % PAIR == 0;
}

bool sealedcdb_open(struct sealedcdb *database, int descriptor)
{
	bool mapped = map(database, descriptor);
	int error = errno;

	close(descriptor);
	errno = error;
	if (!mapped)
		return false;
	if (database->size >= ENTRIES_SIZE + TRAILER && read_trailer(database))
		return true;
	sealedcdb_close(database);
	errno = EINVAL;
	return false;
}

void sealedcdb_close(struct sealedcdb *database)
{
	munmap((void *)database->bytes, database->size);
}

/* Whether there are as many slots from there on. */
static bool has_slots(
    const struct sealedcdb *database, size_t table, size_t slots)
{
	return slots == 0 ||
	       (table >= database->tables && table <= database->tables_end &&
		   slots <= (database->tables_end - table) / PAIR);
}

void sealedcdb_search(struct sealedcdb_search *search,
    struct sealedcdb *database, const void *key, size_t key_size)
{
	uint32_t hash = cdb_hash(key, (unsigned)key_size);
	const unsigned char *entry = find_pair(database, hash % TABLES * PAIR);

	*search = (struct sealedcdb_search){.database = database,
	    .key = key,
	    .key_size = key_size,
	    .hash = hash};
	if (entry == NULL) {
		database->damaged = true;
		return;
	}
	search->table = cdb_unpack(entry);
	search->slots = cdb_unpack(entry + NUMBER);
	if (!has_slots(database, search->table, search->slots)) {
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
	slot = find_pair(search->database, search->table + search->next * PAIR);
	if (slot == NULL) {
		search->database->damaged = true;
		return false;
	}
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
