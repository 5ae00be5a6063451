/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "reply.h"

#include <stdio.h>

#include "i18n.h"

void reply_start(struct reply *reply)
{
	reply->state = REPLY_PARTIAL;
	reply->code = 0;
	reply->length = 0;
	reply->line_length = 0;
	reply->size = 0;
	reply->column = 0;
	reply->line_code = 0;
	reply->begun = false;
	reply->after_cr = false;
	reply->last_line = false;
	reply->broken = false;
}

static void keep(struct reply *reply, char byte)
{
	if (byte == '\r' || reply->length == sizeof reply->text)
		return;
	reply->text[reply->length++] = byte == '\0' ? '?' : byte;
}

static void take_code(struct reply *reply, char byte)
{
	if (byte < '0' || byte > '9')
		reply->broken = true;
	reply->line_code = reply->line_code * 10 + (byte - '0');
}

static void take_text(struct reply *reply, char byte)
{
	if (reply->line_length < sizeof reply->line)
		reply->line[reply->line_length++] = byte;
}

static void take_separator(struct reply *reply, char byte)
{
	reply->last_line = byte != '-';
	if (byte >= '0' && byte <= '9')
		reply->broken = true;
	else if (byte != '-' && byte != ' ')
		take_text(reply, byte);
}

static void take_column(struct reply *reply, char byte)
{
	if (reply->column < 3)
		take_code(reply, byte);
	else if (reply->column == 3)
		take_separator(reply, byte);
	else
		take_text(reply, byte);
	if (reply->column < 4)
		reply->column++;
}

static void end_line(struct reply *reply)
{
	if (reply->column < 3)
		reply->broken = true;
	if (reply->column == 3)
		reply->last_line = true;
	if (reply->code == 0)
		reply->code = reply->line_code;
	if (reply->line_code != reply->code || reply->code < 200 ||
	    reply->code > 599)
		reply->broken = true;
	if (!reply->last_line && reply->size >= REPLY_SIZE_MAX)
		reply->broken = true;

	if (reply->broken)
		reply->state = REPLY_INVALID;
	else
		reply->state = reply->last_line ? REPLY_COMPLETE : REPLY_LINE;
	reply->column = 0;
	reply->line_code = 0;
}

/* Whether the byte belongs to an empty line before the reply. */
static bool is_blank(struct reply *reply, char byte)
{
	if (reply->begun)
		return false;
	if (byte == '\n' || byte == '\r') {
		reply->after_cr = byte == '\r';
		return true;
	}
	reply->begun = true;
	reply->broken = reply->after_cr;
	return false;
}

static void take_line_byte(struct reply *reply, char byte)
{
	keep(reply, byte);
	if (byte == '\n')
		end_line(reply);
	/* Behind the code a CR is nothing, with or without the LF. */
	else if (byte != '\r' || reply->column < 3)
		take_column(reply, byte);
}

static void take_byte(struct reply *reply, char byte)
{
	reply->size++;
	if (!is_blank(reply, byte))
		take_line_byte(reply, byte);
	if (reply->state != REPLY_PARTIAL)
		return;
	/* Nobody waits for the end of a line that is no reply anyway. */
	if (reply->size == REPLY_SIZE_MAX ||
	    (reply->broken && reply->length == sizeof reply->text))
		reply->state = REPLY_INVALID;
}

void reply_next_line(struct reply *reply)
{
	reply->state = REPLY_PARTIAL;
	reply->line_length = 0;
}

size_t reply_take(struct reply *reply, const char *bytes, size_t size)
{
	size_t taken = 0;

	if (reply->state == REPLY_LINE)
		reply_next_line(reply);
	while (taken < size && reply->state == REPLY_PARTIAL)
		take_byte(reply, bytes[taken++]);
	return taken;
}

bool reply_is_blank(const struct reply *reply)
{
	return reply->state == REPLY_PARTIAL && !reply->begun;
}

int reply_class(const struct reply *reply)
{
	return reply->code / 100;
}

const char *reply_said(
    char said[REPLY_SAID_SIZE], const char *text, size_t length)
{
	int size = snprintf(said, REPLY_SAID_SIZE, _("Remote host said: %.*s"),
	    (int)length, text);

	if (length == 0 || size < 0)
		size = 0;
	else if (size > REPLY_SAID_SIZE - 2)
		size = REPLY_SAID_SIZE - 2;
	else if (length < REPLY_TEXT_MAX && text[length - 1] != '\n')
		said[size++] = '\n';
	said[size] = '\0';
	return said;
}
