/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/greet.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "i18n.h"
#include "session/trouble.h"
#include "reply.h"

static void set_answered(struct failure *failure,
    const struct dialogue *dialogue, const struct reply *reply,
    const char *format)
{
	failure_set(failure, FAILURE_TEMPORARY, format, dialogue->server);
	failure->rank = FAILURE_ANSWERED;
	failure_add_remote(failure, reply->text, reply->length);
}

/*
 * Reads on until a line of the reply ends.  Returns false when the
 * connection died before.
 */
static bool read_line(const struct dialogue *dialogue, struct reply *reply,
    struct deadline deadline)
{
	struct stream *stream = dialogue->stream;

	if (reply->state == REPLY_LINE)
		reply_next_line(reply);
	while (reply->state == REPLY_PARTIAL) {
		size_t size;
		const char *input = stream_input(stream, &size);

		if (size > 0)
			stream_consume(stream, reply_take(reply, input, size));
		else if (stream_move(stream, deadline) != STREAM_MOVED)
			return false;
	}
	return true;
}

/* Reads a whole reply.  Returns false when the connection died. */
static bool read_reply(const struct dialogue *dialogue, struct reply *reply)
{
	struct deadline deadline = deadline_in(dialogue->timeout);

	reply_start(reply);
	do {
		if (!read_line(dialogue, reply, deadline))
			return false;
	} while (reply->state == REPLY_LINE);
	return true;
}

/* Writes a command line.  Returns false when the connection died. */
static bool say(
    const struct dialogue *dialogue, const char *verb, const char *argument)
{
	struct deadline deadline = deadline_in(dialogue->timeout);
	struct stream *stream = dialogue->stream;

	if (strlen(verb) + strlen(argument) + 2 > stream_room(stream))
		return false;
	stream_put(stream, verb, strlen(verb));
	stream_put(stream, argument, strlen(argument));
	stream_put(stream, "\r\n", 2);
	while (stream_unwritten(stream) > 0)
		if (stream_move(stream, deadline) != STREAM_MOVED)
			return false;
	return true;
}

/* Whether there is input that answers nothing of what has been said. */
static bool has_more_input(const struct dialogue *dialogue)
{
	size_t waiting;

	stream_input(dialogue->stream, &waiting);
	return waiting > 0;
}

/* A server that talks ahead does not speak SMTP. */
static bool is_in_step(const struct dialogue *dialogue, struct failure *failure)
{
	if (!has_more_input(dialogue))
		return true;
	trouble_out_of_step(failure, dialogue->server);
	return false;
}

bool greet_welcome(const struct dialogue *dialogue, struct failure *failure)
{
	struct reply reply;

	if (!read_reply(dialogue, &reply)) {
		trouble_died(failure, dialogue->server);
		return false;
	}
	if (reply.state == REPLY_COMPLETE && reply.code == 220)
		return is_in_step(dialogue, failure);
	set_answered(failure, dialogue, &reply,
	    _("Connected to %s but greeting failed.\n"));
	greet_quit(dialogue);
	return false;
}

/* A limit that is no number or too large is as good as none. */
static uint64_t parse_size_limit(const char *text, size_t length)
{
	uint64_t limit = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned digit = (unsigned)(text[i] - '0');

		if (digit > 9 || limit > (UINT64_MAX - digit) / 10)
			return 0;
		limit = limit * 10 + digit;
	}
	return limit;
}

/* One line of the EHLO reply: a keyword and perhaps parameters. */
static void note_capability(
    struct capabilities *capabilities, const char *line, size_t length)
{
	static const struct {
		const char *keyword;
		unsigned capability;
	} known[] = {
	    {"PIPELINING", CAPABILITY_PIPELINING},
	    {"SIZE", CAPABILITY_SIZE},
	    {"8BITMIME", CAPABILITY_8BITMIME},
	    {"SMTPUTF8", CAPABILITY_SMTPUTF8},
	    {"STARTTLS", CAPABILITY_STARTTLS},
	};
	const char *blank = memchr(line, ' ', length);
	size_t word = blank != NULL ? (size_t)(blank - line) : length;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (!ascii_is_word(line, word, known[i].keyword))
			continue;
		capabilities->set |= known[i].capability;
		if (known[i].capability == CAPABILITY_SIZE && blank != NULL)
			capabilities->size_limit =
			    parse_size_limit(blank + 1, length - word - 1);
	}
}

/*
 * Says EHLO and reads the reply with its capabilities, however long it is;
 * its first line is the server's name.  Returns false when the connection
 * died.
 */
static bool say_ehlo(const struct dialogue *dialogue, const char *helohost,
    struct capabilities *capabilities, struct reply *reply)
{
	struct deadline deadline;
	bool first = true;

	reply_start(reply);
	if (!say(dialogue, "EHLO ", helohost))
		return false;
	deadline = deadline_in(dialogue->timeout);
	do {
		if (!read_line(dialogue, reply, deadline))
			return false;
		if (!first)
			note_capability(
			    capabilities, reply->line, reply->line_length);
		first = false;
	} while (reply->state == REPLY_LINE);
	return true;
}

bool greet_hello(const struct dialogue *dialogue, const char *helohost,
    struct capabilities *capabilities, struct failure *failure)
{
	struct reply reply;

	*capabilities = (struct capabilities){0};
	if (!say_ehlo(dialogue, helohost, capabilities, &reply)) {
		trouble_died(failure, dialogue->server);
		return false;
	}
	if (reply.state == REPLY_COMPLETE && reply.code == 250)
		return is_in_step(dialogue, failure);

	*capabilities = (struct capabilities){0};
	/* After 421 the server hangs up, and after garbage HELO is no use. */
	if (reply.state == REPLY_COMPLETE && reply.code != 421) {
		if (!is_in_step(dialogue, failure))
			return false;
		if (!say(dialogue, "HELO ", helohost) ||
		    !read_reply(dialogue, &reply)) {
			trouble_died(failure, dialogue->server);
			return false;
		}
		if (reply.state == REPLY_COMPLETE && reply.code == 250)
			return is_in_step(dialogue, failure);
	}
	set_answered(failure, dialogue, &reply,
	    _("Connected to %s but my name was rejected.\n"));
	greet_quit(dialogue);
	return false;
}

void greet_ask_tls(const struct dialogue *dialogue)
{
	say(dialogue, "STARTTLS", "");
}

enum greet_tls greet_hear_tls(
    const struct dialogue *dialogue, struct failure *failure)
{
	struct reply reply;

	if (!read_reply(dialogue, &reply)) {
		reply_start(&reply); /* half a line is none of its words */
		set_answered(failure, dialogue, &reply,
		    _("Connected to %s but STARTTLS was not answered. "
		      "(#4.7.0)\n"));
		return GREET_TLS_BROKEN;
	}
	if (has_more_input(dialogue)) {
		set_answered(failure, dialogue, &reply,
		    _("Connected to %s but it said more than an answer to "
		      "STARTTLS. (#4.7.0)\n"));
		return GREET_TLS_BROKEN;
	}
	if (reply.state == REPLY_COMPLETE && reply.code == 220)
		return GREET_TLS_READY;
	set_answered(failure, dialogue, &reply,
	    _("Connected to %s but STARTTLS was refused. (#4.7.0)\n"));
	return reply.state == REPLY_COMPLETE && reply.code != 421
		   ? GREET_TLS_REFUSED
		   : GREET_TLS_BROKEN;
}

void greet_quit(const struct dialogue *dialogue)
{
	stream_try(dialogue->stream, "QUIT\r\n", 6);
}
