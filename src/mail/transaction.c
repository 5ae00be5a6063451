/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/transaction.h"

#include <stdlib.h>

#include "deadline.h"
#include "mail/commands.h"
#include "mail/data.h"
#include "mail/doubt.h"
#include "mail/pace.h"
#include "mail/recipients.h"
#include "mail/refusal.h"
#include "reply.h"
#include "stream.h"
#include "xalloc.h"

struct transaction {
	const struct session *session;
	struct commands commands;
	struct recipients recipients;
	struct verdict *verdict; /* on the message */
	struct stream stream;
	struct reply reply;

	struct place sending; /* the command to be sent next */
	struct place awaited; /* the one whose reply is due next */

	struct data data;
	struct pace pace;
	bool dot_put; /* the final dot is among the output */
	bool go;      /* 354 was said, and the message is still wanted */

	bool decided; /* the verdict is final */
	bool over;    /* there is nothing left to say or to hear */
};

/* Whether all of the message has been handed to the network. */
static bool is_dot_out(const struct transaction *t)
{
	return t->dot_put && stream_unwritten(&t->stream) == 0 &&
	       !stream_is_broken(&t->stream);
}

/* The final dot may have arrived: then so may the message. */
static bool is_duplicate_possible(const struct transaction *t)
{
	return t->go && is_dot_out(t);
}

static void end_died(struct transaction *t)
{
	if (!t->decided)
		verdict_die(t->verdict, t->session, is_duplicate_possible(t));
	t->over = true;
}

/* Garbage, or an answer to nothing that was said. */
static void end_out_of_step(struct transaction *t)
{
	if (!t->decided)
		verdict_lose_step(t->verdict, t->session, &t->reply, t->go,
		    is_duplicate_possible(t));
	t->over = true;
}

/* Sends commands as far as the server is ready for them. */
static void put_commands(struct transaction *t)
{
	bool pipelining = t->session->capabilities.set & CAPABILITY_PIPELINING;

	while (t->sending.stage < STAGE_MESSAGE &&
	       stream_room(&t->stream) >= COMMANDS_ROOM &&
	       (pipelining || place_is(t->sending, t->awaited))) {
		commands_put(&t->commands, t->sending, &t->stream);
		t->sending = commands_next(&t->commands, t->sending);
	}
}

/*
 * Puts what there is room for.  A message that turns out to be no good ends
 * here: without the final dot the server has accepted nothing.
 */
static void put_message(struct transaction *t)
{
	switch (data_put(&t->data, &t->stream)) {
	case DATA_MORE: return;
	case DATA_COMPLETE:
		t->dot_put = true;
		t->sending = commands_next(&t->commands, t->sending);
		return;
	case DATA_UNREADABLE: break;
	}
	failure_set_unreadable_message(&t->verdict->failure);
	t->decided = true;
	t->over = true;
}

/* All recipients have been heard of.  None accepted: that is the end. */
static void sum_up_recipients(struct transaction *t)
{
	if (t->decided || recipients_end(&t->recipients))
		return;
	verdict_give_up(t->verdict, t->session, t->recipients.one_waits);
	t->decided = true;
}

/* A reply to what concerns the whole message.  Returns whether it is good. */
static bool take_message_reply(struct transaction *t, enum stage stage)
{
	if (t->decided)
		return verdict_is_good(stage, &t->reply);
	t->decided = !verdict_take_reply(t->verdict, t->session, stage,
	    &t->reply, t->recipients.one_accepted);
	return !t->decided;
}

/*
 * A server that says 354 though there is nobody to deliver to gets an empty
 * message (RFC 2920 section 3.1), and what it says to that does not count.
 */
static void take_data_reply(struct transaction *t)
{
	if (!take_message_reply(t, STAGE_DATA)) {
		t->over = true;
	} else if (t->decided) {
		stream_put(&t->stream, ".\r\n", 3);
		t->dot_put = true;
		t->sending = commands_next(&t->commands, t->sending);
	} else {
		t->go = true;
		pace_start(&t->pace, t->session->min_rate, t->session->timeout,
		    stream_written(&t->stream));
	}
}

/* Acts upon a complete reply to the command that is due. */
static void take_reply(struct transaction *t)
{
	struct place place = t->awaited;

	t->awaited = commands_next(&t->commands, place);
	switch (place.stage) {
	case STAGE_MAIL: take_message_reply(t, STAGE_MAIL); break;
	case STAGE_RCPT:
		if (!t->decided)
			recipients_take_reply(
			    &t->recipients, place.recipient, &t->reply);
		break;
	case STAGE_DATA: take_data_reply(t); break;
	default: take_message_reply(t, STAGE_MESSAGE); t->over = true;
	}
	if (t->awaited.stage == STAGE_DATA && !t->over)
		sum_up_recipients(t);
	/* Without pipelining nothing more is due after a decision. */
	if (t->decided && place_is(t->sending, t->awaited))
		t->over = true;
}

