/* SPDX-License-Identifier: ISC */
/*
 * What is refused before a server is told anything: addresses that cannot
 * stand in a command, and messages that it is sure not to take.
 */
#ifndef MAIL_REFUSAL_H
#define MAIL_REFUSAL_H

#include <stdbool.h>

#include "failure.h"
#include "mail/message.h"
#include "session/handoff.h"

enum refusal {
	REFUSAL_NONE,
	REFUSAL_LINE_BREAK, /* it would end its command and begin another */
	REFUSAL_COMMAND,    /* it would end, and parameters begin */
	REFUSAL_LENGTH,	  /* its command exceeds 512 octets (RFC 5321 4.5.3.1.4)
			   */
	REFUSAL_DOMAIN,	  /* its domain is none, or has no A-labels */
	REFUSAL_ENCODING, /* neither ASCII nor UTF-8 */
	REFUSAL_UTF8,	  /* it needs SMTPUTF8, which is not offered */
	REFUSAL_UTF8_NOW  /* the same, but it may be another time */
};

/* Whether addresses can be UTF-8 in a session. */
enum refusal_utf8 {
	REFUSAL_UTF8_MISSING,
	REFUSAL_UTF8_MISSING_NOW,
	REFUSAL_UTF8_USED
};

enum refusal_role { REFUSAL_SENDER, REFUSAL_RECIPIENT };

/* Why address cannot be sent in that role. */
enum refusal refusal_of(
    const char *address, enum refusal_role role, enum refusal_utf8 utf8);

/*
 * Fills the failure: this address is refused, for good unless it may be taken
 * another time.
 */
void refusal_fail(struct failure *failure, enum refusal refusal,
    enum refusal_role role, const char *address);

/*
 * Whether the message itself cannot be sent in this session.  Returns false
 * with the failure.
 */
bool refusal_pass_message(const struct session *session,
    const struct message_facts *facts, struct failure *failure);

#endif
