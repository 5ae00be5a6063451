/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "keyentries.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

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

static bool add_entry(struct key_entries *entries,
    const struct keyed_file *file, const char *line, const char *key_end,
    struct key_entry entry, struct failure *failure)
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

static bool add_line(struct key_entries *entries, const struct keyed_file *file,
    const char *line, size_t length, unsigned long number,
    struct failure *failure)
{
	const char *colon = find_colon(line, length, file->strict);
	const char *bare = find_bare_end(line, length);
	struct key_entry entry = {.number = number};

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

static bool next_line(const struct keyed_file *file,
    struct control_cursor *cursor, const char **line, size_t *length)
{
	return file->strict ? control_next_strict(cursor, line, length)
			    : control_next(cursor, line, length);
}

static bool read_lines(struct key_entries *entries,
    const struct keyed_file *file, struct failure *failure)
{
	struct control_cursor cursor = control_lines(&entries->text);
	const char *line;
	size_t length;
	bool good = true;

	while (good && next_line(file, &cursor, &line, &length))
		good =
		    add_line(entries, file, line, length, cursor.line, failure);
	return good;
}

/* By key, those with the same one in the order of the file. */
static int compare(const void *one, const void *other)
{
	const struct key_entry *a = one, *b = other;
	int order = strcmp(a->key, b->key);

	if (order != 0)
		return order;
	return a->value < b->value ? -1 : a->value > b->value;
}

static void set_earlier(struct key_entries *entries)
{
	for (size_t i = 1; i < entries->count; i++) {
		struct key_entry *entry = &entries->list[i];

		if (strcmp(entry->key, entry[-1].key) == 0)
			entry->earlier = entry[-1].number;
	}
}

/* By line; what is the same line both times keeps its order. */
static int compare_places(const void *one, const void *other)
{
	const struct key_entry *a = one, *b = other;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->colon - b->colon;
}

/* Stock takes a NUL for the end of a line, and the rest for another one.  In
   a strict file it is a control character, which no value may have. */
static void show_nuls(struct control_text *text)
{
	for (size_t i = 0; i < text->size; i++)
		if (text->bytes[i] == '\0')
			text->bytes[i] = '\001';
}

bool key_entries_read(struct key_entries *entries,
    const struct keyed_file *file, struct failure *failure)
{
	*entries = (struct key_entries){0};
	switch (control_text(file->path, &entries->text, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_FOUND: break;
	default: return true;
	}
	if (file->strict)
		show_nuls(&entries->text);
	if (read_lines(entries, file, failure))
		return true;
	key_entries_free(entries);
	return false;
}

void key_entries_sort(struct key_entries *entries)
{
	if (entries->count > 0)
		qsort(entries->list, entries->count, sizeof *entries->list,
		    compare);
	set_earlier(entries);
}

void key_entries_sort_by_line(struct key_entries *entries)
{
	key_entries_sort(entries);
	if (entries->count > 0)
		qsort(entries->list, entries->count, sizeof *entries->list,
		    compare_places);
}

void key_entries_free(struct key_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		free(entries->list[i].key);
	free(entries->list);
	free(entries->text.bytes);
	*entries = (struct key_entries){0};
}
