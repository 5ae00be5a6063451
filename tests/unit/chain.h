/* SPDX-License-Identifier: ISC */
/* Chains that are checked without a session. */
#ifndef CHAIN_H
#define CHAIN_H

#include "certs.h"
#include "tls/trust.h"
#include "tls/verify.h"

enum { CHAIN_ROOM = 40 };

/* Certificates as a server presents them, in both forms. */
struct chain {
	gnutls_datum_t encoded[CHAIN_ROOM];
	gnutls_x509_crt_t certificates[CHAIN_ROOM];
	unsigned count;
};

/* The list ends in NULL. */
void chain_make(struct chain *chain, const struct cert *const list[]);
void chain_free(struct chain *chain);

/* Answers out of the anchors at path, as qmail-remote does. */
struct trust_oracle chain_oracle(const char *path);

/* Lets GnuTLS check the chain, as that of a server. */
struct verifier chain_verifier(struct chain *chain);

/* Whether it is good with those anchors, all of which are given. */
bool chain_is_trusted(struct chain *chain, const struct anchors *anchors);

#endif
