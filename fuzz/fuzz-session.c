/* SPDX-License-Identifier: ISC */
/*
 * The argument list between the programs.  The parts of the input are its
 * strings: either it is none, or what it says survives the way back and
 * forth.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "session/handoff.h"

enum { ARGUMENTS_MAX = 64, OWN_STRINGS = 9 };

static bool is_same(const struct session *a, const struct session *b)
{
	if (a->input != b->input || a->output != b->output ||
	    a->timeout != b->timeout || strcmp(a->server, b->server) != 0 ||
	    a->capabilities.set != b->capabilities.set ||
	    a->capabilities.size_limit != b->capabilities.size_limit ||
	    strcmp(a->tls, b->tls) != 0 || strcmp(a->sender, b->sender) != 0 ||
	    a->recipient_count != b->recipient_count)
		return false;
	for (size_t i = 0; i < a->recipient_count; i++)
		if (strcmp(a->recipients[i], b->recipients[i]) != 0)
			return false;
	return true;
}

/* A number is the same without the zeros at its start. */
static const char *skip_zeros(const char *text)
{
	while (text[0] == '0' && text[1] != '\0')
		text++;
	return text;
}

static void check_round_trip(const struct session *session, char **arguments)
{
	char **list = session_to_arguments(session, "qmail-remote-io");
	struct session again;
	int count = 0;

	while (list[count] != NULL)
		count++;
	FUZZ_CHECK(session_from_arguments(&again, count, list));
	FUZZ_CHECK(is_same(session, &again));
	for (int i = 1; i < count; i++)
		FUZZ_CHECK(
		    strcmp(skip_zeros(list[i]), skip_zeros(arguments[i])) == 0);
	for (int i = 0; i < OWN_STRINGS; i++)
		free(list[i]);
	free(list);
}

int FUZZ_TARGET(session)(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	struct session session;
	char *arguments[ARGUMENTS_MAX + 1];
	int count = 0;

	while (!input.over && count < ARGUMENTS_MAX)
		arguments[count++] = fuzz_text(&input);
	arguments[count] = NULL;
	if (session_from_arguments(&session, count, arguments)) {
		FUZZ_CHECK(session.recipient_count > 0);
		FUZZ_CHECK(session.input >= 0 && session.output >= 0);
		check_round_trip(&session, arguments);
	}
	for (int i = 0; i < count; i++)
		free(arguments[i]);
	return 0;
}
