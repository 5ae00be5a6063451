/* SPDX-License-Identifier: ISC */
/*
 * From a connection to one under TLS that shows what is demanded: by STARTTLS
 * (RFC 3207), or from the first byte (RFC 8314).
 */
#ifndef SESSION_ENCRYPT_H
#define SESSION_ENCRYPT_H

#include "failure.h"
#include "session/demand.h"
#include "session/opening.h"

enum encrypt_result {
	ENCRYPT_DONE,
	ENCRYPT_REFUSED, /* in clear the session may go on */
	ENCRYPT_FAILED,	 /* the connection is spoilt, the server is not */
	ENCRYPT_HOPELESS /* our own configuration */
};

/*
 * Asks for STARTTLS and does the handshake.  Nothing but the handshake is said
 * under TLS.  Unless done, the failure says why.
 */
enum encrypt_result encrypt_by_starttls(const struct terms *terms,
    const struct demand *demand, struct opening *opening,
    struct failure *failure);

/* The handshake alone, before anything else is said. */
enum encrypt_result encrypt_at_once(const struct terms *terms,
    const struct demand *demand, struct opening *opening,
    struct failure *failure);

/*
 * Says that the EHLO under TLS, of which failure tells, came to nothing: in
 * TLS 1.3 that is how a server refuses our certificate, or the lack of one.
 */
void encrypt_explain_hello(const struct demand *demand,
    const struct opening *opening, struct failure *failure);

#endif
