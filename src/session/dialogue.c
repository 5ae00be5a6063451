/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/dialogue.h"

#include <string.h>

#include "session/trouble.h"

struct deadline dialogue_patience(const struct dialogue *dialogue)
{
	return deadline_earlier(
	    deadline_in(dialogue->timeout), dialogue->limit);
}

static bool write_line(
    const struct dialogue *dialogue, const char *verb, const char *argument)
{
	struct deadline deadline = dialogue_patience(dialogue);
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

bool dialogue_say(
    const struct dialogue *dialogue, const char *verb, const char *argument)
{
	turns_say(dialogue->turns, dialogue->encrypted, verb, argument);
	return write_line(dialogue, verb, argument);
}

bool dialogue_prove(
    const struct dialogue *dialogue, const char *verb, const char *argument)
{
	turns_prove(dialogue->turns, dialogue->encrypted, verb, argument);
	return write_line(dialogue, verb, argument);
}

enum stream_status dialogue_hear_line(const struct dialogue *dialogue,
    struct reply *reply, struct deadline deadline)
{
	struct stream *stream = dialogue->stream;
	enum stream_status status = STREAM_MOVED;

	if (reply->state == REPLY_LINE)
		reply_next_line(reply);
	while (reply->state == REPLY_PARTIAL && status == STREAM_MOVED) {
		size_t size;
		const char *input = stream_input(stream, &size);

		if (size == 0) {
			status = stream_move(stream, deadline);
			continue;
		}
		size = reply_take(reply, input, size);
		turns_hear(dialogue->turns, dialogue->encrypted, input, size);
		stream_consume(stream, size);
	}
	return status;
}

bool dialogue_hear(const struct dialogue *dialogue, struct reply *reply)
{
	struct deadline deadline = dialogue_patience(dialogue);

	reply_start(reply);
	do {
		if (dialogue_hear_line(dialogue, reply, deadline) !=
		    STREAM_MOVED)
			return false;
	} while (reply->state == REPLY_LINE);
	return true;
}

bool dialogue_has_input(const struct dialogue *dialogue)
{
	size_t waiting;

	stream_input(dialogue->stream, &waiting);
	return waiting > 0;
}

bool dialogue_has_more(const struct dialogue *dialogue)
{
	struct reply reply;
	size_t waiting;
	const char *input = stream_input(dialogue->stream, &waiting);

	reply_start(&reply);
	reply_take(&reply, input, waiting);
	/* Half an empty line stays, until what follows tells what it is. */
	if (reply_is_blank(&reply) && !reply.after_cr)
		stream_consume(dialogue->stream, waiting);
	return !reply_is_blank(&reply);
}

bool dialogue_is_ended(const struct dialogue *dialogue, struct reply *reply)
{
	size_t waiting, used = 0;
	const char *input = stream_input(dialogue->stream, &waiting);

	reply_start(reply);
	do
		used += reply_take(reply, input + used, waiting - used);
	while (reply->state == REPLY_LINE);
	if (reply->state != REPLY_COMPLETE || reply->code != 421)
		return false;
	turns_hear(dialogue->turns, dialogue->encrypted, input, used);
	return true;
}

bool dialogue_is_in_step(
    const struct dialogue *dialogue, struct failure *failure)
{
	if (!dialogue_has_more(dialogue))
		return true;
	trouble_out_of_step(failure, dialogue->server);
	return false;
}

void dialogue_fail(const struct dialogue *dialogue, const struct reply *reply,
    const char *format, struct failure *failure)
{
	failure_set(failure, FAILURE_TEMPORARY, format, dialogue->server);
	failure->rank = FAILURE_ANSWERED;
	if (reply != NULL)
		dialogue_quote(dialogue, reply, failure);
}

void dialogue_quote(const struct dialogue *dialogue, const struct reply *reply,
    struct failure *failure)
{
	char text[REPLY_TEXT_MAX];
	size_t length = reply->length;

	memcpy(text, reply->text, length);
	if (dialogue->mask != NULL)
		length = mask_apply(dialogue->mask, text, length);
	failure_add_remote(failure, text, length);
}
