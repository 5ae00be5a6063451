/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/verdict.h"

#include <stdio.h>
#include <string.h>

#include "i18n.h"

/* Appends a text; one that does not fit is cut. */
static void add(struct verdict *verdict, const char *text)
{
	size_t length = strlen(verdict->words);

	snprintf(verdict->words + length, sizeof verdict->words - length, "%s",
	    text);
}

/* Appends a line of its own, even if the text before was cut inside one. */
static void add_line(struct verdict *verdict, const char *line)
{
	size_t length = strlen(verdict->words);

	if (length > 0 && verdict->words[length - 1] != '\n')
		add(verdict, "\n");
	add(verdict, line);
	add(verdict, "\n");
}

static void add_reply(struct verdict *verdict, const struct reply *reply)
{
	char said[REPLY_SAID_SIZE];

	add(verdict, reply_said(said, reply->text, reply->length));
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
	add_reply(verdict, reply);
	if (*session->tls != '\0')
		add_line(verdict, session->tls);
	verdict->accepted = verdict->words;
}

static bool is_good(enum stage stage, const struct reply *reply)
{
	return stage == STAGE_DATA ? reply->code == 354
				   : reply_class(reply) == 2;
}

bool verdict_take_reply(struct verdict *verdict, const struct session *session,
    enum stage stage, const struct reply *reply)
{
	static const char *const refused[] = {
	    [STAGE_MAIL] = N_("Connected to %s but sender was rejected.\n"),
	    [STAGE_RCPT] = N_("%s does not like recipient.\n"),
	    [STAGE_DATA] = N_("%s failed on DATA command.\n"),
	    [STAGE_MESSAGE] = N_("%s failed after I sent the message.\n")};

	if (is_good(stage, reply)) {
		if (stage == STAGE_MESSAGE)
			accept(verdict, session, reply);
		return true;
	}
	start(verdict, session, _(refused[stage]));
	add_reply(verdict, reply);
	fail(verdict,
	    reply_class(reply) == 5 ? FAILURE_PERMANENT : FAILURE_TEMPORARY);
	return false;
}

void verdict_give_up(struct verdict *verdict, const struct session *session)
{
	start(verdict, session, _("Giving up on %s.\n"));
	fail(verdict, FAILURE_PERMANENT);
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
	add_reply(verdict, reply);
	fail(verdict, FAILURE_TEMPORARY);
}
