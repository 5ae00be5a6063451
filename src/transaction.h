/* SPDX-License-Identifier: ISC */
/*
 * One SMTP transaction, MAIL to QUIT, in a session that is already set up
 * (RFC 5321 section 3.3; pipelined where the server offers RFC 2920).
 */
#ifndef TRANSACTION_H
#define TRANSACTION_H

#include "message.h"
#include "report.h"
#include "session.h"

/*
 * Sends the message.  The reports of recipients go out as their replies come;
 * the message report is left in report.
 */
void transaction_run(const struct session *session, struct message *message,
    struct report *report);

#endif
