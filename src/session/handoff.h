/* SPDX-License-Identifier: ISC */
/*
 * What qmail-remote hands to qmail-remote-io: an open SMTP session, greeted
 * and encrypted as it should be, and the envelope to use it for.  It travels
 * as the argument list, written and read here alone.
 */
#ifndef SESSION_HANDOFF_H
#define SESSION_HANDOFF_H

#include <stdbool.h>
#include <stddef.h>

#include "mask.h"
#include "session/capabilities.h"

struct session {
	int input, output;	/* from and to the server; non-blocking */
	unsigned long timeout;	/* seconds (timeoutremote); 0: no limit */
	unsigned long min_rate; /* octets a second (minrate); 0: no limit */
	const char *server;	/* how reports name it: its IP address */
	struct capabilities capabilities;
	bool requiretls; /* MAIL says REQUIRETLS (RFC 8689) */
	const char *tls; /* how the message travels, for a K report; or "" */
	/* Why the session is in clear, where TLS was refused or failed: whole
	   translated sentences, each ended by a newline, as in a failure;
	   NULL or "": it is as it was meant to be. */
	const char *clear_reason;
	/* A pipe with the secret of the route (mask.h); 0: there is none. */
	int secret;
	struct mask mask; /* of that, once it is read; not handed over */
	const char *sender;
	size_t recipient_count;
	char **recipients;
};

/*
 * The argument list for program, ended by NULL.  Its strings belong to the
 * session or to the list, and live as long as the process.
 */
char **handoff_write(const struct session *session, const char *program);

/*
 * Reads such a list back; the session's strings are those of the list, none
 * of them NULL.  Returns false when it is none, or one of another version of
 * this package, whatever that may have meant by its fields.
 */
bool handoff_read(struct session *session, int count, char **arguments);

#endif
