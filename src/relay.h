/* SPDX-License-Identifier: ISC */
/*
 * The TLS relay: a child process that does the handshake with a server,
 * keeps the TLS session, and copies between the server's connection and a
 * local socket, on which SMTP is spoken in clear.
 *
 * GnuTLS, trust anchors and the client's key are in this process alone, and
 * only when a server offers STARTTLS: the module that needs them is loaded
 * there.  What a certificate could do to the library it does to the relay.
 */
#ifndef RELAY_H
#define RELAY_H

#include <stdbool.h>
#include <sys/types.h>

#include "candidates.h"
#include "handshake.h"
#include "report.h"
#include "settings.h"

struct relay {
	pid_t process; /* 0: there is none */
	int local;     /* the session in clear */
	int words;     /* what the relay says of it */
};

/*
 * What the relay needs to know.  It does not touch the connection before it
 * is told to.
 */
struct relay_task {
	const struct settings *settings;
	const char *run_directory;
	const struct server *server;
	int connection;
	int local, words; /* its own ends; relay_start fills them in */
};

/*
 * What the module at path_relay() has to offer, by the name relay_module.
 * run is called in the child process.
 */
struct relay_module {
	const char *version;
	void (*run)(const struct relay_task *task);
};
extern const struct relay_module relay_module;

/* The relay's first words: whether the settings can be used. */
struct relay_welcome {
	bool ready;
	struct report report; /* why not */
};

/*
 * Starts the relay, which begins to load what it needs.  Returns false with
 * a report.
 */
bool relay_start(
    struct relay *relay, struct relay_task task, struct report *report);

/*
 * Waits until everything is loaded.  Returns false with a report Z that
 * names the file that cannot be used.
 */
bool relay_await(const struct relay *relay, struct report *report);

/*
 * Has the relay do the handshake, until timeoutconnect.  From then on
 * relay->local is the session, when the handshake says that it is done.
 */
void relay_shake_hands(const struct relay *relay, struct handshake *handshake);

/*
 * Why the session came to nothing: an alert of the server, the end of the
 * connection, or, where relay->local is still open, the server's silence.
 */
void relay_explain_end(const struct relay *relay, struct tls_reason *reason);

/* Ends the relay, if there is one, without a word to the server. */
void relay_abandon(struct relay *relay);

#endif
