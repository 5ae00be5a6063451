/* SPDX-License-Identifier: ISC */
/*
 * What became of a TLS handshake, as the relay tells it: facts, of which some
 * are there only if the task (task.h) has asked for them.
 */
#ifndef TLS_HANDSHAKE_H
#define TLS_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "parcel.h"
#include "reason.h"
#include "tls/task.h"

enum {
	TLS_BINDING_SIZE = 32,
	TLS_FINGERPRINT_SIZE = 32,
	TLS_CHAIN_MAX = 32,   /* certificates that are looked at */
	TLS_OWNERS_MAX = 256, /* names of a certificate that are told */
	TLS_HANDSHAKE_SIZE = 1 << 20
};

/* What a TLSA record has shown (RFC 7672 section 3.1). */
enum tlsa_match {
	TLSA_MATCH_NONE,
	TLSA_MATCH_TA, /* a chain to a certificate that matches; names aside */
	TLSA_MATCH_EE  /* the server's own certificate or key matches */
};

/* A certificate as it is shown to people, nothing in it being vouched for. */
struct tls_certificate {
	const char *subject, *issuer; /* RFC 4514 */
	size_t name_count;
	const char **names; /* DNS names and addresses it is for */
	time_t from, until;
	unsigned char sha256[TLS_FINGERPRINT_SIZE];
	unsigned char key_sha256[TLS_PIN_SIZE]; /* of SubjectPublicKeyInfo */
};

struct handshake {
	bool done;
	/* A setting of our own, not the server, is why it is not done. */
	bool misconfigured;
	/*
	 * The chain leads to a trust anchor, and is right in dates, purpose and
	 * all else but names.
	 */
	bool chain_trusted;
	unsigned named; /* enum tls_use: for what it bears one of the names */
	/* The same, by a subject alternative name and not the common name. */
	unsigned named_by_san;
	enum tlsa_match tlsa;
	bool pinned;		   /* the key is one of the pins */
	struct reason reason;	   /* why not done, or the chain not trusted */
	struct reason tlsa_reason; /* why no record matches */
	char protocol[16];	   /* "TLS1.3" */
	char cipher[64];	   /* "AES-256-GCM" */
	char owner[256];	   /* the first name that it bears, or "" */
	bool bound;
	unsigned char binding[TLS_BINDING_SIZE]; /* tls-exporter */
	size_t certificate_count;		 /* the server's is the first */
	struct tls_certificate *certificates;
};

/* Says that the certificate is not for this name, and for whom it is. */
void handshake_explain_names(const struct handshake *handshake,
    const char *wanted, struct reason *reason);

/* Writes it, version first. */
void handshake_put(struct parcel *parcel, const struct handshake *handshake);

/*
 * Reads it back; its texts are the parcel's.  Returns false when that is
 * none: then the handshake is one that is not done.
 */
bool handshake_take(struct parcel *parcel, struct handshake *handshake);

#endif
