/* SPDX-License-Identifier: ISC */
/*
 * The TLS relay, seen from qmail-remote: a child process that does the
 * handshake with a server, keeps the TLS session, and copies between the
 * server's connection and a local socket, on which SMTP is spoken in clear.
 *
 * GnuTLS, trust anchors and the client's key are in this process alone, and
 * only when a server offers STARTTLS.  A certificate that crashes or stalls the
 * library harms the relay alone, whose answers have deadlines.
 */
#ifndef TLS_RELAY_H
#define TLS_RELAY_H

#include <stdbool.h>
#include <sys/types.h>

#include "deadline.h"
#include "failure.h"
#include "tls/handshake.h"
#include "tls/task.h"

struct relay {
	pid_t process;	  /* 0: there is none */
	int local;	  /* the session in clear; non-blocking */
	int channel;	  /* what the relay says of it */
	bool established; /* the handshake is done */
	/* What it may ask about until then (task.h). */
	const char *anchors, *run_directory;
};

/*
 * Starts the relay for a server behind the connection, which is non-blocking;
 * it begins to load what the task needs.  Returns false with a temporary
 * failure.
 */
bool relay_start(struct relay *relay, const struct tls_task *task,
    int connection, struct failure *failure);

/*
 * Waits until everything is loaded.  Returns false with a temporary failure
 * that names the file that cannot be used.
 */
bool relay_await(const struct relay *relay, struct failure *failure);

/*
 * Has the relay do the handshake until the deadline, which is that of the
 * delivery, or of the handshake alone.  From then on relay->local
 * is the session, when the handshake says that it is done.  A relay that has
 * come to harm, for lack of memory or otherwise, counts as a handshake that
 * failed.  The handshake's texts live as long as the process.
 */
void relay_shake_hands(struct relay *relay, struct deadline deadline,
    bool of_delivery, struct handshake *handshake);

/*
 * Why the session came to nothing: an alert of the server, the end of the
 * connection, or, where relay->local is still open, the server's silence, for
 * too long for the delivery, or for one answer.
 */
void relay_explain_end(
    const struct relay *relay, bool of_delivery, struct reason *reason);

/*
 * Ends the relay, if there is one; what was said in the session still goes
 * out, with a close_notify.
 */
void relay_abandon(struct relay *relay);

#endif
