/* SPDX-License-Identifier: ISC */
/* One attempt to authenticate by one mechanism: from AUTH to what becomes of
 * it (RFC 4954 section 4). */
#ifndef SESSION_EXCHANGE_H
#define SESSION_EXCHANGE_H

#include <stdbool.h>

#include "failure.h"
#include "route/credentials.h"
#include "session/dialogue.h"
#include "session/sasl_module.h"

struct mechanism {
	const char *name;
	bool bearer;	   /* for a token, not for a password */
	bool speaks_first; /* has an initial response */
};

enum exchange_result {
	EXCHANGE_DONE,
	/* The failure tells: */
	EXCHANGE_UNUSABLE,  /* this mechanism is (504, 534) */
	EXCHANGE_FAILED,    /* and the session is of no use any more */
	EXCHANGE_REFUSED,   /* the same: the credentials are wrong (535) */
	EXCHANGE_IMPOSSIBLE /* nothing was said, and there is no failure */
};

/*
 * Has the exchange with the server.  The credentials are for the words of the
 * failure; what is said is added to the mask of the dialogue.
 */
enum exchange_result exchange_run(const struct dialogue *dialogue,
    const struct mechanism *mechanism, struct sasl *sasl,
    const struct credentials *credentials, struct failure *failure);

#endif
