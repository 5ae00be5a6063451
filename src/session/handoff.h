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

/* The SMTP extensions that we make use of. */
enum capability {
	CAPABILITY_PIPELINING = 1 << 0, /* RFC 2920 */
	CAPABILITY_SIZE = 1 << 1,	/* RFC 1870 */
	CAPABILITY_8BITMIME = 1 << 2,	/* RFC 6152 */
	CAPABILITY_SMTPUTF8 = 1 << 3,	/* RFC 6531 */
	CAPABILITY_STARTTLS = 1 << 4	/* RFC 3207 */
};

struct capabilities {
	unsigned set;	     /* of enum capability */
	uint64_t size_limit; /* octets; 0 when the server named none */
};

struct session {
	int input, output;     /* from and to the server; non-blocking */
	unsigned long timeout; /* seconds (timeoutremote); 0: no limit */
	const char *server;    /* how reports name it: its IP address */
	struct capabilities capabilities;
	const char *tls; /* how it travelled, for the K failure; or "" */
	const char *sender;
	size_t recipient_count;
	char **recipients;
};

/*
 * The argument list for program, ended by NULL.  Its strings belong to the
 * session or to the list, and live as long as the process.
 */
char **session_to_arguments(const struct session *session, const char *program);

/*
 * Reads such a list back; the session's strings are those of the list.
 * Returns false when it is none.
 */
bool session_from_arguments(
    struct session *session, int count, char **arguments);

#endif
