/* SPDX-License-Identifier: ISC */
/*
 * The opening of a session with one server: its parts as they come about, and
 * what is known of it in the end.
 */
#ifndef SESSION_OPENING_H
#define SESSION_OPENING_H

#include "ip.h"
#include "servers/exchanger.h"
#include "session/capabilities.h"
#include "session/dialogue.h"
#include "stream.h"
#include "tls/handshake.h"
#include "tls/relay.h"

struct opening {
	const struct server *server;
	char address[IP_TEXT_SIZE]; /* the server's */
	const char *name;	    /* its exchanger's, or the address */
	const char *helohost;	    /* how we call ourselves to it */
	int connection;
	struct relay relay; /* under TLS; without a process in clear */
	struct handshake handshake;
	struct capabilities capabilities;
	struct stream stream;
	/* How the message will travel, for a K report, or NULL. */
	char *summary;
	/* Why the session is in clear though TLS was tried, or NULL. */
	char *clear_reason;
	const char *mechanism; /* by which we authenticated, or NULL */
	struct mask mask;      /* what reports may not repeat */
	/* What is said is kept there, and certificates are told; NULL: nobody
	   wants to see them. */
	struct turns *turns;
	struct deadline deadline; /* for being ready */
	unsigned long timeout_remote;
};

/* Ready for a server; nothing has been said yet. */
void opening_prepare(struct opening *opening, const struct server *server,
    const char *helohost, unsigned long timeout_remote,
    struct deadline deadline);

/* The dialogue as it goes on in it. */
struct dialogue opening_dialogue(struct opening *opening);

/* Starts speaking in clear over a new connection. */
void opening_start_clear(struct opening *opening, int connection);

/* Goes on over the relay, whose handshake is done. */
void opening_start_tls(struct opening *opening);

/* Says QUIT, and ends a session that is ready. */
void opening_leave(struct opening *opening);

/* Ends relay and connection. */
void opening_hang_up(struct opening *opening);

#endif
