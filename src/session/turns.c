/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/turns.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "xalloc.h"

/* The caller owns said no more. */
static void add(struct turns *turns, bool encrypted, char *said)
{
	if (turns->count == TURNS_MAX) {
		turns->count--; /* the last ones are told apart no more */
		free(turns->list[turns->count].said);
		free(turns->list[turns->count].heard);
	}
	turns->list =
	    xrealloc(turns->list, turns->count + 1, sizeof *turns->list);
	turns->list[turns->count++] = (struct turn){
	    .call = turns->calls, .encrypted = encrypted, .said = said};
}

void turns_connect(struct turns *turns)
{
	if (turns == NULL)
		return;
	turns->calls++;
	add(turns, false, NULL);
}

void turns_say(
    struct turns *turns, bool encrypted, const char *verb, const char *argument)
{
	if (turns != NULL)
		add(turns, encrypted, xasprintf("%s%s", verb, argument));
}

void turns_prove(
    struct turns *turns, bool encrypted, const char *verb, const char *argument)
{
	turns_say(turns, encrypted, verb, *argument != '\0' ? "*" : "");
	if (turns != NULL)
		turns->list[turns->count - 1].secret = true;
}

/* A hostile server has what it says come in millions of pieces. */
static void make_room(struct turn *turn, size_t size)
{
	if (size <= turn->room)
		return;
	turn->room = size + turn->room;
	turn->heard = xrealloc(turn->heard, turn->room, 1);
}

void turns_hear(
    struct turns *turns, bool encrypted, const char *bytes, size_t size)
{
	struct turn *turn;

	if (turns == NULL || turns->count == 0)
		return;
	turn = &turns->list[turns->count - 1];
	if (size > TURN_HEARD_MAX - turn->length)
		size = TURN_HEARD_MAX - turn->length;
	turn->encrypted = encrypted;
	make_room(turn, turn->length + size + 1);
	memcpy(turn->heard + turn->length, bytes, size);
	turn->length += size;
	turn->heard[turn->length] = '\0';
}

static bool begins_with(const struct turn *turn, const char *word)
{
	if (turn->said == NULL || word == NULL)
		return turn->said == NULL && word == NULL;
	return ascii_is_word(turn->said, strcspn(turn->said, " "), word);
}

const struct turn *turns_find(const struct turns *turns, const char *word)
{
	for (size_t i = turns != NULL ? turns->count : 0; i > 0; i--)
		if (begins_with(&turns->list[i - 1], word))
			return &turns->list[i - 1];
	return NULL;
}
