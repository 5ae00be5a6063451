/* SPDX-License-Identifier: ISC */
/*
 * How the peer does TLS: a hook, and its implementation with GnuTLS.
 */
#ifndef PEER_TLS_H
#define PEER_TLS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Texts are empty where there is nothing to tell. */
struct peer_tls_facts {
	char version[16]; /* "TLS1.3" */
	char cipher[32];  /* "AES-256-GCM" */
	char sni[256];
	char client[256];    /* the client certificate's subject */
	bool client_trusted; /* it leads to client_ca */
	char error[256];     /* why the handshake failed */
	/* Channel binding of the type tls-exporter (RFC 9266). */
	unsigned char binding[32];
};

/* errno of a read that met FIN without close_notify. */
enum { PEER_TLS_CUT = ENOLINK };

struct peer_tls {
	/*
	 * Shakes hands on a connected socket that the session uses but does
	 * not own.  Returns the session, or NULL with facts->error.
	 */
	void *(*start)(
	    const struct peer_tls *tls, int fd, struct peer_tls_facts *facts);
	/* As read(2) and write(2): the latter writes all or fails. */
	ssize_t (*read)(void *session, void *buffer, size_t size);
	ssize_t (*write)(void *session, const void *bytes, size_t length);
	/* How many bytes can be read without waiting for the socket. */
	size_t (*pending)(void *session);
	/* Sends close_notify. */
	void (*bye)(void *session);
};

enum peer_tls_client {
	PEER_TLS_IGNORE,
	PEER_TLS_REQUEST, /* ask for a certificate, do without */
	PEER_TLS_REQUIRE, /* the handshake fails without one */
};

struct peer_tls_options {
	const char *certificate; /* PEM file: the chain, server's first */
	const char *key;	 /* PEM file */
	const char *ocsp;	 /* a response to go with it, or NULL */
	/* For TLS 1.2 only: "NORMAL:-VERS-ALL:+VERS-TLS1.2".  NULL: default */
	const char *priority;
	enum peer_tls_client client;
	const char
	    *client_ca; /* PEM file against which it is checked; or NULL */
};

/* Reads the files at once; what is wrong with them ends the process. */
struct peer_tls *peer_tls_new(const struct peer_tls_options *options);
void peer_tls_free(struct peer_tls *tls);

#endif
