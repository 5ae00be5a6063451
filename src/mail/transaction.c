/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/transaction.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "mail/data.h"
#include "deadline.h"
#include "i18n.h"
#include "mail/refusal.h"
#include "reply.h"
#include "stream.h"
#include "xalloc.h"

/* A command line fits in this, with the parameters of MAIL. */
enum { COMMAND_ROOM = 1024 };

/*
 * The commands of a transaction are numbered in the order in which they are
 * sent, which is the order of their replies: MAIL, one RCPT for each
 * recipient that can be told, DATA, and the message with its final dot.
 */
enum stage { STAGE_MAIL, STAGE_RCPT, STAGE_DATA, STAGE_MESSAGE, STAGE_OVER };

struct place {
	enum stage stage;
	size_t recipient; /* at STAGE_RCPT: which one */
};

struct transaction {
	const struct session *session;
	struct message *message;
	struct reports *recipients;
	struct report *report;
	struct stream stream;
	struct reply reply;

	enum refusal *refusals; /* for each recipient, our own */
	bool utf8;		/* SMTPUTF8 is in use */
	struct place sending;	/* the command to be sent next */
	struct place awaited;	/* the one whose reply is due next */
	size_t reported;	/* recipients */
	size_t accepted;

	struct data data;
	bool dot_put; /* the final dot is among the output */
	bool go;      /* 354 was said, and the message is still wanted */

	bool decided; /* the message report is final */
	bool over;    /* there is nothing left to say or to hear */
};

static bool has(const struct transaction *t, enum capability capability)
{
	return t->session->capabilities.set & capability;
}

static void decide(struct transaction *t, char letter, const char *format)
{
	if (t->decided)
		return;
	report_set(t->report, letter, format, t->session->server);
	t->decided = true;
}

static void decide_with_reply(
    struct transaction *t, char letter, const char *format)
{
	if (t->decided)
		return;
	decide(t, letter, format);
	report_add_remote(t->report, t->reply.text, t->reply.length);
}

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
	decide(t, 'Z',
	    is_duplicate_possible(t)
		? _("Connected to %s but connection died. Possible "
		    "duplicate! (#4.4.2)\n")
		: _("Connected to %s but connection died. (#4.4.2)\n"));
	t->over = true;
}

/* Garbage, or an answer to nothing that was said. */
static void end_out_of_step(struct transaction *t)
{
	bool refused =
	    t->reply.state == REPLY_COMPLETE && reply_class(&t->reply) >= 4;

	if (refused && t->go)
		decide_with_reply(t, 'Z', _("%s failed on DATA command.\n"));
	else if (t->reply.state != REPLY_INVALID)
		decide_with_reply(t, 'Z',
		    _("Connected to %s but it replied out of turn. "
		      "(#4.5.0)\n"));
	else if (is_duplicate_possible(t))
		decide_with_reply(t, 'Z',
		    _("Connected to %s but it does not speak SMTP. Possible "
		      "duplicate! (#4.5.0)\n"));
	else
		decide_with_reply(t, 'Z',
		    _("Connected to %s but it does not speak SMTP. "
		      "(#4.5.0)\n"));
	t->over = true;
}

/* The place that follows: recipients that are refused have none. */
static struct place next_place(const struct transaction *t, struct place place)
{
	size_t recipient = place.stage == STAGE_RCPT ? place.recipient + 1 : 0;

	if (place.stage <= STAGE_RCPT) {
		while (recipient < t->session->recipient_count &&
		       t->refusals[recipient] != REFUSAL_NONE)
			recipient++;
		if (recipient < t->session->recipient_count)
			return (struct place){STAGE_RCPT, recipient};
		return (struct place){STAGE_DATA, 0};
	}
	return (struct place){place.stage + 1, 0};
}

static bool is_same_place(struct place a, struct place b)
{
	return a.stage == b.stage && a.recipient == b.recipient;
}

static void put_text(struct transaction *t, const char *text)
{
	stream_put(&t->stream, text, strlen(text));
}

static void put_address(
    struct transaction *t, const char *command, const char *address)
{
	char *quoted = address_quote(address);

	put_text(t, command);
	put_text(t, "<");
	put_text(t, quoted);
	put_text(t, ">");
	free(quoted);
}

