/* SPDX-License-Identifier: ISC */
/*
 * The lines of control/outgoingip and control/outgoingip6.
 *
 *     ADDRESS                        for all senders but those below
 *     @domain ADDRESS [name]         for senders of that domain
 *     @.suffix ADDRESS [name]        for senders of domains below it
 *
 * The longest key counts.  The name is the one for EHLO.
 */
#ifndef ROUTE_SOURCE_LINES_H
#define ROUTE_SOURCE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "faults.h"
#include "ip.h"

struct source_file {
	const char *path;
	int version; /* of its addresses */
};

struct source_line {
	unsigned long number; /* 0: there is none */
	struct ip ip;
	char *helohost; /* A-labels, of the caller's; NULL: none is named */
};

/*
 * The line for senders of that domain, which is in the form of key_of_sender;
 * "" for the null sender.  Returns false with a temporary failure when the file
 * cannot be read or the line makes no sense.
 */
bool source_lines_find(struct source_line *line, const struct source_file *file,
    const char *domain, struct failure *failure);

/* Whether it has an address, and not one that leaves it to the system. */
bool source_line_binds(const struct source_line *line);

/*
 * Whether this machine bears the address, if there is one, which bind(2) says.
 * Returns false with a temporary failure that names file, line and address.
 */
bool source_line_check(const struct source_line *line,
    const struct source_file *file, struct failure *failure);

/* Whether there are any lines, whoever's they are. */
bool source_lines_exist(const struct source_file *file);

/* Whose lines were read, and where they stand. */
struct source_keys {
	struct source_key {
		char *form; /* "", "domain" or ".suffix", as key.h has them */
		unsigned long line;
	} * list;
	size_t count;
};

/* Adds what is wrong on any line to faults, and its key, which is the caller's,
   to keys. */
void source_lines_check(const struct source_file *file,
    struct source_keys *keys, struct faults *faults);

#endif
