/* SPDX-License-Identifier: ISC */
/* What the certificates show that a server has presented. */
#ifndef TLS_INSPECT_H
#define TLS_INSPECT_H

#include <gnutls/gnutls.h>

#include "tls/handshake.h"
#include "tls/task.h"
#include "tls/trust.h"

struct inspection {
	gnutls_session_t session; /* its handshake is done */
	gnutls_certificate_credentials_t credentials;
	struct trust *trust; /* NULL: there are no anchors */
	struct trust_oracle oracle;
	const struct tls_task *task;
};

/* Adds the facts that the task asks for to the handshake. */
void inspect(const struct inspection *inspection, struct handshake *handshake);

#endif
