/* SPDX-License-Identifier: ISC */
/* What the programs and the module of tinycdb have to agree upon. */
#ifndef SEALEDCDB_MODULE_H
#define SEALEDCDB_MODULE_H

#include <stdbool.h>
#include <stddef.h>

#include "module.h"

/*
 * What the module offers, by the name cdb_module.  write makes a sealed
 * database of records: each is the sizes of key and value, as two uint32_t,
 * then the key, then the value.  It returns false with errno.
 */
struct sealedcdb_module {
	struct module module;
	bool (*write)(int descriptor, const char *records, size_t size);
};
extern const struct sealedcdb_module cdb_module MODULE_EXPORT;

#endif
