/* SPDX-License-Identifier: ISC */
/* The stages of a session at which a peer can be told what to do. */
#ifndef PEER_STAGE_H
#define PEER_STAGE_H

/*
 * The moments at which the server speaks.  Those of a command come when its
 * whole line has been read.
 */
enum peer_stage {
	PEER_GREETING = 1,
	PEER_EHLO, /* in clear */
	PEER_HELO,
	PEER_STARTTLS,
	PEER_HANDSHAKE, /* after the 220, when the client's first byte is in */
	PEER_EHLO_TLS,
	PEER_AUTH,
	PEER_AUTH_RESPONSE, /* each line after AUTH */
	PEER_MAIL,
	PEER_RCPT,
	PEER_DATA,
	PEER_BODY, /* while message data arrive; nothing is said by default */
	PEER_DOT,  /* the reply to the final dot */
	PEER_QUIT,
	PEER_OTHER, /* any other command */
	PEER_STAGES
};

/* "RCPT" for PEER_RCPT, and so on. */
const char *peer_stage_name(enum peer_stage stage);

#endif
