/* SPDX-License-Identifier: ISC */
/* SCRAM (RFC 5802, RFC 7677) on the peer's side. */
#ifndef PEER_SCRAM_H
#define PEER_SCRAM_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

#include "bytes.h"
#include "peer-auth.h"

/*
 * Takes the client's first message and gives the server's.  Returns false
 * when it is for another user, or cannot be read.
 */
bool peer_scram_first(struct peer_auth *auth, bool plus, const char *message,
    size_t size, struct bytes *answer);

/* The same for the final messages, of which the client's proves the password.
 */
bool peer_scram_final(struct peer_auth *auth, gnutls_mac_algorithm_t mac,
    const char *message, size_t size, struct bytes *answer);

/* Adds a name with its commas and equals signs written otherwise. */
void peer_scram_escape(struct bytes *bytes, const char *name);

#endif
