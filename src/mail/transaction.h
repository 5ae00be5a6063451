/* SPDX-License-Identifier: ISC */
/*
 * One SMTP transaction, MAIL to QUIT, in a session that is already set up
 * (RFC 5321 section 3.3; pipelined where the server offers RFC 2920).
 */
#ifndef MAIL_TRANSACTION_H
#define MAIL_TRANSACTION_H

#include "mail/message.h"
#include "mail/verdict.h"
#include "report.h"
#include "session/handoff.h"

/*
 * Sends the message.  Adds the reports of recipients, as far as they were
 * heard of, and gives the verdict on the message.
 */
void transaction_run(const struct session *session, struct message *message,
    struct reports *reports, struct verdict *verdict);

#endif
