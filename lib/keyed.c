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
#include "xalloc.h"

/* No domain name has more labels. */
enum { SUFFIXES_MAX = 128 };

/* A line under one key. */
struct entry {
	char *key;
	const char *value;
	size_t length;
	unsigned long number;
	bool colon;
};

struct entries {
	struct entry *list;
	size_t count, room;
};

/* What the cache asks for is the file's, which follows. */
struct keyed_source {
	struct cdbcache_source source;
	const struct keyed_file *file;
};

/* The bracket that opens an address: at the start or, if strict, behind an @.
 */
static const char *find_bracket(const char *line, size_t length, bool strict)
{
	const char *bracket = memchr(line, '[', length);

	if (bracket == NULL || bracket == line)
		return bracket;
	return strict && bracket[-1] == '@' ? bracket : NULL;
}

/* The first colon, of those outside brackets, or NULL. */
static const char *find_colon(const char *line, size_t length, bool strict)
{
	const char *colon = memchr(line, ':', length), *close;
	const char *bracket = find_bracket(line, length, strict);

	if (colon == NULL || bracket == NULL || colon < bracket)
		return colon;
	close = memchr(bracket, ']', (size_t)(line + length - bracket));
	if (close == NULL)
		return colon;
	return memchr(close, ':', (size_t)(line + length - close));
}

/* Where the key of a line without a colon ends. */
static const char *find_bare_end(const char *line, size_t length)
{
	size_t at = 0;

	while (at < length && strchr(" \t|", line[at]) == NULL)
		at++;
	return line + at;
}

static bool add_entry(struct entries *entries, const struct keyed_file *file,
    const char *line, const char *key_end, struct entry entry,
    struct failure *failure)
{
	char *text = xstrndup(line, (size_t)(key_end - line));

	entry.key = *text == '\0' ? xstrdup("") : file->key(text, failure);
	free(text);
	if (entry.key == NULL)
		return false;
	if (entries->count == entries->room) {
		entries->room = 2 * entries->room + 64;
		entries->list = xrealloc(
		    entries->list, entries->room, sizeof *entries->list);
	}
	entries->list[entries->count++] = entry;
	return true;
}

static bool add_line(struct entries *entries, const struct keyed_file *file,
    const char *line, size_t length, unsigned long number,
    struct failure *failure)
{
	const char *colon = find_colon(line, length, file->strict);
	const char *bare = find_bare_end(line, length);
	struct entry entry = {.number = number};

	if (file->strict && (colon == NULL || bare < colon)) {
		entry.value = line;
		entry.length = length;
		if (!add_entry(entries, file, line, bare, entry, failure))
			return false;
	}
	if (colon == NULL)
		return true;
	entry.value = colon + 1;
	entry.length = (size_t)(line + length - entry.value);
	entry.colon = true;
	return add_entry(entries, file, line, colon, entry, failure);
}

/* By key, those with the same one in the order of the file. */
static int compare(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	int order = strcmp(a->key, b->key);

	if (order != 0)
		return order;
	return a->value < b->value ? -1 : a->value > b->value;
}

/* A record: line, line of another one with this key, ':' or '|', value. */
static void add_record(struct cdbcache_records *records,
    const struct entry *entry, unsigned long earlier)
{
	char *head = xasprintf(
	    "%lu %lu %c", entry->number, earlier, entry->colon ? ':' : '|');
	size_t size = strlen(head);
	char *value = xrealloc(head, size + entry->length + 1, 1);

	memcpy(value + size, entry->value, entry->length);
	cdbcache_add(records, entry->key, strlen(entry->key), value,
	    size + entry->length);
	free(value);
}

/* The last entry of each key. */
static void add_records(
    struct cdbcache_records *records, struct entries *entries)
{
	unsigned long earlier = 0;

	if (entries->count > 0)
		qsort(entries->list, entries->count, sizeof *entries->list,
		    compare);
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];

		if (i + 1 < entries->count &&
		    strcmp(entry->key, entry[1].key) == 0) {
			earlier = entry->number;
		} else {
			add_record(records, entry, earlier);
			earlier = 0;
		}
	}
}

static void free_entries(struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		free(entries->list[i].key);
	free(entries->list);
}

static bool compile_text(const struct control_text *text,
    const struct keyed_file *file, struct cdbcache_records *records,
    struct failure *failure)
{
	struct control_cursor cursor = control_lines(text);
	struct entries entries = {0};
	const char *line;
	size_t length;
	bool good = true;

	while (good && control_next(&cursor, &line, &length)) {
		while (file->strict && (*line == ' ' || *line == '\t')) {
			line++;
			length--;
		}
		if (!file->strict || *line != '#')
			good = add_line(
			    &entries, file, line, length, cursor.line, failure);
	}
	if (good)
		add_records(records, &entries);
	free_entries(&entries);
	return good;
}

static bool compile(const struct cdbcache_source *source,
    struct cdbcache_records *records, struct failure *failure)
{
	const struct keyed_source *keyed = (const struct keyed_source *)source;
	struct control_text text;
	bool good;

	switch (control_text(source->path, &text, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_FOUND: break;
	default: return true;
	}
	good = compile_text(&text, keyed->file, records, failure);
	free(text.bytes);
	return good;
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
	const char *suffix = strchr(name, '.');

	for (; *keys != NULL; keys++)
		if (get(database, *keys, line))
			return;
	for (int i = 0; suffix != NULL && i < SUFFIXES_MAX; i++) {
		if (get(database, suffix, line))
			return;
		suffix = strchr(suffix + 1, '.');
	}
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
	    {file->name, file->path, cdbcache_stamp_path, compile}, file};
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
