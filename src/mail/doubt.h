/* SPDX-License-Identifier: ISC */
/*
 * What a session cannot prove.  One that is in clear because TLS was refused or
 * failed says nothing about the mail: a smarthost that knows us by our
 * certificate then refuses everything, and anybody on the way can bring it
 * about.  So what would be a permanent failure is a temporary one.
 */
#ifndef MAIL_DOUBT_H
#define MAIL_DOUBT_H

#include <stdbool.h>

#include "failure.h"
#include "session/handoff.h"

/* Whether a refusal may be the session's fault, not the mail's. */
bool doubt_refusal(const struct session *session);

/* Whether an extension, or room for the message, may be missing now only. */
bool doubt_lack(const struct session *session);

/*
 * Appends to a temporary failure why there was no TLS, where that is so, on a
 * line of its own.
 */
void doubt_explain(struct failure *failure, const struct session *session);

#endif
