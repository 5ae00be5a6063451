/* SPDX-License-Identifier: ISC */
/*
 * Where connections come from: control/outgoingip, outgoingip6, and
 * addressfamily.
 */
#ifndef ROUTE_SOURCE_H
#define ROUTE_SOURCE_H

#include <stdbool.h>

#include "failure.h"
#include "faults.h"
#include "ip.h"
#include "route/settings.h"
#include "route/source_lines.h"

struct source {
	bool use_v4, use_v6; /* at least one: addresses that count */
	bool v4_first;	     /* where both do */
	struct source_line v4, v6;
};

/*
 * What holds for this sender, "" for the null sender.  It lives as long as the
 * process.  Returns false with a temporary failure when a file cannot be read,
 * when the sender's line makes no sense, or when no family is left.
 */
bool source_find(struct source *source, const char *sender,
    const struct settings *settings, struct failure *failure);

/*
 * Whether this machine bears the addresses, which bind(2) says.  Returns false
 * with a temporary failure that names file, line and address.
 */
bool source_check(const struct source *source, struct failure *failure);

/* Adds the families that count for any other sender. */
void source_widen(struct source *source, const struct settings *settings);

/* The file with the addresses of that IP version. */
const struct source_file *source_file(int version);

/* The name for EHLO on a connection to that server. */
const char *source_helohost(const struct source *source,
    const struct ip *server, const struct settings *settings);

/* The address to bind a socket to for that server, or NULL. */
const struct ip *source_address(
    const struct source *source, const struct ip *server);

#endif