static void put_mail(struct transaction *t)
{
	const struct message_facts *facts = &t->message->facts;
	char size[32];

	put_address(t, "MAIL FROM:", t->session->sender);
	if (has(t, CAPABILITY_SIZE)) {
		snprintf(size, sizeof size, " SIZE=%" PRIu64, facts->wire_size);
		put_text(t, size);
	}
	if (has(t, CAPABILITY_8BITMIME) && facts->eight_bit)
		put_text(t, " BODY=8BITMIME");
	if (t->utf8)
		put_text(t, " SMTPUTF8");
	put_text(t, "\r\n");
}

/* Puts the command of a place; never called for the message. */
static void put_command(struct transaction *t, struct place place)
{
	switch (place.stage) {
	case STAGE_MAIL: put_mail(t); break;
	case STAGE_RCPT:
		put_address(
		    t, "RCPT TO:", t->session->recipients[place.recipient]);
		put_text(t, "\r\n");
		break;
	default: put_text(t, "DATA\r\n"); break;
	}
}

/* Sends commands as far as the server is ready for them. */
static void put_commands(struct transaction *t)
{
	while (t->sending.stage < STAGE_MESSAGE &&
	       stream_room(&t->stream) >= COMMAND_ROOM &&
	       (has(t, CAPABILITY_PIPELINING) ||
		   is_same_place(t->sending, t->awaited))) {
		put_command(t, t->sending);
		t->sending = next_place(t, t->sending);
	}
}

/*
 * Puts what there is room for.  A message that turns out to be no good ends
 * here: without the final dot the server has accepted nothing.
 */
static void put_message(struct transaction *t)
{
	struct failure failure;

	switch (data_put(&t->data, &t->stream)) {
	case DATA_MORE: return;
	case DATA_COMPLETE:
		t->dot_put = true;
		t->sending = next_place(t, t->sending);
		return;
	case DATA_UNREADABLE: break;
	}
	failure_set_unreadable_message(&failure);
	report_take(t->report, &failure);
	t->decided = true;
	t->over = true;
}

static void report_refused(struct transaction *t, size_t recipient)
{
	char *text = refusal_text(t->refusals[recipient], REFUSAL_RECIPIENT,
	    t->session->recipients[recipient]);
	struct report report;

	report_set(&report, 'h', "%s", text);
	free(text);
	reports_add(t->recipients, &report);
}

/* Reports the recipients up to there, which we refused ourselves. */
static void report_up_to(struct transaction *t, size_t recipient)
{
	while (t->reported < recipient)
		report_refused(t, t->reported++);
}

static void take_mail_reply(struct transaction *t)
{
	int class = reply_class(&t->reply);

	if (class != 2)
		decide_with_reply(t, class == 5 ? 'D' : 'Z',
		    _("Connected to %s but sender was rejected.\n"));
}

static void take_rcpt_reply(struct transaction *t, size_t recipient)
{
	int class = reply_class(&t->reply);
	struct report report;

	if (t->decided)
		return;
	report_up_to(t, recipient);
	t->reported++;
	if (class == 2) {
		t->accepted++;
		report_set(&report, 'r', "%s", "");
	} else {
		report_set(&report, class == 5 ? 'h' : 's',
		    _("%s does not like recipient.\n"), t->session->server);
		report_add_remote(&report, t->reply.text, t->reply.length);
	}
	reports_add(t->recipients, &report);
}

/* All recipients have been heard of.  None accepted: that is the end. */
static void sum_up_recipients(struct transaction *t)
{
	if (t->decided)
		return;
	report_up_to(t, t->session->recipient_count);
	if (t->accepted == 0)
		decide(t, 'D', _("Giving up on %s.\n"));
}

/*
 * A server that says 354 though there is nobody to deliver to gets an empty
 * message (RFC 2920 section 3.1), and what it says to that does not count.
 */
static void take_data_reply(struct transaction *t)
{
	if (t->reply.code == 354) {
		t->go = !t->decided;
		if (t->decided) {
			put_text(t, ".\r\n");
			t->dot_put = true;
			t->sending = next_place(t, t->sending);
		}
		return;
	}
	decide_with_reply(t, reply_class(&t->reply) == 5 ? 'D' : 'Z',
	    _("%s failed on DATA command.\n"));
	t->over = true;
}