/* Whether the server has been asked something it has not answered. */
static bool is_reply_due(const struct transaction *t)
{
	if (t->awaited.stage == STAGE_MESSAGE)
		return is_dot_out(t);
	return !place_is(t->awaited, t->sending);
}

/* Uses some of what has been read.  Returns whether a reply was completed. */
static bool take_some(struct transaction *t, const char *input, size_t size)
{
	stream_consume(&t->stream, reply_take(&t->reply, input, size));
	if (reply_is_blank(&t->reply))
		return false;
	if (!is_reply_due(t) || t->reply.state == REPLY_INVALID) {
		end_out_of_step(t);
		return false;
	}
	if (t->reply.state != REPLY_COMPLETE)
		return false;
	take_reply(t);
	reply_start(&t->reply);
	return true;
}

/* Uses all that has been read.  Returns whether a reply was completed. */
static bool take_input(struct transaction *t)
{
	bool completed = false;
	size_t size;
	const char *input = stream_input(&t->stream, &size);

	while (!t->over && size > 0) {
		completed |= take_some(t, input, size);
		input = stream_input(&t->stream, &size);
	}
	return completed;
}

/*
 * What a server says before the final dot has gone out cannot answer the
 * message.  So it is heard before each piece, not only when there
 * is no room to write.
 */
static void hear_interruption(struct transaction *t)
{
	enum stream_status status = stream_hear(&t->stream);

	take_input(t);
	if (status != STREAM_MOVED && status != STREAM_TIMED_OUT && !t->over)
		end_died(t);
}

/* The message, up to when its final dot is out. */
static void advance_message(struct transaction *t)
{
	if (!t->dot_put)
		put_message(t);
	if (!t->over && !is_dot_out(t))
		hear_interruption(t);
}

static bool is_sending(const struct transaction *t)
{
	return t->go && !is_dot_out(t);
}

/*
 * Moves some bytes, and uses them.  *deadline is for the reply that is due, or
 * for room to write, and moves on with them.  Returns false when the server is
 * lost, or too slow.
 */
static bool advance(struct transaction *t, struct deadline *deadline)
{
	uint64_t written = stream_written(&t->stream);
	struct deadline look = is_sending(t) ? t->pace.next : deadline_in(0);
	enum stream_status status =
	    stream_move(&t->stream, deadline_earlier(*deadline, look));

	if (take_input(t) || stream_written(&t->stream) != written)
		*deadline = deadline_in(t->session->timeout);
	if (status == STREAM_TIMED_OUT && !deadline_passed(*deadline))
		status = STREAM_MOVED;
	if (is_sending(t) && !pace_keep(&t->pace, stream_written(&t->stream)))
		return false;
	return status == STREAM_MOVED;
}

/*
 * timeoutremote bounds each reply as a whole, from when it is due, and each
 * wait for room to write.
 */
static void converse(struct transaction *t)
{
	struct deadline deadline = deadline_in(t->session->timeout);

	while (!t->over) {
		put_commands(t);
		if (t->go)
			advance_message(t);
		if (!t->over && !advance(t, &deadline) && !t->over)
			end_died(t);
	}
}

/* Says QUIT if that can be done at once, and does not wait, as in stock. */
static void quit(struct transaction *t)
{
	if (!t->go || t->dot_put)
		stream_try(&t->stream, "QUIT\r\n", 6);
}

/* What can be said before anything is sent.  Returns whether to go on. */
static bool check(struct transaction *t)
{
	const struct session *session = t->session;
	struct failure *failure = &t->verdict->failure;
	enum refusal refusal =
	    refusal_of(session->sender, REFUSAL_SENDER, t->commands.utf8);

	if (refusal != REFUSAL_NONE) {
		refusal_fail(failure, refusal, REFUSAL_SENDER, session->sender);
		doubt_explain(failure, session);
		return false;
	}
	if (!refusal_pass_message(session, t->commands.facts, failure))
		return false;
	if (commands_next(&t->commands, t->sending).stage == STAGE_DATA)
		sum_up_recipients(t);
	return !t->decided;
}

void transaction_run(const struct session *session, struct message *message,
    struct reports *reports, struct verdict *verdict)
{
	struct transaction *t = xcalloc(1, sizeof *t);
	struct transport transport =
	    transport_descriptors(session->input, session->output);

	t->session = session;
	t->verdict = verdict;
	verdict->accepted = NULL;
	commands_start(&t->commands, session, &message->facts);
	recipients_start(&t->recipients, &t->commands, reports);
	stream_open(&t->stream, &transport);
	data_open(&t->data, message);
	reply_start(&t->reply);
	if (check(t))
		converse(t);
	quit(t);
	commands_end(&t->commands);
	free(t);
}
