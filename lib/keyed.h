/* SPDX-License-Identifier: ISC */
/*
 * A control file of lines "key:value", in which a line is found by its key
 * and not by reading: it is compiled by cdbcache.h whenever it has changed.
 * What a line says is looked at only when it is found, so that a mistake
 * concerns nobody else.
 *
 * Lines are those of control_next.  The key ends at the first colon, of
 * those outside an [address] at its start.
 */
#ifndef KEYED_H
#define KEYED_H

#include <stdbool.h>

#include "failure.h"

/* One such file. */
struct keyed_file {
	const char *name; /* of the database, without ".cdb" */
	const char *path;
	/*
	 * The form in which keys are compared, for the caller to free.  NULL
	 * with a temporary failure when it cannot be found out now.
	 */
	char *(*key)(const char *text, struct failure *failure);
	/*
	 * Blanks in front of a line do not count; an [address] may stand behind
	 * an @ too; and a line without a colon in front of its first blank or |
	 * is found as well: the key ends there.  Where false such a line is
	 * ignored, as in stock.  A NUL ends no line, but stands in its value as
	 * \001, for its reader to refuse as any control character.
	 */
	bool strict;
};

/* A line that has been found, the last one with its key. */
struct keyed_line {
	char
	    *value; /* behind the colon; NULL: no line.  The caller frees it. */
	bool colon; /* false: value is the whole line, which has none */
	unsigned long number;
	unsigned long earlier; /* of another line with this key, or 0 */
};

/*
 * Finds the line of the first of these that has one: keys in turn, up to a
 * NULL; each suffix of name that begins with a dot and is no longer than
 * names can be, longest first; the empty key.  All are in the form of
 * file->key.  The compiled file is kept in run_directory; a missing file has no
 * lines.  Returns false with a temporary failure when the file cannot be read.
 */
bool keyed_find(struct keyed_line *line, const struct keyed_file *file,
    const char *run_directory, const char *const *keys, const char *name,
    struct failure *failure);

#endif
