/* SPDX-License-Identifier: ISC */
/* From the servers to a session with one of them. */
#ifndef SESSION_OPEN_H
#define SESSION_OPEN_H

#include "servers/exchanger.h"
#include "session/attempt.h"

/*
 * Passes over the servers, in order, until a session is open: where TLS is
 * only preferred, a second time in clear, over those that have no TLS or whose
 * TLS failed; the list is then cut down to those.  Returns false with the most
 * telling failure.
 */
bool open_session(struct attempts *attempts, struct servers *servers,
    struct opening *opening, struct failure *failure);

#endif
