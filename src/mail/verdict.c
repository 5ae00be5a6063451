/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/verdict.h"

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "mail/doubt.h"

/* Appends a text; one that does not fit is cut. */
static void add(struct verdict *verdict, const char *text)
{
	size_t length = strlen(verdict->words);

	snprintf(verdict->words + length, sizeof verdict->words - length, "%s",
	    text);
}

static void end_line(struct verdict *verdict)
{
	size_t length = strlen(verdict->words);

	if (length > 0 && verdict->words[length - 1] != '\n')
		add(verdict, "\n");
}

/* Appends lines of their own, even if the text before was cut inside one. */
static void add_lines(struct verdict *verdict, const char *lines)
{
	end_line(verdict);
	add(verdict, lines);
	end_line(verdict);
}

static void add_reply(struct verdict *verdict, const struct session *session,
    const struct reply *reply)
{
	char text[REPLY_TEXT_MAX], said[REPLY_SAID_SIZE];
	size_t length;

	memcpy(text, reply->text, reply->length);
	length = mask_apply(&session->mask, text, reply->length);
	add(verdict, reply_said(said, text, length));
}

/* Starts with a sentence in which the server stands. */
static void start(struct verdict *verdict, const struct session *session,
    const char *sentence)
{
	snprintf(
	    verdict->words, sizeof verdict->words, sentence, session->server);
	verdict->accepted = NULL;
}

static void fail(struct verdict *verdict, enum failure_class class)
{
	verdict->failure =
	    (struct failure){.class = class, .text = verdict->words};
}

static void accept(struct verdict *verdict, const struct session *session,
    const struct reply *reply)
{
	start(verdict, session, _("%s accepted message.\n"));
	add_reply(verdict, session, reply);
	if (*session->tls != '\0')
		add_lines(verdict, session->tls);
	verdict->accepted = verdict->words;
}

bool verdict_is_good(enum stage stage, const struct reply *reply)
{
	return stage == STAGE_DATA ? reply->code == 354
				   : reply_class(reply) == 2;
}

/*
 * 552 to a recipient behind others that were accepted means that they are too
 * many for one transaction (RFC 5321 section 4.5.3.1.10).
 */
static enum failure_class class_of(const struct session *session,
    enum stage stage, const struct reply *reply, bool one_accepted)
{
	bool too_many =
	    stage == STAGE_RCPT && reply->code == 552 && one_accepted;

	return reply_class(reply) != 5 || too_many || doubt_refusal(session)
		   ? FAILURE_TEMPORARY
		   : FAILURE_PERMANENT;
}

bool verdict_take_reply(struct verdict *verdict, const struct session *session,
    enum stage stage, const struct reply *reply, bool one_accepted)
{
	static const char *const refused[] = {
	    [STAGE_MAIL] = N_("Connected to %s but sender was rejected.\n"),
	    [STAGE_RCPT] = N_("%s does not like recipient.\n"),
	    [STAGE_DATA] = N_("%s failed on DATA command.\n"),
	    [STAGE_MESSAGE] = N_("%s failed after I sent the message.\n")};

	if (verdict_is_good(stage, reply)) {
		if (stage == STAGE_MESSAGE)
			accept(verdict, session, reply);
		return true;
	}
	start(verdict, session, _(refused[stage]));
	add_reply(verdict, session, reply);
	if (doubt_refusal(session))
		add_lines(verdict, session->clear_reason);
	fail(verdict, class_of(session, stage, reply, one_accepted));
	return false;
}

void verdict_give_up(
    struct verdict *verdict, const struct session *session, bool one_waits)
{
	start(verdict, session, _("Giving up on %s.\n"));
	fail(verdict, one_waits && doubt_lack(session) ? FAILURE_TEMPORARY
						       : FAILURE_PERMANENT);
}

void verdict_die(
    struct verdict *verdict, const struct session *session, bool duplicate)
{
	start(verdict, session,
	    duplicate ? _("Connected to %s but connection died. Possible "
			  "duplicate! (#4.4.2)\n")
		      : _("Connected to %s but connection died. (#4.4.2)\n"));
	fail(verdict, FAILURE_TEMPORARY);
}

void verdict_lose_step(struct verdict *verdict, const struct session *session,
    const struct reply *reply, bool in_data, bool duplicate)
{
	bool refused =
	    reply->state == REPLY_COMPLETE && reply_class(reply) >= 4;

	if (refused && in_data)
		start(verdict, session, _("%s failed on DATA command.\n"));
	else if (reply->state != REPLY_INVALID)
		start(verdict, session,
		    _("Connected to %s but it replied out of turn. "
		      "(#4.5.0)\n"));
	else if (duplicate)
		start(verdict, session,
		    _("Connected to %s but it does not speak SMTP. Possible "
		      "duplicate! (#4.5.0)\n"));
	else
		start(verdict, session,
		    _("Connected to %s but it does not speak SMTP. "
		      "(#4.5.0)\n"));
	add_reply(verdict, session, reply);
	fail(verdict, FAILURE_TEMPORARY);
}
