/* SPDX-License-Identifier: ISC */
/* From the servers to a session with one of them. */
#ifndef SESSION_OPEN_H
#define SESSION_OPEN_H

#include "failure.h"
#include "session/opening.h"
#include "session/plan.h"

/*
 * Passes over the plan's servers, in order, until a session is open: where TLS
 * is only preferred, a second time in clear, over those that have no TLS or
 * whose TLS failed.  Returns false with the most telling failure.
 */
bool open_session(
    const struct plan *plan, struct opening *opening, struct failure *failure);

#endif
