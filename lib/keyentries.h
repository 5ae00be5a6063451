/* SPDX-License-Identifier: ISC */
/* All lines of a file of keyed.h, each under its key. */
#ifndef KEYENTRIES_H
#define KEYENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "control.h"
#include "keyed.h"

struct key_entry {
	char *key; /* in the form of the file */
	/* Behind the colon, or the whole line if it has none; not ended. */
	const char *value;
	size_t length;
	bool colon;
	unsigned long number;
	/* Set by sorting: the line before this one that has the same key. */
	unsigned long earlier;
};

struct key_entries {
	struct control_text text; /* what the values are in */
	struct key_entry *list;
	size_t count, room;
};

/*
 * Reads them in the order of the file; of a strict one, a line whose key is in
 * doubt under both.  Returns false with a temporary failure when the file
 * cannot be read; a missing one has none.
 */
bool key_entries_read(struct key_entries *entries,
    const struct keyed_file *file, struct failure *failure);

/* By key, those with the same one in the order of the file. */
void key_entries_sort(struct key_entries *entries);

/* In the order of the file again, but with the lines before. */
void key_entries_sort_by_line(struct key_entries *entries);

void key_entries_free(struct key_entries *entries);

#endif
