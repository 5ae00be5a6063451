/* SPDX-License-Identifier: ISC */
/*
 * The argument list between the programs.  The parts of the input are its
 * strings, '=' as the second being our version: either it is none, or what it
 * says survives the way back and forth, and a string more or less makes it
 * none.  The first of them make a session as well, so that there is a list with
 * all fields of the day.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "session/handoff.h"
#include "xalloc.h"

/* The first strings are the same in every version. */
enum { ARGUMENTS_MAX = 96, PARTS_MAX = 64, FIXED_STRINGS = 3 };

static bool is_same(const struct session *a, const struct session *b)
{
	if (a->input != b->input || a->output != b->output ||
	    a->timeout != b->timeout || a->min_rate != b->min_rate ||
	    a->requiretls != b->requiretls || a->secret != b->secret ||
	    strcmp(a->clear_reason, b->clear_reason) != 0 ||
	    strcmp(a->server, b->server) != 0 ||
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

/* Wherever a string is missing or one too many, nothing takes its place. */
static void check_shifted(char **arguments, int count)
{
	char *list[ARGUMENTS_MAX + 2];
	struct session session;

	for (int at = FIXED_STRINGS; at <= count; at++) {
		size_t after = (size_t)(count - at);

		memcpy(list, arguments, (size_t)at * sizeof *list);
		memcpy(list + at + 1, arguments + at, after * sizeof *list);
		list[at] = arguments[at - 1];
		FUZZ_CHECK(!handoff_read(&session, count + 1, list));
		memcpy(list + at - 1, arguments + at, after * sizeof *list);
		FUZZ_CHECK(at == FIXED_STRINGS ||
			   !handoff_read(&session, count - 1, list));
	}
}

/* What is written is read back, the list being that of arguments, or none. */
static void check_round_trip(const struct session *session, char **arguments)
{
	char **list = handoff_write(session, "qmail-remote-io");
	struct session again;
	int count = 0;

	while (list[count] != NULL)
		count++;
	FUZZ_CHECK(handoff_read(&again, count, list));
	FUZZ_CHECK(is_same(session, &again));
	for (int i = 1; arguments != NULL && i < count; i++)
		FUZZ_CHECK(
		    strcmp(skip_zeros(list[i]), skip_zeros(arguments[i])) == 0);
	check_shifted(list, count);
	for (int i = 0; i < count - (int)session->recipient_count; i++)
		free(list[i]);
	free(list);
}

/* A session with these texts, whatever fields the list has by now. */
static void check_session(char **texts, int count, struct fuzz_random *random)
{
	const struct session session = {
	    .input = (int)fuzz_between(random, 0, 9),
	    .output = (int)fuzz_between(random, 0, 9),
	    .timeout = fuzz_between(random, 0, 9999),
	    .min_rate = fuzz_between(random, 0, 9999),
	    .capabilities = {.set = (unsigned)fuzz_between(random, 0, 127),
		.size_limit = fuzz_between(random, 0, 9999)},
	    .requiretls = fuzz_between(random, 0, 1) == 1,
	    .secret = (int)fuzz_between(random, 0, 9),
	    .server = texts[0],
	    .tls = texts[1],
	    .clear_reason = texts[2],
	    .sender = texts[3],
	    .recipient_count = (size_t)count - 4,
	    .recipients = texts + 4};

	check_round_trip(&session, NULL);
}

static char *own_version(char *text)
{
	if (strcmp(text, "=") != 0)
		return text;
	free(text);
	return xstrdup(PACKAGE_VERSION);
}

int FUZZ_TARGET(session)(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	struct session session;
	struct fuzz_random random = fuzz_random(bytes, size);
	char *arguments[PARTS_MAX + 1];
	int count = 0;

	while (!input.over && count < PARTS_MAX)
		arguments[count++] = fuzz_text(&input);
	arguments[count] = NULL;
	if (count > 4)
		check_session(arguments, count, &random);
	if (count > 1)
		arguments[1] = own_version(arguments[1]);
	if (handoff_read(&session, count, arguments)) {
		FUZZ_CHECK(session.recipient_count > 0);
		FUZZ_CHECK(session.input >= 0 && session.output >= 0);
		check_round_trip(&session, arguments);
	}
	for (int i = 0; i < count; i++)
		free(arguments[i]);
	return 0;
}
