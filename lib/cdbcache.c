/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "cdbcache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "descriptors.h"
#include "lock.h"
#include "ownfile.h"
#include "paths.h"
#include "sealedcdb_module.h"
#include "xalloc.h"

/* How long a source is given to settle. */
enum { SETTLE_MS = 2500 };

/* Another version may keep its records in another form. */
static const char stamp_key[] = "\0stamp " PACKAGE_VERSION;

static struct stamp take_stamp(const struct cdbcache_source *source)
{
	struct stamp stamp = {0};

	if (source->stamp != NULL)
		source->stamp(source, &stamp);
	else
		stamp_add_file(&stamp, source->path);
	return stamp;
}

/* A stamp that no later change of the source can have, within bounds. */
static struct stamp settle(const struct cdbcache_source *source)
{
	struct deadline deadline = deadline_in_ms(SETTLE_MS);

	for (;;) {
		struct stamp stamp = take_stamp(source);
		int64_t wait = stamp_unsettled_ms(&stamp);

		if (wait == 0 || deadline_passed(deadline))
			return stamp;
		free(stamp.text);
		deadline_sleep((unsigned)wait);
	}
}

void cdbcache_add(struct cdbcache_records *records, const void *key,
    size_t key_size, const void *value, size_t value_size)
{
	uint32_t sizes[2] = {(uint32_t)key_size, (uint32_t)value_size};
	size_t needed = sizeof sizes + key_size + value_size;
	char *to;

	if (needed > records->room - records->size) {
		records->room = 2 * records->room + needed;
		records->bytes = xrealloc(records->bytes, records->room, 1);
	}
	to = records->bytes + records->size;
	memcpy(to, sizes, sizeof sizes);
	memcpy(to + sizeof sizes, key, key_size);
	memcpy(to + sizeof sizes + key_size, value, value_size);
	records->size += needed;
}

/* Returns false with errno. */
static bool write_database(const struct sealedcdb_module *writer,
    int descriptor, const struct cdbcache_records *records)
{
	return writer->write(descriptor, records->bytes, records->size) &&
	       fsync(descriptor) == 0;
}

static bool has_stamp(struct sealedcdb *database, const struct stamp *stamp)
{
	struct sealedcdb_search search;
	const char *value;
	size_t size;

	sealedcdb_search(&search, database, stamp_key, sizeof stamp_key);
	return sealedcdb_next(&search, &value, &size) &&
	       size == stamp->length && memcmp(value, stamp->text, size) == 0;
}

/* Opens the database in file when it is the one for this stamp. */
static bool open_fresh(
    struct sealedcdb *database, const char *file, const struct stamp *stamp)
{
	int descriptor =
	    open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (descriptor < 0 || !sealedcdb_open(database, descriptor))
		return false;
	if (has_stamp(database, stamp))
		return true;
	sealedcdb_close(database);
	return false;
}

/* Returns the descriptor that holds the lock, or -1. */
static int take_lock(const char *directory, const char *name)
{
	char *file = xasprintf("%s/%s.lock", directory, name);
	int descriptor = ownfile_open(file, 0600);

	free(file);
	return lock_or_close(descriptor);
}

/* Reads the source until it has not changed meanwhile. */
static bool compile(const struct cdbcache_source *source, struct stamp *stamp,
    struct cdbcache_records *records, struct failure *failure)
{
	struct deadline deadline = deadline_in_ms(SETTLE_MS);

	for (;;) {
		struct stamp after;
		bool same;

		*stamp = settle(source);
		records->size = 0;
		if (!source->compile(source, records, failure)) {
			free(stamp->text);
			return false;
		}
		after = take_stamp(source);
		same = stamp_equal(stamp, &after);
		free(after.text);
		if (same || deadline_passed(deadline))
			return true;
		free(stamp->text);
	}
}

static bool publish(const char *file, const struct sealedcdb_module *writer,
    const struct cdbcache_records *records)
{
	char *temporary = xasprintf("%s.tmp", file);
	int descriptor;
	bool good = false;

	unlink(temporary);
	descriptor = open(temporary,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (descriptor >= 0) {
		good = write_database(writer, descriptor, records) &&
		       rename(temporary, file) == 0;
		close(descriptor);
		if (!good)
			unlink(temporary);
	}
	free(temporary);
	return good;
}

static bool open_nameless_database(struct sealedcdb *database,
    const struct cdbcache_source *source, const struct sealedcdb_module *writer,
    const struct cdbcache_records *records, struct failure *failure)
{
	int descriptor = descriptors_nameless("cdbcache");
	const char *reason;

	if (descriptor >= 0 && write_database(writer, descriptor, records) &&
	    sealedcdb_open(database, descriptor))
		return true;
	reason = strerror(errno);
	failure_set_system(failure);
	failure_add(failure, "%s: %s.\n", source->path, reason);
	return false;
}

/* Opens the database in file when it is the one for the source as it is. */
static bool open_current(struct sealedcdb *database, const char *file,
    const struct cdbcache_source *source)
{
	struct stamp stamp = take_stamp(source);
	bool good = open_fresh(database, file, &stamp);

	free(stamp.text);
	return good;
}

/* Makes a new one: in file, or a private one, where file is NULL or fails. */
static bool rebuild(struct sealedcdb *database, const char *file,
    const struct cdbcache_source *source, struct failure *failure)
{
	const struct sealedcdb_module *writer =
	    (const struct sealedcdb_module *)module_load(
		path_cdb(), "cdb_module", failure);
	struct cdbcache_records records = {0};
	struct stamp stamp;
	bool good =
	    writer != NULL && compile(source, &stamp, &records, failure);

	if (good) {
		cdbcache_add(&records, stamp_key, sizeof stamp_key, stamp.text,
		    stamp.length);
		good = (file != NULL && publish(file, writer, &records) &&
			   open_fresh(database, file, &stamp)) ||
		       open_nameless_database(
			   database, source, writer, &records, failure);
		free(stamp.text);
	}
	free(records.bytes);
	return good;
}

bool cdbcache_open(struct sealedcdb *database, const char *directory,
    const struct cdbcache_source *source, struct failure *failure)
{
	char *file = xasprintf("%s/%s.cdb", directory, source->name);
	bool good = open_current(database, file, source);

	if (!good) {
		int lock = take_lock(directory, source->name);

		/* Who had the lock before may have done the work. */
		good =
		    (lock >= 0 && open_current(database, file, source)) ||
		    rebuild(database, lock >= 0 ? file : NULL, source, failure);
		if (lock >= 0)
			close(lock);
	}
	free(file);
	return good;
}

bool cdbcache_replace(struct sealedcdb *database, const char *directory,
    const struct cdbcache_source *source, struct failure *failure)
{
	char *file = xasprintf("%s/%s.cdb", directory, source->name);

	sealedcdb_close(database);
	unlink(file);
	free(file);
	return rebuild(database, NULL, source, failure);
}
