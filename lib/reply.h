/* SPDX-License-Identifier: ISC */
/*
 * SMTP replies (RFC 5321 section 4.2), parsed as the bytes come.  Takes
 * bounded memory whatever the server says.
 *
 * A reply is one or more lines of three digits and, unless the line ends
 * there, a '-' (more lines follow) or, as in stock, anything else but a digit
 * (the last one: a space before the text, or the text itself).  All lines carry
 * the same code, whose first digit is 2 to 5.  A line may end in LF alone.
 * Empty lines before a reply do not count.  Anything else is not SMTP.
 */
#ifndef REPLY_H
#define REPLY_H

#include <stdbool.h>
#include <stddef.h>

enum {
	REPLY_TEXT_MAX = 5000, /* what stock keeps (HUGESMTPTEXT) */
	REPLY_LINE_MAX = 512,
	REPLY_SIZE_MAX = 16 << 20 /* bytes after which nobody means it well */
};

enum reply_state {
	REPLY_PARTIAL, /* more bytes are needed */
	REPLY_LINE,    /* a line ended, and more lines will follow */
	REPLY_COMPLETE,
	REPLY_INVALID /* this is not SMTP */
};

struct reply {
	enum reply_state state;
	int code; /* of the first line; 0 before it is known */
	size_t length;
	char text[REPLY_TEXT_MAX]; /* as reports show it: all lines with their
				      codes, no CR, '?' for NUL, cut */
	size_t line_length;
	char line[REPLY_LINE_MAX]; /* text of the current line, cut */

	/* The parser's own. */
	size_t size;
	int column;
	int line_code;
	bool begun;
	bool after_cr; /* before it has begun */
	bool last_line;
	bool broken;
};

/* Ready for the first byte of a reply. */
void reply_start(struct reply *reply);

/* After REPLY_LINE: ready for the next line. */
void reply_next_line(struct reply *reply);

/*
 * Takes bytes until a line ends, and returns how many it took; the state
 * tells the rest.  After REPLY_LINE call it again with what is left.
 */
size_t reply_take(struct reply *reply, const char *bytes, size_t size);

/* Whether nothing has come of it yet, but perhaps empty lines. */
bool reply_is_blank(const struct reply *reply);

/* The first digit of a complete reply's code. */
int reply_class(const struct reply *reply);

/* Room for what reply_said makes, in any language. */
enum { REPLY_SAID_SIZE = REPLY_TEXT_MAX + 128 };

/*
 * "Remote host said: " and the text of a reply as it is (as in stock the code
 * follows directly); nothing where there is no text.  A line that the server
 * has not ended is, but for one that was cut.  Returns said.
 */
const char *reply_said(
    char said[REPLY_SAID_SIZE], const char *text, size_t length);

#endif
