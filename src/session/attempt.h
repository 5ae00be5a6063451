/* SPDX-License-Identifier: ISC */
/*
 * Setting up a session with one server that has been dialled: greeting, EHLO,
 * TLS, credentials, as far as is demanded.  Nothing of the envelope is said
 * here.
 */
#ifndef SESSION_ATTEMPT_H
#define SESSION_ATTEMPT_H

#include "failure.h"
#include "session/auth.h"
#include "session/demand.h"
#include "session/dial.h"
#include "session/opening.h"

enum attempt_result {
	ATTEMPT_READY,
	ATTEMPT_FAILED,	    /* the failure tells; another may do better */
	ATTEMPT_NO_TLS,	    /* the same: it has offered no TLS, up to now */
	ATTEMPT_TLS_FAILED, /* the same: its TLS could not be set up */
	ATTEMPT_HOPELESS    /* no other server will do better */
};

/* One server, and what is known about it before it is spoken to. */
struct attempt {
	const struct terms *terms;
	struct dial *dial;
	size_t server; /* of the dial: its index */
	const struct demand *demand;
	const struct auth_task *auth; /* NULL: no credentials */
};

/*
 * Tries it over a connection, which is the opening's from then on and closed
 * unless the session is ready.  Where TLS is only tried, a server whose TLS
 * does not work is called again and spoken to in clear.
 */
enum attempt_result attempt_server(const struct attempt *attempt,
    int connection, struct opening *opening, struct failure *failure);

/*
 * How a message will travel in a session that is ready, for its K report: a
 * line each, or nothing.  The caller frees it.
 */
char *attempt_notes(const struct terms *terms, const struct opening *opening);

#endif
