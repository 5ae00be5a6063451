/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "peer-session.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "body.h"
#include "peer-act.h"

#define NAME "peer.test"

enum { READ_SIZE = 65536 };

struct session {
	struct peer_speaker speaker;
	struct peer_auth auth;
	char *buffer;	 /* of the wire's read_size */
	bool pipelining; /* has been offered */
};

struct command {
	const char *verb;
	enum peer_stage stage;
	const char *reply;
	bool last; /* nothing may follow in its group (RFC 2920, 3.1) */
	void (*then)(struct session *session); /* after the reply */
};

static bool replied(const struct session *session, const char *code)
{
	const struct bytes *said = &session->speaker.said;

	return said->length >= 3 && memcmp(said->data, code, 3) == 0;
}

static void note(struct session *session, enum record_kind kind, uint64_t value,
    const void *bytes, size_t length)
{
	record_add(&session->speaker.wire.record, kind, value, bytes, length);
}

static void read_more(struct session *session)
{
	struct wire *wire = &session->speaker.wire;
	size_t got = wire_read(wire, session->buffer);

	bytes_add(&session->speaker.in, session->buffer, got);
	if (got == 0)
		session->speaker.over = true;
}

/* Returns the length of the next line; 0 when the connection is over. */
static size_t next_line(struct session *session)
{
	struct peer_speaker *speaker = &session->speaker;

	while (!speaker->over) {
		char *end = session->speaker.in.length == 0
				? NULL
				: memchr(session->speaker.in.data, '\n',
				      session->speaker.in.length);

		if (end != NULL)
			return (size_t)(end - session->speaker.in.data) + 1;
		if (speaker->script->stubborn || !wire_more(&speaker->wire))
			peer_flush(speaker);
		read_more(session);
	}
	return 0;
}

static void check_group(struct session *session, const char *reason)
{
	const struct wire *wire = &session->speaker.wire;

	/* Under TLS what waits may be no more than close_notify. */
	if (session->speaker.in.length > 0 ||
	    (wire->session == NULL && wire_more(wire)))
		note(session, RECORD_VIOLATION, 0, reason, strlen(reason));
}

static void add_capabilities(
    struct bytes *reply, const char *lines, bool with_starttls)
{
	static const char starttls[] = "STARTTLS";
	size_t last = strlen("250-");
	const char *line = lines;

	bytes_add_text(reply, "250-" NAME "\r\n");
	while (line != NULL && *line != '\0') {
		size_t length = strcspn(line, "\n");

		if (with_starttls || length != strlen(starttls) ||
		    strncasecmp(line, starttls, length) != 0) {
			last = reply->length + strlen("250-");
			bytes_add_text(reply, "250-");
			bytes_add(reply, line, length);
			bytes_add_text(reply, "\r\n");
		}
		line += length + (line[length] == '\n');
	}
	reply->data[last - 1] = ' ';
}

static void reply_ehlo(struct session *session)
{
	struct peer_speaker *speaker = &session->speaker;
	const struct peer_script *script = speaker->script;
	bool tls = speaker->wire.session != NULL;
	bool own_list = tls && script->capabilities_tls != NULL;
	struct bytes reply = {0};

	add_capabilities(&reply,
	    own_list ? script->capabilities_tls : script->capabilities,
	    !tls || own_list);
	peer_reply(speaker, tls ? PEER_EHLO_TLS : PEER_EHLO, reply.data);
	session->pipelining = bytes_contain(&speaker->said, "PIPELINING");
	bytes_free(&reply);
}

static void end_pipelining(struct session *session)
{
	session->pipelining = false;
}

/* Takes what is in, but only up to the point where the script acts. */
static void take_body(struct session *session, struct body *body, size_t limit)
{
	size_t length = session->speaker.in.length;

	if (length > limit)
		length = limit;
	length = body_take(body, session->speaker.in.data, length, NULL);
	if (!session->speaker.script->digest)
		note(session, RECORD_BODY, 0, session->speaker.in.data, length);
	bytes_remove(&session->speaker.in, length);
}

