/* SPDX-License-Identifier: ISC */
/*
 * Artificial routes.  Those of control/smtproutes are found as stock finds
 * them: the whole host, then each suffix that begins with a dot, longest
 * first, then the empty key; the last of two equal keys wins.
 */
#ifndef ROUTE_ROUTES_H
#define ROUTE_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "failure.h"
#include "ip.h"
#include "route/credentials.h"

enum route_kind {
	ROUTE_NONE, /* deliver by MX */
	ROUTE_NAME, /* to the addresses of a name */
	ROUTE_ADDRESS
};

struct route {
	enum route_kind kind;
	char *name;   /* A-labels; for ROUTE_NAME */
	struct ip ip; /* for ROUTE_ADDRESS */
	uint16_t port;
	struct credentials *credentials; /* NULL: none */
	/* Where it stands: a full path, and a line; NULL: there is no route. */
	const char *file;
	unsigned long line;
};

/*
 * Finds the route of host, an A-label name in lower case or an address in
 * the form of routes_key.  The compiled routes are kept in run_directory.
 * Returns false with a temporary failure when smtproutes cannot be read, or
 * when the line that host would use makes no sense.
 */
bool routes_find(struct route *route, const char *run_directory,
    const char *host, struct failure *failure);

/*
 * The form in which a host or the key of a route is compared: A-labels in
 * lower case, an address in brackets in its shortest form; what is neither
 * as it is, but in lower case.  The caller frees it.  NULL with a temporary
 * failure when a name cannot be converted now.
 */
char *routes_key(const char *text, struct failure *failure);

/*
 * Reads the relay of a route, "relay" or "relay:port".  Returns false with a
 * failure: a temporary one when a name cannot be converted now, a permanent
 * one, whose text does not matter, when it makes no sense.
 */
bool routes_parse_relay(
    struct route *route, const char *relay, struct failure *failure);

#endif
