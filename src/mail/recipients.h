/* SPDX-License-Identifier: ISC */
/* The recipients of a transaction: what becomes of each is reported once, in
   their order. */
#ifndef MAIL_RECIPIENTS_H
#define MAIL_RECIPIENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/commands.h"
#include "mail/verdict.h"
#include "reply.h"
#include "report.h"

struct recipients {
	const struct commands *commands;
	struct reports *reports;
	struct verdict verdict; /* on the one whose turn it is */
	size_t reported;
	bool one_accepted;
	bool one_waits; /* it may be accepted another time */
};

/* For the recipients of those commands; their reports are added to reports. */
void recipients_start(struct recipients *recipients,
    const struct commands *commands, struct reports *reports);

/*
 * Takes the complete reply to the RCPT of the recipient with that index; those
 * before that we have refused ourselves are reported as well.
 */
void recipients_take_reply(
    struct recipients *recipients, size_t index, const struct reply *reply);

/* All have been heard of.  Returns whether one was accepted. */
bool recipients_end(struct recipients *recipients);

#endif
