/* SPDX-License-Identifier: ISC */
/*
 * Writes a sealed database (sealedcdb.h).  This is in a module of its own:
 * tinycdb is needed only when a source has changed.
 */
#ifndef SEALEDCDB_MAKE_H
#define SEALEDCDB_MAKE_H

#include <cdb.h>
#include <stdbool.h>
#include <stddef.h>

/* Adds a record to one that is being made.  Returns false with errno. */
bool sealedcdb_add(struct cdb_make *make, const void *key, size_t key_size,
    const void *value, size_t value_size);

/* Ends it, whether all could be added or not.  Returns false with errno. */
bool sealedcdb_finish(struct cdb_make *make, int descriptor);

#endif
