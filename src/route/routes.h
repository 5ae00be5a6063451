/* SPDX-License-Identifier: ISC */
/*
 * Artificial routes.  Those of control/smtproutes are found as stock finds
 * them: the whole host, then each suffix that begins with a dot, longest
 * first, then the empty key; the last of two equal keys wins.  Those of
 * control/authsenders come before: the sender, "@domain" (or "!@" for the null
 * sender), the suffixes of the domain, the empty key.
 */
#ifndef ROUTE_ROUTES_H
#define ROUTE_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "failure.h"
#include "ip.h"
#include "keyed.h"
#include "route/credentials.h"
#include "route/request.h"

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
	/* The line that says so, and the full path of its file; NULL: none. */
	const char *file;
	unsigned long line;
};

/*
 * Finds the route of a request.  The compiled routes are kept in
 * run_directory.  The route lives as long as the process.  Returns false with a
 * failure: a permanent one when the host cannot be one, a temporary one
 * when a file cannot be read, or when the line that the request would use
 * makes no sense.
 */
bool route_find(struct route *route, const struct request *request,
    const char *run_directory, struct failure *failure);

/*
 * The same by the host alone, an A-label name in lower case or an address in
 * the form of key_of_host.
 */
bool routes_find(struct route *route, const char *run_directory,
    const char *host, struct failure *failure);

/*
 * Where the mail goes, for policy_find: the relay as the route names it,
 * without its port and an address in brackets, or else the host.  The caller
 * frees it.
 */
char *route_next_hop(const struct route *route, const char *host);

/* The files that routes stand in. */
const struct keyed_file *routes_file(bool by_sender);

/*
 * Reads a line of such a file, whose value is cut into pieces.  Returns false
 * with a temporary failure when it makes no sense.
 */
bool routes_read_line(struct route *route, const struct keyed_file *file,
    const struct keyed_line *line, struct failure *failure);

/*
 * Reads the relay of a route, "relay" or "relay:port".  Returns false with a
 * failure: a temporary one when a name cannot be converted now, a permanent
 * one, whose text does not matter, when it makes no sense.
 */
bool routes_parse_relay(
    struct route *route, const char *relay, struct failure *failure);

#endif
