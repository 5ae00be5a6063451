/* SPDX-License-Identifier: ISC */
/*
 * A small HTTPS server for tests: child processes on 127.0.0.1, one for each
 * connection, on a port of their own.  They end with the process that started
 * them.  Each connection gets one answer, whatever is asked.
 */
#ifndef HTTPS_H
#define HTTPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTPS_REQUEST = 2048 };

/* Members that are 0 or NULL take the default. */
struct https_options {
	const char *certificate, *key; /* PEM files */
	const char *status;	       /* default: "200 OK" */
	const char *type;	       /* default: "text/plain"; "": none */
	const char *headers;	       /* further lines, each with its CRLF */
	const char *body;
	size_t size;   /* of body; 0: up to the NUL */
	bool unsized;  /* no Content-Length: the end of the connection is that
			  of the body */
	bool silent;   /* accepts, and says nothing, not even of TLS */
	bool endless;  /* the body is repeated for ever */
	size_t cut;    /* octets of the answer before it is cut off, without
			  close_notify */
	unsigned wait; /* ms before the answer */
	unsigned pace; /* ms before each octet of it */
};

struct https;

/* What fails ends the process with a message. */
struct https *https_start(const struct https_options *options);
void https_stop(struct https *https);

uint16_t https_port(const struct https *https);

/* How many connections were accepted, and how many requests were read. */
unsigned https_connections(const struct https *https);
unsigned https_requests(const struct https *https);

/* Where the last connection came from. */
const char *https_peer(const struct https *https);

/* The last request up to its empty line. */
const char *https_request(const struct https *https);

#endif
