/* SPDX-License-Identifier: ISC */
/* What is wrong on any line of the files whose lines have keys. */
#ifndef CHECK_LINES_H
#define CHECK_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "faults.h"
#include "route/routes.h"
#include "route/settings.h"

/* What the lines need beside themselves. */
struct needs {
	struct route *relays; /* all routes that name one */
	size_t relay_count;
	/* The first line that asks for TLSA records, or for a secret's
	   mechanism that a module has; a file of NULL: none. */
	const char *dane_file, *sasl_file;
	unsigned long dane_line, sasl_line;
	bool tls;	     /* some line can lead to TLS */
	bool policy_for_all; /* tlspolicy has a line for whom no other is */
};

/*
 * Reads all lines of smtproutes, authsenders and tlspolicy as a delivery reads
 * the one that it finds, and adds what is wrong to faults.  The needs live as
 * long as the process.
 */
void lines_check(struct needs *needs, const struct settings *settings,
    struct faults *faults);

#endif
