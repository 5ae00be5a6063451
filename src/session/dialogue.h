/* SPDX-License-Identifier: ISC */
/* The dialogue with a server before the hand-over: commands and replies. */
#ifndef SESSION_DIALOGUE_H
#define SESSION_DIALOGUE_H

#include <stdbool.h>

#include "deadline.h"
#include "failure.h"
#include "mask.h"
#include "reply.h"
#include "session/turns.h"
#include "stream.h"

/* One side of the dialogue, and how to speak of it. */
struct dialogue {
	struct stream *stream;
	const char *server;    /* its IP address, for reports */
	unsigned long timeout; /* seconds for each reply */
	struct deadline limit; /* for all of it */
	/* What no report may repeat of the server's words; NULL: they stay as
	   they are.  Responses that prove a secret are added to it. */
	struct mask *mask;
	struct turns *turns; /* where it is kept, or NULL */
	bool encrypted;
};

/* Writes a command line.  Returns false when the connection died. */
bool dialogue_say(
    const struct dialogue *dialogue, const char *verb, const char *argument);

/* The same with an argument that nobody is to see. */
bool dialogue_prove(
    const struct dialogue *dialogue, const char *verb, const char *argument);

/* Until when an answer, or progress, is waited for that begins now. */
struct deadline dialogue_patience(const struct dialogue *dialogue);

/*
 * Reads on until a line of the reply ends: STREAM_MOVED, or how the
 * connection died before.
 */
enum stream_status dialogue_hear_line(const struct dialogue *dialogue,
    struct reply *reply, struct deadline deadline);

/* Reads a whole reply.  Returns false when the connection died. */
bool dialogue_hear(const struct dialogue *dialogue, struct reply *reply);

/* Whether there is any input that has not been used. */
bool dialogue_has_input(const struct dialogue *dialogue);

/*
 * Whether there is input that answers nothing of what has been said; empty
 * lines are no answer, and are skipped.
 */
bool dialogue_has_more(const struct dialogue *dialogue);

/*
 * Whether that is the 421 with which a server hangs up, as it may at any time
 * (RFC 5321 section 3.8); then reply is what it says.
 */
bool dialogue_is_ended(const struct dialogue *dialogue, struct reply *reply);

/*
 * Returns false, with the failure, when there is: a server that talks ahead
 * does not speak SMTP.
 */
bool dialogue_is_in_step(
    const struct dialogue *dialogue, struct failure *failure);

/*
 * A temporary failure: the format, for which there is the server's address,
 * and, unless the reply is NULL, the server's words.
 */
void dialogue_fail(const struct dialogue *dialogue, const struct reply *reply,
    const char *format, struct failure *failure);

/* Appends the server's words. */
void dialogue_quote(const struct dialogue *dialogue, const struct reply *reply,
    struct failure *failure);

#endif
