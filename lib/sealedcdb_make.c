/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sealedcdb_make.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sealedcdb_form.h"
#include "sealedcdb_module.h"
#include "xalloc.h"

bool sealedcdb_add(struct cdb_make *make, const void *key, size_t key_size,
    const void *value, size_t value_size)
{
	uint64_t seal = sealedcdb_seal_record(key, key_size, value, value_size);
	char *sealed = xrealloc(NULL, CDB_SEAL + value_size, 1);
	int status;

	memcpy(sealed, &seal, CDB_SEAL);
	memcpy(sealed + CDB_SEAL, value, value_size);
	status = cdb_make_add(make, key, (unsigned)key_size, sealed,
	    (unsigned)(CDB_SEAL + value_size));
	free(sealed);
	return status == 0;
}

static size_t count_blocks(const struct sealedcdb *database)
{
	size_t size = database->tables_end - database->tables;

	return CDB_ENTRY_BLOCKS + (size + CDB_BLOCK - 1) / CDB_BLOCK;
}

/* Finds where the first table with slots begins; they reach to the file's end.
 */
static void find_tables(struct sealedcdb *database)
{
	database->tables = database->tables_end = database->size;
	for (size_t at = 0; at < CDB_ENTRIES_SIZE; at += CDB_PAIR) {
		size_t table = sealedcdb_number(database->bytes + at);

		if (sealedcdb_number(database->bytes + at + CDB_NUMBER) > 0 &&
		    table < database->tables)
			database->tables = table;
	}
}

/* Writes the seals, and the offsets, behind the tables. */
static bool write_seals(const struct sealedcdb *database, int descriptor)
{
	size_t count = count_blocks(database);
	size_t size = count * CDB_SEAL + CDB_TRAILER;
	uint64_t *seals = xcalloc(count + 2, sizeof *seals);
	bool good;

	for (size_t i = 0; i < count; i++)
		seals[i] = sealedcdb_seal_block(database, i);
	seals[count] = database->tables;
	seals[count + 1] = database->tables_end;
	good = pwrite(descriptor, seals, size, (off_t)database->size) ==
	       (ssize_t)size;
	free(seals);
	return good;
}

bool sealedcdb_finish(struct cdb_make *make, int descriptor)
{
	struct sealedcdb database;
	bool good;

	if (cdb_make_finish(make) != 0 || !sealedcdb_map(&database, descriptor))
		return false;
	find_tables(&database);
	good = write_seals(&database, descriptor);
	sealedcdb_close(&database);
	return good;
}

/* The records as sealedcdb_module.h has them. */
static bool add_all(struct cdb_make *make, const char *records, size_t size)
{
	const char *end = records + size;

	while (records < end) {
		uint32_t sizes[2];
		const char *key = records + sizeof sizes;

		memcpy(sizes, records, sizeof sizes);
		if (!sealedcdb_add(
			make, key, sizes[0], key + sizes[0], sizes[1]))
			return false;
		records = key + sizes[0] + sizes[1];
	}
	return true;
}

static bool write_all(int descriptor, const char *records, size_t size)
{
	struct cdb_make make;
	bool good;

	if (cdb_make_start(&make, descriptor) != 0)
		return false;
	good = add_all(&make, records, size);
	/* Always called: it frees what the others allocated. */
	return sealedcdb_finish(&make, descriptor) && good;
}

const struct sealedcdb_module cdb_module = {MODULE_START, write_all};
