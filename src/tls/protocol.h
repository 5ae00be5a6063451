/* SPDX-License-Identifier: ISC */
/*
 * What qmail-remote and the program qmail-remote-relay, which it runs, have to
 * agree upon beside the structs that they exchange.
 *
 * On the channel go parcels.  The relay hears a task; says a welcome, which is
 * the version, and the text of a temporary failure or NULL; hears a deadline,
 * at which the handshake has to be done; says an answer of one kind after the
 * other, of which the handshake is the last; and at last, if that was done, a
 * reason, why the session ended.
 */
#ifndef TLS_PROTOCOL_H
#define TLS_PROTOCOL_H

/* The descriptors that the program finds open. */
enum {
	RELAY_CONNECTION = 3, /* not touched before the deadline is heard */
	RELAY_LOCAL,	      /* its end of the session in clear */
	RELAY_CHANNEL	      /* its end of the channel to qmail-remote */
};

/* What an answer begins with. */
enum relay_answer {
	RELAY_ASKS, /* a question about the trust anchors (anchor_files.h)
		       follows */
	RELAY_TELLS /* the handshake follows */
};

/* The most that a welcome or a reason may take. */
enum { RELAY_WORDS_MAX = 65536 };

#endif
