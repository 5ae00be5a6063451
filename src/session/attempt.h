/* SPDX-License-Identifier: ISC */
/*
 * Setting up a session with one server: connection, greeting, EHLO, and TLS
 * as far as the policy asks for it.  Nothing of the envelope is said here.
 */
#ifndef SESSION_ATTEMPT_H
#define SESSION_ATTEMPT_H

#include <stdbool.h>

#include "deadline.h"
#include "failure.h"
#include "route/settings.h"
#include "servers/exchanger.h"
#include "session/dial.h"
#include "session/handoff.h"
#include "stream.h"
#include "tcpto.h"
#include "tls/handshake.h"
#include "tls/relay.h"

/* What is demanded of a server.  Each one implies those above it. */
enum tls_policy {
	TLS_POLICY_NEVER,   /* clear */
	TLS_POLICY_TRY,	    /* TLS where it can be had */
	TLS_POLICY_REQUIRE, /* TLS, verified or not */
	TLS_POLICY_VERIFY   /* TLS with a certificate that verifies */
};

/* What all attempts of a delivery have in common. */
struct attempts {
	const struct settings *settings;
	const char *run_directory;
	struct tcpto tcpto;
	struct deadline deadline; /* for a session that is ready for MAIL */
};

/* A session that is ready for MAIL. */
struct opening {
	int connection;
	struct relay relay; /* under TLS */
	struct handshake handshake;
	/* "TLS1.3, AES-256-GCM, verified mx.example.net", or "" in clear */
	char tls[512];
	struct capabilities capabilities;
	char server[IP_TEXT_SIZE];
	struct stream stream;
	char *clear_reason; /* why TLS that was tried is not there, or NULL */
};

enum attempt_result {
	ATTEMPT_READY,
	ATTEMPT_FAILED, /* the failure tells; another server may do better */
	ATTEMPT_NO_TLS, /* the same: it speaks SMTP, but has no TLS */
	ATTEMPT_TLS_FAILED, /* the same: its TLS could not be set up */
	ATTEMPT_HOPELESS /* our own configuration: no server will do better */
};

/*
 * Speaks to one server, whose connection in opening is taken over: it is closed
 * unless the session is ready.  Under TLS_POLICY_TRY a server whose TLS does
 * not work is called again and spoken to in clear.
 */
enum attempt_result attempt_server(struct attempts *attempts, struct dial *dial,
    size_t server, enum tls_policy policy, struct opening *opening,
    struct failure *failure);

#endif
