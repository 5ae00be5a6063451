/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/greet.h"

#include "i18n.h"
#include "session/trouble.h"

/* A server that hangs up is reported by the format, as for an answer. */
static bool is_in_step(const struct dialogue *dialogue, const char *format,
    struct failure *failure)
{
	struct reply reply;

	if (!dialogue_is_ended(dialogue, &reply))
		return dialogue_is_in_step(dialogue, failure);
	dialogue_fail(dialogue, &reply, format, failure);
	return false;
}

bool greet_welcome(const struct dialogue *dialogue, struct failure *failure)
{
	const char *unwelcome = _("Connected to %s but greeting failed.\n");
	struct reply reply;

	if (!dialogue_hear(dialogue, &reply)) {
		trouble_died(failure, dialogue->server);
		return false;
	}
	if (reply.state == REPLY_COMPLETE && reply.code == 220)
		return is_in_step(dialogue, unwelcome, failure);
	dialogue_fail(dialogue, &reply, unwelcome, failure);
	greet_quit(dialogue);
	return false;
}

/*
 * Says EHLO and reads the reply with its capabilities, however long it is;
 * its first line is the server's name.  Returns STREAM_MOVED, or how the
 * connection died.
 */
static enum stream_status say_ehlo(const struct dialogue *dialogue,
    const char *helohost, struct capabilities *capabilities,
    struct reply *reply)
{
	struct deadline deadline;
	bool first = true;

	reply_start(reply);
	if (!dialogue_say(dialogue, "EHLO ", helohost))
		return stream_is_broken(dialogue->stream) ? STREAM_FAILED
							  : STREAM_TIMED_OUT;
	deadline = dialogue_patience(dialogue);
	do {
		enum stream_status status =
		    dialogue_hear_line(dialogue, reply, deadline);

		if (status != STREAM_MOVED)
			return status;
		if (!first)
			capabilities_take_line(
			    capabilities, reply->line, reply->line_length);
		first = false;
	} while (reply->state == REPLY_LINE);
	return STREAM_MOVED;
}

static enum greet_hello died(
    const struct dialogue *dialogue, struct failure *failure)
{
	trouble_died(failure, dialogue->server);
	return GREET_HELLO_FAILED;
}

static const char nameless[] =
    N_("Connected to %s but my name was rejected.\n");

static void fail(const struct dialogue *dialogue, const struct reply *reply,
    struct failure *failure)
{
	dialogue_fail(dialogue, reply, _(nameless), failure);
}

/* The server has answered, in whatever way. */
static enum greet_hello take_answer(const struct dialogue *dialogue,
    const struct reply *reply, struct failure *failure)
{
	if (reply->state == REPLY_COMPLETE && reply->code == 250)
		return is_in_step(dialogue, _(nameless), failure)
			   ? GREET_HELLO_DONE
			   : GREET_HELLO_FAILED;
	fail(dialogue, reply, failure);
	greet_quit(dialogue);
	return GREET_HELLO_FAILED;
}

enum greet_hello greet_helo(const struct dialogue *dialogue,
    const char *helohost, struct capabilities *capabilities,
    struct failure *failure)
{
	struct reply reply;

	*capabilities = (struct capabilities){.set = CAPABILITY_UNSURE};
	if (!dialogue_say(dialogue, "HELO ", helohost) ||
	    !dialogue_hear(dialogue, &reply))
		return died(dialogue, failure);
	return take_answer(dialogue, &reply, failure);
}

/* Whether the server means that it does not know EHLO: after 421 it hangs up,
   and after garbage HELO is no use. */
static bool is_refused(const struct reply *reply)
{
	return reply->state == REPLY_COMPLETE && reply->code != 250 &&
	       reply->code != 421;
}

enum greet_hello greet_hello(const struct dialogue *dialogue,
    const char *helohost, struct capabilities *capabilities,
    struct failure *failure)
{
	struct reply reply;
	enum stream_status status;
	enum greet_hello result;

	*capabilities = (struct capabilities){0};
	status = say_ehlo(dialogue, helohost, capabilities, &reply);
	if (status != STREAM_MOVED) {
		died(dialogue, failure);
		return status != STREAM_TIMED_OUT && reply_is_blank(&reply)
			   ? GREET_HELLO_HUNG_UP
			   : GREET_HELLO_FAILED;
	}
	if (!is_refused(&reply))
		return take_answer(dialogue, &reply, failure);
	if (!is_in_step(dialogue, _(nameless), failure))
		return GREET_HELLO_FAILED;
	result = greet_helo(dialogue, helohost, capabilities, failure);
	if (reply_class(&reply) == 5)
		capabilities->set = 0;
	else if (result == GREET_HELLO_DONE)
		fail(dialogue, &reply, failure);
	return result;
}

void greet_ask_tls(const struct dialogue *dialogue)
{
	dialogue_say(dialogue, "STARTTLS", "");
}

enum greet_tls greet_hear_tls(
    const struct dialogue *dialogue, struct failure *failure)
{
	struct reply reply;
	bool ready;

	if (!dialogue_hear(dialogue, &reply)) {
		reply_start(&reply); /* half a line is none of its words */
		dialogue_fail(dialogue, &reply,
		    _("Connected to %s but STARTTLS was not answered. "
		      "(#4.7.0)\n"),
		    failure);
		return GREET_TLS_BROKEN;
	}
	ready = reply.state == REPLY_COMPLETE && reply.code == 220;
	if (ready ? dialogue_has_input(dialogue)
		  : dialogue_has_more(dialogue)) {
		dialogue_fail(dialogue, &reply,
		    _("Connected to %s but it said more than an answer to "
		      "STARTTLS. (#4.7.0)\n"),
		    failure);
		return GREET_TLS_BROKEN;
	}
	if (ready)
		return GREET_TLS_READY;
	dialogue_fail(dialogue, &reply,
	    _("Connected to %s but STARTTLS was refused. (#4.7.0)\n"), failure);
	return reply.state == REPLY_COMPLETE && reply.code != 421
		   ? GREET_TLS_REFUSED
		   : GREET_TLS_BROKEN;
}

void greet_quit(const struct dialogue *dialogue)
{
	turns_say(dialogue->turns, dialogue->encrypted, "QUIT", "");
	stream_try(dialogue->stream, "QUIT\r\n", 6);
}
