/* SPDX-License-Identifier: ISC */
/*
 * What the relay is asked to do and to find out.  It knows no policy: it is
 * told which facts are wanted, and whoever asked decides what they mean.
 */
#ifndef TLS_TASK_H
#define TLS_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "dns/tlsa.h"
#include "parcel.h"

/* An answer of the DNS has no room for more records: whoever writes one must
   not have the server's failure called that of this machine. */
enum { TLS_NAMES_MAX = 1024, TLS_RECORDS_MAX = 4096, TLS_PINS_MAX = 1024 };
enum { TLS_PIN_SIZE = 32, TLS_TASK_SIZE = 1 << 20 };

/* What a name is asked for; handshake.h tells for which one was borne out. */
enum tls_use {
	TLS_FOR_POLICY = 1 << 0,
	TLS_FOR_STS = 1 << 1,
	TLS_FOR_TLSA = 1 << 2 /* besides the anchors that a record names */
};

/*
 * A name that the server's certificate may bear: absolute, as A-labels and
 * without its last dot.  "*." at its start stands for one label, "." for one or
 * more; an IP address is one, without brackets.
 */
struct tls_name {
	const char *pattern;
	unsigned uses; /* of enum tls_use */
};

/* All strings may be NULL but those of names, and server. */
struct tls_task {
	const char *server; /* how reports call it: its name, or its address */
	const char *sni;    /* the name to ask for (RFC 6066), no last dot */
	const struct tls_name *names;
	size_t name_count;
	/* The trust anchors: a PEM bundle, or a directory when it ends in '/'.
	   NULL: no chain is trusted. */
	const char *anchors;
	const struct tlsa_record *records; /* usable ones (RFC 7672) */
	size_t record_count;
	/* SHA-256 of public keys (SubjectPublicKeyInfo), any of which will do
	 */
	const unsigned char (*pins)[TLS_PIN_SIZE];
	size_t pin_count;
	const char *clientcert, *clientkey; /* PEM files */
	const char *run_directory;
	/* A certificate need not allow what its key is used for. */
	bool lenient;
	bool binding;	   /* the channel binding is wanted (RFC 9266) */
	bool certificates; /* what the certificates say is wanted */
};

/* Writes it, version first. */
void tls_task_put(struct parcel *parcel, const struct tls_task *task);

/*
 * Reads it back; its texts are the parcel's.  Returns false when that is
 * another version's, or none.  It lives as long as the process.
 */
bool tls_task_take(struct parcel *parcel, struct tls_task *task);

#endif
