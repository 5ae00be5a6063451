/* SPDX-License-Identifier: ISC */
/*
 * What was said to a server and heard from it, turn by turn, for people who
 * want to see it.  Deliveries keep none: to all of these, NULL may be given.
 */
#ifndef SESSION_TURNS_H
#define SESSION_TURNS_H

#include <stdbool.h>
#include <stddef.h>

/* What is beyond that is not kept. */
enum { TURNS_MAX = 256, TURN_HEARD_MAX = 1 << 18 };

/* A command and its reply. */
struct turn {
	unsigned call; /* over which connection: 1 for the first */
	bool encrypted;
	bool secret; /* what is said or asked proves who we are */
	char *said; /* without the end of its line; NULL: the greeting's turn */
	/* Any bytes, with a NUL behind them. */
	char *heard;
	size_t length, room;
};

struct turns {
	struct turn *list;
	size_t count;
	unsigned calls;
};

/* A connection is there, and the greeting is waited for. */
void turns_connect(struct turns *turns);

/* A command is said under TLS or in clear. */
void turns_say(struct turns *turns, bool encrypted, const char *verb,
    const char *argument);

/* The same of a turn that is a proof: with "*" for the argument. */
void turns_prove(struct turns *turns, bool encrypted, const char *verb,
    const char *argument);

/* So many bytes of the reply, or of the greeting. */
void turns_hear(
    struct turns *turns, bool encrypted, const char *bytes, size_t size);

/* The last turn whose command begins with that word, or, for NULL, the last
   greeting; NULL where there is none. */
const struct turn *turns_find(const struct turns *turns, const char *word);

#endif