static void receive_message(struct session *session)
{
	struct peer_speaker *speaker = &session->speaker;
	const struct peer_override *override;
	struct body body;

	if (!replied(session, "354"))
		return;
	override = peer_find(speaker, PEER_BODY);
	body_start(&body);
	note(session, RECORD_BODY_BEGIN, 0, NULL, 0);
	while (!body.complete && !speaker->over) {
		peer_flush(speaker);
		if (override != NULL && body.raw >= override->after) {
			peer_act(speaker, override, "");
			override = NULL;
		} else if (session->speaker.in.length == 0) {
			read_more(session);
		} else {
			take_body(session, &body,
			    override == NULL
				? SIZE_MAX
				: (size_t)(override->after - body.raw));
		}
	}
	note(session, RECORD_BODY_END, 0, &body, sizeof body);
	if (body.complete)
		peer_reply(speaker, PEER_DOT, "250 2.0.0 queued as TEST\r\n");
}

/* Returns false when the script has put an end to the handshake. */
static bool handshake_wanted(struct session *session)
{
	struct peer_speaker *speaker = &session->speaker;
	const struct peer_override *override =
	    peer_find(speaker, PEER_HANDSHAKE);

	if (override == NULL)
		return true;
	wire_await(&speaker->wire);
	peer_act(speaker, override, "");
	peer_flush(speaker);
	if (override->action == PEER_DELAY)
		return true;
	if (!speaker->over)
		wire_drain(&speaker->wire, true);
	return false;
}

static void start_tls(struct session *session)
{
	struct peer_speaker *speaker = &session->speaker;

	if (!replied(session, "220") || speaker->script->tls == NULL)
		return;
	peer_flush(speaker);
	peer_set_aside(speaker);
	if (!handshake_wanted(session)) {
		speaker->over = true;
	} else if (!wire_start_tls(&speaker->wire, speaker->script->tls)) {
		wire_half_close(&speaker->wire);
		wire_drain(&speaker->wire, true);
		speaker->over = true;
	}
	session->pipelining = false;
}

/* Takes the line that has been read off the input; the caller frees it. */
static char *take_line(
    struct session *session, enum peer_stage stage, size_t length)
{
	struct bytes *in = &session->speaker.in;
	char *line = strndup(in->data, length);

