/* SPDX-License-Identifier: ISC */
/*
 * TLS with one server: credentials, handshake, verification, and what there
 * is to say about it.  Policy is not here: a certificate that does not verify
 * is found out, not acted upon.
 */
#ifndef TLS_H
#define TLS_H

#include <stdbool.h>
#include <sys/types.h>

#include "candidates.h"
#include "deadline.h"
#include "report.h"
#include "settings.h"
#include "stream.h"

/* Trust anchors and client certificate, loaded. */
struct tls_credentials;

/* One TLS session over a connection, which it does not own. */
struct tls;

/* A reason in English, for K reports, and in the user's language. */
struct tls_reason {
	char english[256];
	char local[512];
};

/*
 * Loads what the settings name.  Returns NULL with a report Z that names the
 * file that cannot be used.
 */
struct tls_credentials *tls_load(const struct settings *settings,
    const char *run_directory, struct report *report);

/*
 * Does the handshake on a non-blocking descriptor until the deadline, with
 * the system's default priorities, and looks at the certificate.  Returns
 * NULL with the reason.
 */
struct tls *tls_start(struct tls_credentials *credentials, int descriptor,
    const struct server *server, struct deadline deadline,
    struct tls_reason *reason);

/* Whether chain, dates and name are right; otherwise *reason tells. */
bool tls_is_verified(const struct tls *tls, const struct tls_reason **reason);

/*
 * "TLS1.3, AES-256-GCM, verified mx.example.net" or the like; not
 * translated.  The text belongs to tls.
 */
const char *tls_summary(const struct tls *tls);

/* Why the session ended early: an alert of the server, or its silence. */
void tls_explain_end(const struct tls *tls, struct tls_reason *reason);

/* For a stream over the session. */
struct transport tls_transport(struct tls *tls);

/*
 * Sends close_notify without waiting for the server's.  Returns false with
 * errno EAGAIN when the connection cannot take it yet.
 */
bool tls_say_goodbye(struct tls *tls);

/* Frees the session without a word to the server. */
void tls_abandon(struct tls *tls);

#endif
