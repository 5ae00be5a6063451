/* SPDX-License-Identifier: ISC */
/*
 * TLS with one server, in the relay: credentials, handshake, verification, and
 * what there is to say about it.  Policy is not here: a certificate that does
 * not verify is found out, not acted upon.
 */
#ifndef TLS_SESSION_H
#define TLS_SESSION_H

#include <stdbool.h>
#include <sys/types.h>

#include "servers/exchanger.h"
#include "deadline.h"
#include "tls/handshake.h"
#include "failure.h"
#include "route/settings.h"
#include "stream.h"

/* Trust anchors and client certificate, loaded. */
struct tls_credentials;

/* One TLS session over a connection, which it does not own. */
struct tls;

/*
 * Loads what the settings name.  Returns NULL with a temporary failure that
 * names the file that cannot be used.
 */
struct tls_credentials *tls_load(const struct settings *settings,
    const char *run_directory, struct failure *failure);

/* The connection with a server, and for how long it may be waited for. */
struct tls_peer {
	const struct server *server;
	int descriptor; /* non-blocking */
	int listener;	/* closed at its other end: nobody wants it any more */
	struct deadline deadline;
};

/*
 * Does the handshake with the system's default priorities, and looks at the
 * certificate.  Returns NULL when that fails; the handshake says why.
 */
struct tls *tls_start(struct tls_credentials *credentials,
    const struct tls_peer *peer, struct handshake *handshake);

/* Why the session ended early: an alert, an error, or the end alone. */
void tls_explain_end(const struct tls *tls, struct reason *reason);

/* For a stream over the session. */
struct transport tls_transport(struct tls *tls);

/*
 * Sends close_notify without waiting for the server's.  Returns false with
 * errno EAGAIN when the connection cannot take it yet.
 */
bool tls_say_goodbye(struct tls *tls);

#endif
