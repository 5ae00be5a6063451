/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a message or a recipient, and the words for it, in those of
 * stock.
 */
#ifndef MAIL_VERDICT_H
#define MAIL_VERDICT_H

#include <stdbool.h>

#include "failure.h"
#include "mail/commands.h"
#include "reply.h"
#include "report.h"
#include "session/handoff.h"

/*
 * Once a server may have taken the message, no memory is asked for: to run out
 * of it would report as undelivered what was delivered.  So the words have
 * their room here.
 */
struct verdict {
	const char *accepted;	/* the words, when it is accepted; else NULL */
	struct failure failure; /* why not */
	char words[REPORT_TEXT_MAX];
};

/* Whether a complete reply to the command at that stage is what is hoped for.
 */
bool verdict_is_good(enum stage stage, const struct reply *reply);

/*
 * What the complete reply to the command at that stage means for what was
 * asked with it, the message or a recipient: accepted, with words for the
 * message alone, or a failure.  one_accepted: a recipient before has been.
 * Returns whether it was accepted.
 */
bool verdict_take_reply(struct verdict *verdict, const struct session *session,
    enum stage stage, const struct reply *reply, bool one_accepted);

/*
 * No recipient was accepted: permanent, as in stock, even if all were refused
 * for now, which their own reports say; but not if one waits for what the
 * session cannot prove.
 */
void verdict_give_up(
    struct verdict *verdict, const struct session *session, bool one_waits);

/*
 * The connection is lost.  If the final dot may have arrived (duplicate), so
 * may the message.
 */
void verdict_die(
    struct verdict *verdict, const struct session *session, bool duplicate);

/*
 * The server says what is no reply, or what answers nothing that was said;
 * in_data: while the message was on its way to it.
 */
void verdict_lose_step(struct verdict *verdict, const struct session *session,
    const struct reply *reply, bool in_data, bool duplicate);

#endif
