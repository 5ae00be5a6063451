/* SPDX-License-Identifier: ISC */
/*
 * The peer's side of AUTH (RFC 4954), whatever the client's library says of
 * the mechanisms: SCRAM-SHA-256(-PLUS), SCRAM-SHA-1(-PLUS), PLAIN, LOGIN,
 * CRAM-MD5, OAUTHBEARER and XOAUTH2.
 */
#ifndef PEER_AUTH_H
#define PEER_AUTH_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"

/* All that it knows, as the reply to EHLO names them. */
#define PEER_MECHANISMS                                                        \
	"AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1 "  \
	"PLAIN LOGIN CRAM-MD5 OAUTHBEARER XOAUTH2"

/* What the server does wrong on purpose. */
enum peer_lie {
	PEER_HONEST,
	PEER_NO_PROOF,	    /* SCRAM: success without the signature */
	PEER_WRONG_PROOF,   /* SCRAM: the signature is another one */
	PEER_WRONG_NONCE,   /* SCRAM: not the client's */
	PEER_MANY_ROUNDS,   /* SCRAM: iterations for hours */
	PEER_TELLS_ERROR,   /* SCRAM: "e=invalid-proof" before 535 */
	PEER_EAGER,	    /* success at once, whatever is said */
	PEER_CREDULOUS,	    /* success at the end, whatever was said */
	PEER_ENDLESS,	    /* a challenge upon each response */
	PEER_SHOUTS_ANSWER, /* refuses, and repeats all that it was told */
};

struct peer_account {
	const char *user, *secret; /* password or token; NULL: no AUTH */
	enum peer_lie lie;
	bool required;	     /* MAIL gets 530 before that */
	const void *binding; /* in place of that of TLS */
};

enum { PEER_BINDING = 32 };

/* The state of one connection. */
struct peer_auth {
	const struct peer_account *account;
	const void *binding; /* tls-exporter; NULL in clear */
	const struct peer_mechanism *mechanism;
	unsigned step;
	bool authenticated;
	bool failed;	   /* has told the client why; success cannot come */
	struct bytes told; /* decoded responses, and as they came */
	/* SCRAM's own. */
	struct bytes header, first_bare, server_first, nonce, signature;
};

/*
 * What is said to "AUTH MECHANISM [RESPONSE]" and to each line after it; the
 * exchange goes on as long as that begins with 334.
 */
void peer_auth_begin(
    struct peer_auth *auth, const char *arguments, struct bytes *reply);
void peer_auth_continue(
    struct peer_auth *auth, const char *line, struct bytes *reply);

#endif