static void take_final_reply(struct transaction *t)
{
	switch (reply_class(&t->reply)) {
	case 2: decide_with_reply(t, 'K', _("%s accepted message.\n")); break;
	case 5:
		decide_with_reply(
		    t, 'D', _("%s failed after I sent the message.\n"));
		break;
	default:
		decide_with_reply(
		    t, 'Z', _("%s failed after I sent the message.\n"));
	}
	if (t->report->letter == 'K' && *t->session->tls != '\0')
		report_add_line(t->report, t->session->tls);
	t->over = true;
}

/* Acts upon a complete reply to the command that is due. */
static void take_reply(struct transaction *t)
{
	struct place place = t->awaited;

	t->awaited = next_place(t, place);
	switch (place.stage) {
	case STAGE_MAIL: take_mail_reply(t); break;
	case STAGE_RCPT: take_rcpt_reply(t, place.recipient); break;
	case STAGE_DATA: take_data_reply(t); break;
	default: take_final_reply(t); break;
	}
	if (t->awaited.stage == STAGE_DATA && !t->over)
		sum_up_recipients(t);
	/* Without pipelining nothing more is due after a decision. */
	if (t->decided && is_same_place(t->sending, t->awaited))
		t->over = true;
}

/* Whether the server has been asked something it has not answered. */
static bool is_reply_due(const struct transaction *t)
{
	if (t->awaited.stage == STAGE_MESSAGE)
		return is_dot_out(t);
	return !is_same_place(t->awaited, t->sending);
}

/* Uses some of what has been read.  Returns whether a reply was completed. */
static bool take_some(struct transaction *t, const char *input, size_t size)
{
	stream_consume(&t->stream, reply_take(&t->reply, input, size));
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

/*
 * timeoutremote bounds each reply as a whole, from when it is due, and each
 * wait for room to write.
 */
static void converse(struct transaction *t)
{
	unsigned long timeout = t->session->timeout;
	struct deadline deadline = deadline_in(timeout);

	while (!t->over) {
		size_t unwritten;
		enum stream_status status;

		put_commands(t);
		if (t->go)
			advance_message(t);
		if (t->over)
			return;
		unwritten = stream_unwritten(&t->stream);
		status = stream_move(&t->stream, deadline);
		if (take_input(t) || stream_unwritten(&t->stream) != unwritten)
			deadline = deadline_in(timeout);
		if (status != STREAM_MOVED && !t->over)
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
	uint64_t limit = session->capabilities.size_limit;
	enum refusal refusal;
	bool utf8 = has(t, CAPABILITY_SMTPUTF8) &&
		    address_any_needs_utf8(session->sender, session->recipients,
			session->recipient_count);

	t->utf8 = utf8 || (has(t, CAPABILITY_SMTPUTF8) &&
			      t->message->facts.utf8_header);
	for (size_t i = 0; i < session->recipient_count; i++)
		t->refusals[i] =
		    refusal_of(session->recipients[i], REFUSAL_RECIPIENT, utf8);

	refusal = refusal_of(session->sender, REFUSAL_SENDER, utf8);
	if (refusal != REFUSAL_NONE) {
		report_set(t->report, 'D', "%s",
		    refusal_text(refusal, REFUSAL_SENDER, session->sender));
		return false;
	}
	if (t->message->facts.partial_line) {
		report_set(t->report, 'D', "%s",
		    _("SMTP cannot transfer messages with partial final lines. "
		      "(#5.6.2)\n"));
		return false;
	}
	if (limit > 0 && t->message->facts.wire_size > limit) {
		report_set(t->report, 'D',
		    _("The message is larger than %s takes: %" PRIu64
		      " of at most %" PRIu64 " bytes. (#5.3.4)\n"),
		    session->server, t->message->facts.wire_size, limit);
		return false;
	}
	if (next_place(t, (struct place){STAGE_MAIL, 0}).stage == STAGE_DATA) {
		sum_up_recipients(t);
		return false;
	}
	return true;
}

void transaction_run(const struct session *session, struct message *message,
    struct reports *recipients, struct report *report)
{
	struct transaction *t = xcalloc(1, sizeof *t);
	struct transport transport =
	    transport_descriptors(session->input, session->output);

	t->session = session;
	t->message = message;
	t->recipients = recipients;
	t->report = report;
	t->refusals = xcalloc(session->recipient_count, sizeof *t->refusals);
	stream_open(&t->stream, &transport);
	data_open(&t->data, message);
	reply_start(&t->reply);
	if (check(t))
		converse(t);
	quit(t);
	free(t->refusals);
	free(t);
}
