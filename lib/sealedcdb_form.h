/* SPDX-License-Identifier: ISC */
/*
 * The form of a sealed database, for what writes it and what reads it.
 *
 * The format of cdb: 256 entries, which say where each table begins and how
 * many slots it has, the records, the tables.  A slot is a hash and where the
 * record is; a record is two sizes, the key and the value.  Numbers have 4
 * bytes.  Behind the tables are the seals, of a block of entries or slots each,
 * and the offsets between which the tables stand.
 */
#ifndef SEALEDCDB_FORM_H
#define SEALEDCDB_FORM_H

#include "sealedcdb.h"

enum {
	CDB_TABLES = 256,
	CDB_NUMBER = 4,
	CDB_PAIR = 2 * CDB_NUMBER,
	CDB_ENTRIES_SIZE = CDB_TABLES * CDB_PAIR,
	CDB_BLOCK = 32 * CDB_PAIR,
	CDB_ENTRY_BLOCKS = CDB_ENTRIES_SIZE / CDB_BLOCK,
	CDB_SEAL = sizeof(uint64_t),
	CDB_TRAILER = 2 * sizeof(uint64_t)
};

/* The number there; the least octet comes first. */
uint32_t sealedcdb_number(const unsigned char *bytes);

/* The checksum of a record. */
uint64_t sealedcdb_seal_record(
    const void *key, size_t key_size, const void *value, size_t value_size);

/* The checksum of a block and of where it is: entries first, then slots. */
uint64_t sealedcdb_seal_block(const struct sealedcdb *database, size_t block);

/* Maps the file, whose tables are not looked for.  Returns false with errno. */
bool sealedcdb_map(struct sealedcdb *database, int descriptor);

#endif
