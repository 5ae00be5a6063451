/* SPDX-License-Identifier: ISC */
/*
 * TLS with one server, in the relay: credentials, handshake, and what the
 * certificates show.  Policy is not here: a certificate that does not verify is
 * found out, not acted upon.
 */
#ifndef TLS_SESSION_H
#define TLS_SESSION_H

#include <stdbool.h>

#include "deadline.h"
#include "failure.h"
#include "stream.h"
#include "tls/handshake.h"
#include "tls/task.h"
#include "tls/trust.h"

/* One TLS session over a connection, which it does not own. */
struct tls;

/*
 * Loads all that the task names and that a handshake over the connection, which
 * is non-blocking, will need: from then on the process may be confined. Returns
 * NULL with a temporary failure that names what cannot be used.  The task must
 * live as long as the session.
 */
struct tls *tls_prepare(
    const struct tls_task *task, int connection, struct failure *failure);

/* Who waits for a handshake, and how long. */
struct tls_patience {
	int listener; /* closed at its other end: nobody wants it any more */
	struct deadline deadline;
	bool of_delivery; /* that deadline, and not of the handshake alone */
	struct trust_oracle oracle; /* answers about trust anchors */
};

/*
 * Does the handshake with the system's default priorities, and looks at the
 * certificates.  Returns false when it is not done; it says why.
 */
bool tls_shake_hands(struct tls *tls, const struct tls_patience *patience,
    struct handshake *handshake);

/* Why the session ended early: an alert, an error, or the end alone. */
void tls_explain_end(const struct tls *tls, struct reason *reason);

/* For a stream over the session. */
struct transport tls_transport(struct tls *tls);

/*
 * Sends close_notify without waiting for the server's.  Returns false with
 * errno EAGAIN when the connection cannot take it yet.
 */
bool tls_say_goodbye(struct tls *tls);

/* Frees a session whose handshake is not done. */
void tls_free(struct tls *tls);

#endif
