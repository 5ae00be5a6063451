/* SPDX-License-Identifier: ISC */
/*
 * Authentication with the relay of a route (RFC 4954): SCRAM-SHA-256(-PLUS),
 * SCRAM-SHA-1(-PLUS), PLAIN, LOGIN and CRAM-MD5 for a password, by a module
 * over libgsasl that is loaded here alone; OAUTHBEARER and XOAUTH2 for a token.
 *
 * Whether the server may be told a secret is not decided here.
 */
#ifndef SESSION_AUTH_H
#define SESSION_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "failure.h"
#include "route/credentials.h"
#include "session/dialogue.h"

struct auth_task {
	const struct credentials *credentials;
	const char *relay; /* as the route names it */
	uint16_t port;
	const char *run_directory;
	/* What binds the session to its TLS connection: type tls-exporter
	   (RFC 9266); NULL where that is not to be had. */
	const void *binding;
	size_t binding_size;
};

/*
 * To be asked before a server is called.  Returns false, with a temporary
 * failure, when none should be: these credentials were refused a short while
 * ago (lockout.h), or the module for passwords is missing.
 */
bool auth_prepare(const struct auth_task *task, struct failure *failure);

enum auth_result {
	AUTH_DONE,	  /* the session may go on with MAIL */
	AUTH_NEXT_SERVER, /* the failure tells; another may do better */
	AUTH_REFUSED	  /* the failure tells, and no other is to be tried */
};

/*
 * Authenticates by the first of our mechanisms that the server offers and does
 * not refuse; offered are the parameters of AUTH from the reply to EHLO.
 * *mechanism becomes the one that was used last, or NULL.
 *
 * Unless the result is AUTH_DONE the session is of no use any more, and the
 * failure is a temporary one, in which nothing of the secret is repeated.
 * The secret and what was made of it are added to the mask of the dialogue.
 */
enum auth_result auth_run(const struct dialogue *dialogue, const char *offered,
    const struct auth_task *task, const char **mechanism,
    struct failure *failure);

#endif
