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
#include <stdint.h>

#include "mask.h"

/* The SMTP extensions that we make use of. */
enum capability {
	CAPABILITY_PIPELINING = 1 << 0, /* RFC 2920 */
	CAPABILITY_SIZE = 1 << 1,	/* RFC 1870 */
	CAPABILITY_8BITMIME = 1 << 2,	/* RFC 6152 */
	CAPABILITY_SMTPUTF8 = 1 << 3,	/* RFC 6531 */
	CAPABILITY_STARTTLS = 1 << 4,	/* RFC 3207 */
	CAPABILITY_REQUIRETLS = 1 << 5, /* RFC 8689 */
	/* None of the server's: EHLO was refused for the moment, or not
	   answered, so that there may be more than was found. */
	CAPABILITY_UNSURE = 1 << 6
};

enum { CAPABILITIES_AUTH = 1024 };

struct capabilities {
	unsigned set;	     /* of enum capability */
	uint64_t size_limit; /* octets; 0 when the server named none */
	/* What AUTH offers (RFC 4954), names with blanks between them; it is
	   not handed over. */
	char auth[CAPABILITIES_AUTH];
};

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
