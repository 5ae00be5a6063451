/* SPDX-License-Identifier: ISC */
/*
 * Authentication.  The input: options of the server (server.h), among which t
 * means that the secret is a token; the mechanisms on offer; and what the
 * server says.  What we say is AUTH and base64, and nothing but QUIT after a
 * '*'; SCRAM never comes to a good end, since nobody here knows the password;
 * and a report does not show the secret.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "server.h"
#include "session/auth.h"

#define SECRET "open sesame 4711"

enum { LINE_MAX_SAID = 512 };

struct trial {
	struct server server;
	struct stream stream;
	struct failure failure;
	const char *mechanism;
	enum auth_result result;
	bool bearer;
};

static bool begins(const char *line, size_t size, const char *with)
{
	return size >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

static bool is_base64(const char *line, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (strchr("+/=", line[i]) == NULL &&
		    (line[i] < '0' || line[i] > '9') &&
		    ((line[i] | 32) < 'a' || (line[i] | 32) > 'z'))
			return false;
	return size % 4 == 0;
}

/* The line without its CRLF; a NUL is none of its characters. */
static void check_said(const char *line, size_t size, bool *cancelled)
{
	FUZZ_CHECK(memchr(line, '\0', size) == NULL);
	if (begins(line, size, "AUTH ")) {
		FUZZ_CHECK(!*cancelled && size + 2 <= LINE_MAX_SAID);
	} else if (size == 1 && *line == '*') {
		FUZZ_CHECK(!*cancelled);
		*cancelled = true;
	} else if (!begins(line, size, "QUIT")) {
		FUZZ_CHECK(!*cancelled && is_base64(line, size));
	}
}

static void check_wire(const struct server *server)
{
	const char *at = server->wire;
	const char *end = at != NULL ? at + server->wire_size : NULL;
	bool cancelled = false;

	while (at < end) {
		size_t size = model_line(at, (size_t)(end - at));

		if (size == 0)
			break; /* the server had gone */
		FUZZ_CHECK(size >= 2 && at[size - 2] == '\r');
		/* In SCRAM a server that has said no is told so, and may go on
		   with another mechanism. */
		if (begins(at, size, "AUTH "))
			cancelled = false;
		check_said(at, size - 2, &cancelled);
		at += size;
	}
}

/* Success needs a 235, as the last reply, with nothing but empty lines behind
 * it.
 */
static void check_success(const struct trial *trial)
{
	struct server_reply reply = {0}, last = {0};
	size_t end;

	while (server_next_reply(&trial->server, &reply) && reply.code > 0)
		last = reply;
	FUZZ_CHECK(last.code == 235);
	end = last.start + last.size;
	end += model_blank(
	    trial->server.said + end, trial->server.said_size - end);
	FUZZ_CHECK(end == trial->server.said_size);
	FUZZ_CHECK(trial->mechanism != NULL);
	FUZZ_CHECK(strncmp(trial->mechanism, "SCRAM", 5) != 0);
	FUZZ_CHECK(
	    (strstr(trial->mechanism, "OAUTH") != NULL) == trial->bearer);
}

static void check_failure(const struct trial *trial)
{
	FUZZ_CHECK(trial->failure.class == FAILURE_TEMPORARY);
	FUZZ_CHECK(trial->failure.rank != FAILURE_NONE);
	FUZZ_CHECK(strstr(trial->failure.text, SECRET) == NULL);
	fuzz_check_text(trial->failure.text);
}

int FUZZ_TARGET(auth)(const uint8_t *bytes, size_t size)
{
	static struct trial trial;
	static char user[] = "ali", secret[] = SECRET;
	struct fuzz_input input = fuzz_input(bytes, size);
	char *options = fuzz_text(&input), *offered = fuzz_text(&input);
	struct credentials credentials = {.user = user,
	    .secret = secret,
	    .bearer = strchr(options, 't') != NULL,
	    .file = "control/smtproutes",
	    .line = 1};
	struct auth_task task = {.credentials = &credentials,
	    .relay = "relay.example",
	    .port = 587,
	    .run_directory = "/nonexistent"};
	struct dialogue dialogue = {.stream = &trial.stream,
	    .server = "192.0.2.1",
	    .limit = deadline_in(0)};
	struct transport transport;

	memset(&trial, 0, sizeof trial);
	trial.bearer = credentials.bearer;
	server_start(&trial.server, input, options);
	transport = server_transport(&trial.server);
	stream_open(&trial.stream, &transport);
	trial.result = auth_run(
	    &dialogue, offered, &task, &trial.mechanism, &trial.failure);
	if (trial.result == AUTH_DONE)
		check_success(&trial);
	else
		check_failure(&trial);
	check_wire(&trial.server);
	server_end(&trial.server);
	free(options);
	free(offered);
	return 0;
}
