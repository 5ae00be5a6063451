/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "keyed.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cdbcache.h"
#include "control.h"
#include "keyentries.h"
#include "xalloc.h"

/* No domain name is longer, nor does it have a longer suffix. */
enum { NAME_SIZE_MAX = 255 };

/* What the cache asks for is the file's, which follows. */
struct keyed_source {
	struct cdbcache_source source;
	const struct keyed_file *file;
};

/* A record: line, line of another one with this key, ':' or '|', value. */
static void add_record(
    struct cdbcache_records *records, const struct key_entry *entry)
{
	char *head = xasprintf("%lu %lu %c", entry->number, entry->earlier,
	    entry->colon ? ':' : '|');
	size_t size = strlen(head);
	char *value = xrealloc(head, size + entry->length + 1, 1);

	memcpy(value + size, entry->value, entry->length);
	cdbcache_add(records, entry->key, strlen(entry->key), value,
	    size + entry->length);
	free(value);
}

/* The last entry of each key. */
static void add_records(
    struct cdbcache_records *records, const struct key_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct key_entry *entry = &entries->list[i];

		if (i + 1 == entries->count ||
		    strcmp(entry->key, entry[1].key) != 0)
			add_record(records, entry);
	}
}

static bool compile(const struct cdbcache_source *source,
    struct cdbcache_records *records, struct failure *failure)
{
	const struct keyed_source *keyed = (const struct keyed_source *)source;
	struct key_entries entries;

	if (!key_entries_read(&entries, keyed->file, failure))
		return false;
	key_entries_sort(&entries);
	add_records(records, &entries);
	key_entries_free(&entries);
	return true;
}

/* Reads a record; its bytes end in a NUL here. */
static void read_record(struct keyed_line *line, const char *text)
{
	char *at;

	line->number = strtoul(text, &at, 10);
	line->earlier = strtoul(at, &at, 10);
	at += *at == ' ';
	line->colon = *at == ':';
	line->value = xstrdup(*at != '\0' ? at + 1 : at);
}

/* Returns whether there is such a key. */
static bool get(
    struct sealedcdb *database, const char *key, struct keyed_line *line)
{
	struct sealedcdb_search search;
	const char *value;
	size_t size;
	char *text;

	sealedcdb_search(&search, database, key, strlen(key));
	if (!sealedcdb_next(&search, &value, &size))
		return false;
	text = xstrndup(value, size);
	read_record(line, text);
	free(text);
	return true;
}

static void search(struct sealedcdb *database, const char *const *keys,
    const char *name, struct keyed_line *line)
{
	size_t length = strlen(name);
	const char *suffix = strchr(
	    length > NAME_SIZE_MAX ? name + length - NAME_SIZE_MAX : name, '.');

	for (; *keys != NULL; keys++)
		if (get(database, *keys, line))
			return;
	for (; suffix != NULL; suffix = strchr(suffix + 1, '.'))
		if (get(database, suffix, line))
			return;
	get(database, "", line);
}

/* Searches, and once more in a private database if this one is damaged. */
static bool search_cache(const struct keyed_source *keyed,
    const char *run_directory, const char *const *keys, const char *name,
    struct keyed_line *line, struct failure *failure)
{
	struct sealedcdb database;

	if (!cdbcache_open(&database, run_directory, &keyed->source, failure))
		return false;
	search(&database, keys, name, line);
	if (database.damaged) {
		free(line->value);
		*line = (struct keyed_line){0};
		if (!cdbcache_replace(
			&database, run_directory, &keyed->source, failure))
			return false;
		search(&database, keys, name, line);
	}
	sealedcdb_close(&database);
	return true;
}

bool keyed_find(struct keyed_line *line, const struct keyed_file *file,
    const char *run_directory, const char *const *keys, const char *name,
    struct failure *failure)
{
	const struct keyed_source keyed = {
	    {file->name, file->path, NULL, compile}, file};
	struct stat status;

	*line = (struct keyed_line){0};
	if (stat(file->path, &status) == 0)
		return search_cache(
		    &keyed, run_directory, keys, name, line, failure);
	if (errno == ENOENT)
		return true;
	control_fail(failure, file->path, strerror(errno));
	return false;
}
