/* SPDX-License-Identifier: ISC */
/*
 * The opening of the dialogue.  The input: options of the server (server.h),
 * then what it says.  A step succeeds only on the reply that allows it, with
 * nothing behind it, and the capabilities are the model's.
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session/greet.h"
#include "model.h"
#include "reply.h"
#include "server.h"

struct trial {
	struct server server;
	struct stream stream;
	struct dialogue dialogue;
	struct failure failure;
	struct server_reply reply; /* the last one that was due */
};

/* How much has been said behind the last reply. */
static size_t excess(const struct trial *trial)
{
	return trial->server.said_size - trial->reply.start - trial->reply.size;
}

/* The next reply is what has this code, and all that has been said, but for
 * empty lines. */
static void check_reply(struct trial *trial, int code)
{
	const char *input;
	size_t unread;

	FUZZ_CHECK(server_next_reply(&trial->server, &trial->reply));
	FUZZ_CHECK(trial->reply.code == code);
	FUZZ_CHECK(model_blank(trial->server.said + trial->reply.start +
				   trial->reply.size,
		       excess(trial)) == excess(trial));
	input = stream_input(&trial->stream, &unread);
	FUZZ_CHECK(model_blank(input, unread) == unread);
}

static void check_failure(const struct trial *trial)
{
	FUZZ_CHECK(trial->failure.rank != FAILURE_NONE);
	FUZZ_CHECK(trial->failure.class == FAILURE_TEMPORARY);
	fuzz_check_text(trial->failure.text);
}

static uint64_t model_size_limit(const char *text)
{
	char *end;
	unsigned long long limit;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	limit = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' ? limit : 0;
}

/* line: without code and separator, a string. */
static void model_capability(struct capabilities *capabilities, char *line)
{
	static const char *const keywords[] = {"PIPELINING", "SIZE", "8BITMIME",
	    "SMTPUTF8", "STARTTLS", "REQUIRETLS"};
	char *blank = strchr(line, ' ');

	if (blank != NULL)
		*blank++ = '\0';
	for (unsigned i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
		if (strcasecmp(line, keywords[i]) == 0)
			capabilities->set |= 1u << i;
	if (strcasecmp(line, "SIZE") == 0 && blank != NULL)
		capabilities->size_limit = model_size_limit(blank);
}

/* Copies the text of a reply line.  A line that is cut or has a NUL in it
 * cannot be a string, and then nothing is known. */
static bool copy_line(char *copy, const char *bytes, size_t size)
{
	size_t length = 0, column = 0;

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\r' || bytes[i] == '\n')
			continue;
		if (column++ < 3 ||
		    (column == 4 && (bytes[i] == '-' || bytes[i] == ' ')))
			continue;
		if (length == REPLY_LINE_MAX || bytes[i] == '\0')
			return false;
		copy[length++] = bytes[i];
	}
	copy[length] = '\0';
	return true;
}

static void check_capabilities(
    const struct trial *trial, const struct capabilities *found)
{
	const char *at = trial->server.said + trial->reply.start;
	const char *end = at + trial->reply.size;
	struct capabilities expected = {0};
	char line[REPLY_LINE_MAX + 1];
	bool first = true;

	while (at < end) {
		size_t size = model_line(at, (size_t)(end - at));

		if (!copy_line(line, at, size))
			return;
		if (!first)
			model_capability(&expected, line);
		first = false;
		at += size;
	}
	FUZZ_CHECK(found->set == expected.set);
	FUZZ_CHECK(found->size_limit == expected.size_limit);
}

static bool has_said_helo(const struct server *server)
{
	static const char helo[] = "\r\nHELO client.example\r\n";

	return memmem(server->wire, server->wire_size, helo, sizeof helo - 1) !=
	       NULL;
}

static bool hello(struct trial *trial)
{
	struct capabilities found;

	if (greet_hello(&trial->dialogue, "client.example", &found,
		&trial->failure) != GREET_HELLO_DONE) {
		check_failure(trial);
		return false;
	}
	if (has_said_helo(&trial->server)) {
		FUZZ_CHECK(server_next_reply(&trial->server, &trial->reply));
		FUZZ_CHECK(trial->reply.code > 0 && trial->reply.code != 250);
		FUZZ_CHECK(
		    found.set ==
		    (trial->reply.code / 100 == 5 ? 0 : CAPABILITY_UNSURE));
		FUZZ_CHECK(found.size_limit == 0);
		check_reply(trial, 250);
	} else {
		check_reply(trial, 250);
		check_capabilities(trial, &found);
	}
	return true;
}

static void converse(struct trial *trial)
{
	if (!greet_welcome(&trial->dialogue, &trial->failure)) {
		check_failure(trial);
		return;
	}
	check_reply(trial, 220);
	if (!hello(trial))
		return;
	greet_ask_tls(&trial->dialogue);
	switch (greet_hear_tls(&trial->dialogue, &trial->failure)) {
	case GREET_TLS_READY:
		check_reply(trial, 220);
		FUZZ_CHECK(excess(trial) == 0);
		break;
	case GREET_TLS_REFUSED:
		check_failure(trial);
		FUZZ_CHECK(server_next_reply(&trial->server, &trial->reply));
		FUZZ_CHECK(trial->reply.code > 0 && trial->reply.code != 421);
		greet_quit(&trial->dialogue);
		break;
	case GREET_TLS_BROKEN: check_failure(trial); break;
	}
}

int FUZZ_TARGET(capabilities)(const uint8_t *bytes, size_t size)
{
	static struct trial trial;
	struct fuzz_input input = fuzz_input(bytes, size);
	struct transport transport;
	char *options = fuzz_text(&input);

	memset(&trial, 0, sizeof trial);
	server_start(&trial.server, input, options);
	transport = server_transport(&trial.server);
	stream_open(&trial.stream, &transport);
	trial.dialogue = (struct dialogue){.stream = &trial.stream,
	    .server = "192.0.2.1",
	    .limit = deadline_in(0)};
	converse(&trial);
	server_end(&trial.server);
	free(options);
	return 0;
}
