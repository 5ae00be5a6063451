/* SPDX-License-Identifier: ISC */
/*
 * Who we are to the relay of a route, in both forms that patched qmails
 * write:
 *
 *     relay[:port]|user|secret        the secret is the rest of the line
 *     relay[:port] user secret        no blanks in either
 *
 * A secret "file:PATH" is the first line of that file; "bearer:TOKEN" and
 * "bearer:file:PATH" are OAuth 2.0 tokens.  No failure shows a secret.
 */
#ifndef ROUTE_CREDENTIALS_H
#define ROUTE_CREDENTIALS_H

#include <stdbool.h>

#include "failure.h"

struct credentials {
	char *user;	   /* not empty; no control characters in either */
	char *secret;	   /* password or token, not empty */
	bool bearer;	   /* the secret is an OAuth 2.0 token */
	char *secret_file; /* whose first line the secret is, or NULL */
	/* Where the route with them stands: a full path, and a line. */
	const char *file;
	unsigned long line;
};

/*
 * Cuts the value of a route, in place, after the relay, and reads the
 * credentials behind it; *credentials is NULL where there are none.  They live
 * as long as the process.  file and line are where the value stands, for the
 * credentials and for reports.  Returns false with a temporary failure when
 * they make no sense, or when the file of the secret cannot be read.
 */
bool credentials_cut(struct credentials **credentials, char *value,
    const char *file, unsigned long line, struct failure *failure);

#endif