	if (line == NULL)
		err(99, "peer");
	note(session, RECORD_COMMAND, stage, in->data, length);
	bytes_remove(in, length);
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

/* The rest of AUTH, after the reply to the command. */
static void authenticate(struct session *session)
{
	struct peer_speaker *speaker = &session->speaker;
	size_t length;

	while (replied(session, "334") && (length = next_line(session)) > 0) {
		struct bytes reply = {0};
		char *line = take_line(session, PEER_AUTH_RESPONSE, length);

		check_group(session, "more came before the reply was sent");
		peer_auth_continue(&session->auth, line, &reply);
		peer_reply(speaker, PEER_AUTH_RESPONSE, reply.data);
		bytes_free(&reply);
		free(line);
		if (speaker->over)
			return;
	}
	session->auth.authenticated = replied(session, "235");
}

static void reply_auth(struct session *session, const char *line)
{
	struct peer_speaker *speaker = &session->speaker;
	struct peer_auth *auth = &session->auth;
	struct bytes reply = {0};

	auth->account = &speaker->script->account;
	auth->binding = auth->account->binding;
	if (auth->binding == NULL && speaker->wire.session != NULL)
		auth->binding = speaker->wire.binding;
	if (auth->account->user == NULL)
		bytes_add_text(&reply, "502 5.5.1 what?\r\n");
	else
		peer_auth_begin(auth, line + strcspn(line, " ") + 1, &reply);
	peer_reply(speaker, PEER_AUTH, reply.data);
	bytes_free(&reply);
}

static void say_goodbye(struct session *session)
{
	struct peer_speaker *speaker = &session->speaker;

	if (!replied(session, "221"))
		return;
	peer_flush(speaker);
	peer_set_aside(speaker);
	wire_half_close(&speaker->wire);
	wire_drain(&speaker->wire, true);
	speaker->over = true;
}

static const struct command *find_command(const char *line, size_t length)
{
	static const struct command commands[] = {
	    {"EHLO", PEER_EHLO, NULL, true, NULL},
	    {"HELO", PEER_HELO, "250 " NAME "\r\n", true, end_pipelining},
	    {"STARTTLS", PEER_STARTTLS, "220 2.0.0 go ahead\r\n", true,
		start_tls},
	    {"AUTH", PEER_AUTH, NULL, true, authenticate},
	    {"MAIL", PEER_MAIL, "250 2.1.0 ok\r\n", false, NULL},
	    {"RCPT", PEER_RCPT, "250 2.1.5 ok\r\n", false, NULL},
	    {"DATA", PEER_DATA, "354 go ahead\r\n", true, receive_message},
	    {"QUIT", PEER_QUIT, "221 2.0.0 bye\r\n", true, say_goodbye},
	    {"RSET", PEER_OTHER, "250 2.0.0 ok\r\n", false, NULL},
	    {"NOOP", PEER_OTHER, "250 2.0.0 ok\r\n", true, NULL},
	    {"", PEER_OTHER, "502 5.5.1 what?\r\n", false, NULL},
	};
	const struct command *command = commands;
	size_t verb = 0;

	while (verb < length && strchr(" \r\n", line[verb]) == NULL)
		verb++;
	while (*command->verb != '\0' &&
	       (strlen(command->verb) != verb ||
		   strncasecmp(command->verb, line, verb) != 0))
		command++;
	return command;
}

static const char *normal_reply(
    const struct session *session, const struct command *command)
{
	const struct peer_script *script = session->speaker.script;

	if (command->stage == PEER_STARTTLS && script->tls == NULL)
		return "502 5.5.1 no TLS here\r\n";
	if (command->stage == PEER_MAIL && script->account.required &&
	    !session->auth.authenticated)
		return "530 5.7.0 who are you?\r\n";
	return command->reply;
}

static void obey(struct session *session, size_t length)
{
	struct peer_speaker *speaker = &session->speaker;
	const struct command *command =
	    find_command(session->speaker.in.data, length);
	bool tls = speaker->wire.session != NULL;
	enum peer_stage stage = command->stage;
	char *line;

	if (stage == PEER_EHLO && tls)
		stage = PEER_EHLO_TLS;
	line = take_line(session, stage, length);
	if (command->last || !session->pipelining)
		check_group(session, "more came before the reply was sent");
	if (command->stage == PEER_EHLO)
		reply_ehlo(session);
	else if (command->stage == PEER_AUTH)
		reply_auth(session, line);
	else
		peer_reply(speaker, stage, normal_reply(session, command));
	free(line);
	if (command->then != NULL && !speaker->over)
		command->then(session);
	if (speaker->script->stubborn)
		peer_flush(speaker);
}

/* TLS from the first byte, where the script has that; false: it failed. */
static bool begin(struct session *session)
{
	struct wire *wire = &session->speaker.wire;
	const struct peer_script *script = session->speaker.script;

	if (!script->implicit_tls)
		return true;
	if (handshake_wanted(session)) {
		if (wire_start_tls(wire, script->tls))
			return true;
		wire_half_close(wire);
		wire_drain(wire, true);
	}
	wire_drop(wire);
	return false;
}

void peer_session(int fd, const struct peer_script *script, unsigned number,
    const struct record *record)
{
	size_t read_size =
	    script->read_size > 0 ? script->read_size : READ_SIZE;
	struct session session = {.speaker = {.script = script,
				      .number = number,
				      .wire = {.fd = fd,
					  .record = *record,
					  .read_size = read_size,
					  .read_pause = script->read_pause}},
	    .buffer = malloc(read_size)};
	size_t length;

	if (session.buffer == NULL)
		err(99, "peer");
	if (!begin(&session)) {
		free(session.buffer);
		return;
	}
	peer_reply(&session.speaker, PEER_GREETING, "220 " NAME " ESMTP\r\n");
	check_group(&session, "something came before the greeting was sent");
	while ((length = next_line(&session)) > 0)
		obey(&session, length);
	peer_set_aside(&session.speaker);
	if (session.speaker.wire.fd != -1)
		wire_drop(&session.speaker.wire);
}
