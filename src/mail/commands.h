/* SPDX-License-Identifier: ISC */
/*
 * The commands of one transaction, in the order in which they are sent, which
 * is the order of their replies (RFC 5321 section 3.3): MAIL, one RCPT for
 * each recipient that can be told, DATA, and the message with its final dot.
 */
#ifndef MAIL_COMMANDS_H
#define MAIL_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/message.h"
#include "mail/refusal.h"
#include "session/handoff.h"
#include "stream.h"

enum stage { STAGE_MAIL, STAGE_RCPT, STAGE_DATA, STAGE_MESSAGE, STAGE_OVER };

/* One command; all zero is the first. */
struct place {
	enum stage stage;
	size_t recipient; /* at STAGE_RCPT: which one */
};

struct commands {
	const struct session *session;
	const struct message_facts *facts;
	enum refusal_utf8 utf8; /* used: MAIL says SMTPUTF8 */
	enum refusal *refusals; /* for each recipient, our own */
};

/* A line fits in this, with the parameters of MAIL. */
enum { COMMANDS_ROOM = 1024 };

/* For this session, in which the message is sent; neither is copied. */
void commands_start(struct commands *commands, const struct session *session,
    const struct message_facts *facts);
void commands_end(struct commands *commands);

/* The one that follows: recipients that are refused have none. */
struct place commands_next(const struct commands *commands, struct place place);

bool place_is(struct place a, struct place b);

/* Puts the line, for which there is room; never called for the message. */
void commands_put(
    const struct commands *commands, struct place place, struct stream *stream);

#endif
