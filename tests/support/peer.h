/* SPDX-License-Identifier: ISC */
/*
 * A scripted SMTP server for tests: child processes on loopback addresses
 * with one ephemeral port.  They end with the process that started them.
 *
 * A script of zeros is a well-behaved server without extensions.  Overrides
 * change what it does at a stage:
 *
 *     static const struct peer_script script = {
 *         .capabilities = "PIPELINING\nSIZE 1000",
 *         .overrides = {
 *             {.at = PEER_RCPT, .nth = 2, .bytes = "550 5.1.1 no\r\n"},
 *             {.at = PEER_BODY, .after = 4096, .action = PEER_RESET},
 *             {.at = PEER_QUIT, .action = PEER_STALL},
 *         }};
 *     struct peer *peer = peer_start_one(&script);
 *     ...
 *     struct transcript *transcript = peer_stop(peer);
 *
 * The peer has its own copy of scripts from the start.  What fails here for
 * reasons of the machine ends the process with a message.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peer-auth.h"
#include "peer-stage.h"
#include "transcript.h"

struct peer_tls;

/*
 * What is done in place of the normal reply.  Replies that wait to be sent,
 * and bytes where they are given, always go out before the rest.  In those
 * that end a connection "the end" is the client's: the server records what
 * comes until then.
 */
enum peer_action {
	PEER_SAY, /* the bytes as they are; without any: no reply at all */
	PEER_SAY_SLOWLY, /* byte by byte, ms apart */
	PEER_DELAY,	 /* the normal reply (handshake), ms later */
	PEER_APPEND,	 /* the normal reply and the bytes in one write */
	PEER_EARLY, /* the same; the next command gets no reply of its own */
	PEER_DROP,  /* the bytes, then FIN, without TLS close_notify */
	PEER_HALF_CLOSE, /* the bytes, close_notify, FIN; reads to the end */
	PEER_RESET,	 /* the bytes, then RST */
	PEER_STALL,	 /* the bytes, then nothing; reads to the end */
	PEER_DEAF,	 /* as PEER_STALL, but reads nothing any more */
	PEER_FLOOD,	 /* the bytes again and again to the end; ms apart */
};

/*
 * The first one that fits is used.  Message data are expected after a reply
 * to DATA that begins with 354, a handshake after a reply to STARTTLS that
 * begins with 220, whether normal or overridden.
 */
struct peer_override {
	enum peer_stage at;
	unsigned nth; /* only this occurrence in the connection; 0: each */
	unsigned connection; /* only the n-th to this address; 0: each */
	enum peer_action action;
	const char *bytes;
	size_t length; /* of bytes; 0: up to the NUL */
	unsigned ms;   /* the pause before acting, or as said above */
	size_t after;  /* PEER_BODY: when so many bytes of data are in */
};

enum { PEER_OVERRIDES = 24 };

struct peer_script {
	/* What EHLO says after the name: lines separated by LF; or NULL. */
	const char *capabilities;
	/* The same under TLS; NULL: as above, without STARTTLS. */
	const char *capabilities_tls;
	const struct peer_tls *tls;  /* NULL: STARTTLS gets 502 */
	bool implicit_tls;	     /* TLS from the first byte */
	struct peer_account account; /* of whom AUTH knows; or none */
	struct peer_override overrides[PEER_OVERRIDES];

	unsigned latency; /* ms before each write of replies */
	/*
	 * Answers each command before it looks at the next and never reads
	 * while it has something to write; without it, replies to commands
	 * that have arrived together leave together.
	 */
	bool stubborn;
	size_t read_size;		 /* bytes read at a time; 0: 64 KiB */
	unsigned read_pause;		 /* ms before each read */
	int receive_buffer, send_buffer; /* SO_RCVBUF, SO_SNDBUF; 0: default */
	/* Message data are not recorded, only their digest. */
	bool digest;
};

enum peer_kind {
	PEER_SERVES,
	PEER_REFUSES,	/* connection refused; the port stays reserved */
	PEER_BLACKHOLE, /* SYNs are dropped, so that connect times out */
	PEER_LATE, /* the same, but serves later: the next SYN gets through,
		      which Linux sends a second after the first */
};

struct peer_address {
	const char *address; /* "127.0.0.2", "::1" */
	enum peer_kind kind;
	const struct peer_script *script; /* NULL: all zeros */
	/* For PEER_LATE: how many connections others have before, or, where
	   that is 0, milliseconds from the start. */
	unsigned after, ms;
};

struct peer;

struct peer *peer_start(const struct peer_address *addresses, size_t count);

/* The same on 127.0.0.1 alone. */
struct peer *peer_start_one(const struct peer_script *script);

/* The port that all addresses share. */
uint16_t peer_port(const struct peer *peer);

/* How the child is known to the system, for those who want to stop it. */
int peer_process(const struct peer *peer);

/*
 * Lets connections come to their end, which is expected soon,
 * ends the peer and frees it.  The caller frees the transcript.
 */
struct transcript *peer_stop(struct peer *peer);

/* True when there is an IPv4 loopback, or one of IPv6. */
bool peer_has_ipv4(void);
bool peer_has_ipv6(void);

#endif
