/* SPDX-License-Identifier: ISC */
/*
 * Many recipients, replies out of step, and servers that cannot keep up,
 * under PIPELINING (RFC 2920).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define LIKE "127.0.0.1 does not like recipient.\n" CLEAR_SAID
#define GIVING_UP "DGiving up on 127.0.0.1.\n"
#define OUT_OF_TURN                                                            \
	"ZConnected to 127.0.0.1 but it replied out of turn. (#4.5.0)\n"

enum { MANY = 1000, NAME = 40, LONG_REPLY = 400 };

struct list {
	char names[MANY][NAME];
	const char *recipients[MANY + 1];
};

static const char *const *make_list(struct list *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		snprintf(list->names[i], NAME, "user%zu@example.org", i + 1);
		list->recipients[i] = list->names[i];
	}
	list->recipients[count] = NULL;
	return list->recipients;
}

/* Those of 1,000 recipients that get another answer than the others. */
static const struct exception {
	unsigned nth;
	char letter;
	const char *said; /* as shown */
} exceptions[] = {
    {1, 's', "451 4.3.0 first\n"},
    {2, 'h', "550-5.1.1 second\n550 5.1.1 really\n"},
    {64, 'r', "251 2.1.5 forwarded\n"},
    {65, 's', "421 4.2.0 later\n"},
    {500, 'h', "553 5.1.3 middle\n"},
    {501, 's', "354 why not\n"},
    {999, 's', "450 4.2.1 nearly\n"},
    {1000, 'h', "599\n"},
};

enum kind_of_server { PROMPT, SLOW_READER, STUBBORN, KINDS };

/* Makes the replies of the exceptions, and those of all others. */
static struct peer_script make_script(enum kind_of_server kind,
    const char *others, char replies[COUNT(exceptions)][128])
{
	struct peer_script script = {.capabilities = "PIPELINING"};
	struct peer_override *override = script.overrides;

	for (size_t i = 0; i < COUNT(exceptions); i++) {
		char *to = replies[i];

		for (const char *at = exceptions[i].said; *at != '\0'; at++) {
			if (*at == '\n')
				*to++ = '\r';
			*to++ = *at;
		}
		*to = '\0';
		*override++ = (struct peer_override){.at = PEER_RCPT,
		    .nth = exceptions[i].nth,
		    .bytes = replies[i]};
	}
	*override = (struct peer_override){.at = PEER_RCPT, .bytes = others};
	if (kind != PROMPT)
		script.receive_buffer = script.send_buffer = 4096;
	if (kind == SLOW_READER) {
		script.read_size = 512;
		script.read_pause = 2;
	}
	script.stubborn = kind == STUBBORN;
	return script;
}

/* A reply of LONG_REPLY bytes, so that the replies fill all buffers. */
static void make_long_reply(char reply[LONG_REPLY + 1], const char *code)
{
	memset(reply, 'x', LONG_REPLY);
	memcpy(reply, code, strlen(code));
	memcpy(reply + LONG_REPLY - 2, "\r\n", 3);
}

static void add_chunk(
    struct bytes *expected, char letter, const char *text, const char *said)
{
	bytes_add(expected, &letter, 1);
	bytes_add_text(expected, text);
	bytes_add_text(expected, said);
	bytes_add(expected, "", 1);
}

static void add_recipients(
    struct bytes *expected, char others, const char *said)
{
	size_t next = 0;

	for (unsigned nth = 1; nth <= MANY; nth++) {
		char letter = others;
		const char *text = said;

		if (next < COUNT(exceptions) && exceptions[next].nth == nth) {
			letter = exceptions[next].letter;
			text = exceptions[next++].said;
		}
		add_chunk(expected, letter, letter == 'r' ? "" : LIKE,
		    letter == 'r' ? "" : text);
	}
}

static void expect_recipients_in_order(const struct scene *scene)
{
	const struct transcript_connection *connection =
	    clear_connection(scene, 0);
	const struct transcript_event *event = connection->events;
	const struct transcript_event *end = event + connection->event_count;
	unsigned nth = 0;

	for (; event < end; event++) {
		char line[64];

		if (event->kind != RECORD_COMMAND || event->value != PEER_RCPT)
			continue;
		snprintf(line, sizeof line, "RCPT TO:<user%u@example.org>\r\n",
		    ++nth);
		ck_assert_uint_eq(event->length, strlen(line));
		ck_assert_mem_eq(event->bytes, line, event->length);
	}
	ck_assert_uint_eq(nth, MANY);
	ck_assert_uint_eq(connection->strays, 0);
	ck_assert_uint_eq(connection->violations, 0);
}

START_TEST(thousand_recipients)
{
	static struct list list;
	static char said[LONG_REPLY + 1];
	char replies[COUNT(exceptions)][128];
	struct peer_script script =
	    make_script((enum kind_of_server)(_i % KINDS), said, replies);
	struct delivery delivery = {.recipients = make_list(&list, MANY)};
	bool refused = _i >= KINDS;
	struct bytes expected = {0};
	struct scene scene = {0};

	make_long_reply(said, refused ? "550 " : "250 ");
	scene_furnish(&scene);
	scene_control(&scene, "timeoutremote", "20\n");
	clear_play(&scene, &script, &delivery);
	memcpy(said + LONG_REPLY - 2, "\n", 2);
	add_recipients(&expected, refused ? 'h' : 'r', said);
	bytes_add(&expected, CLEAR_ACCEPTED, sizeof CLEAR_ACCEPTED);
	clear_expect(&scene, expected.data, expected.length);
	expect_recipients_in_order(&scene);
	ck_assert_uint_eq(scene_messages(&scene), 1);
	bytes_free(&expected);
	scene_free(&scene);
}
END_TEST

/* Replies that are one too many, or that come too soon. */
static const struct row {
	struct peer_script script;
	const char *report;
	size_t length;
	const char *wire;
} rows[] = {
#define REPORT(literal) .report = literal, .length = sizeof(literal)
    /* 354 though nobody was accepted: an empty message, not believed. */
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_RCPT, .bytes = "550 no\r\n"}}},
	REPORT("h" LIKE "550 no\n\0" GIVING_UP),
	CLEAR_HELLO CLEAR_ENVELOPE ".\r\n" CLEAR_QUIT},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_RCPT, .bytes = "450 no\r\n"},
	     {PEER_DOT, .bytes = "554 no valid recipients\r\n"}}},
	REPORT("s" LIKE "450 no\n\0" GIVING_UP),
	CLEAR_HELLO CLEAR_ENVELOPE ".\r\n" CLEAR_QUIT},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_RCPT, .bytes = "550 no\r\n"},
	     {PEER_DOT, .action = PEER_DROP}}},
	REPORT("h" LIKE "550 no\n\0" GIVING_UP),
	CLEAR_HELLO CLEAR_ENVELOPE ".\r\n"},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_RCPT, .bytes = "550 no\r\n"},
	     {PEER_DATA, .bytes = "503 no recipients\r\n"}}},
	REPORT("h" LIKE "550 no\n\0" GIVING_UP),
	CLEAR_HELLO CLEAR_ENVELOPE CLEAR_QUIT},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_MAIL, .bytes = "550 no\r\n"}}},
	REPORT("DConnected to 127.0.0.1 but sender was rejected.\n" CLEAR_SAID
	       "550 no\n"),
	CLEAR_HELLO CLEAR_ENVELOPE ".\r\n" CLEAR_QUIT},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_MAIL, .bytes = "450 no\r\n"},
	     {PEER_RCPT, .bytes = "503 what?\r\n"},
	     {PEER_DATA, .bytes = "503 what?\r\n"}}},
	REPORT("ZConnected to 127.0.0.1 but sender was rejected.\n" CLEAR_SAID
	       "450 no\n"),
	CLEAR_HELLO CLEAR_ENVELOPE CLEAR_QUIT},

    /* One reply too many shifts all that follow. */
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_MAIL, .action = PEER_APPEND,
	     .bytes = "250 more\r\n"}}},
	REPORT("r\0Z127.0.0.1 failed on DATA command.\n" CLEAR_SAID
	       "250 2.1.5 ok\n"),
	CLEAR_HELLO CLEAR_ENVELOPE CLEAR_QUIT},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_DATA, .action = PEER_APPEND,
	     .bytes = "250 more\r\n"}}},
	REPORT("r\0" OUT_OF_TURN CLEAR_SAID "250 more\n"),
	CLEAR_HELLO CLEAR_ENVELOPE},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_DOT, .action = PEER_APPEND,
	     .bytes = "554 more\r\n"}}},
	REPORT("r\0" CLEAR_ACCEPTED), CLEAR_ALL},
    {{.overrides = {{PEER_GREETING, .action = PEER_APPEND,
	  .bytes = "250 more\r\n"}}},
	REPORT(OUT_OF_TURN), ""},
    {{.capabilities = "PIPELINING",
	 .overrides = {{PEER_EHLO, .action = PEER_APPEND,
	     .bytes = "250 more\r\n"}}},
	REPORT(OUT_OF_TURN), CLEAR_HELLO},
    {{.overrides = {{PEER_MAIL, .action = PEER_APPEND,
	  .bytes = "250 more\r\n"}}},
	REPORT(OUT_OF_TURN CLEAR_SAID "250 more\n"),
	CLEAR_HELLO CLEAR_MAIL CLEAR_QUIT},
    {{.overrides = {{PEER_RCPT, .action = PEER_APPEND,
	  .bytes = "354 more\r\n"}}},
	REPORT("r\0" OUT_OF_TURN CLEAR_SAID "354 more\n"),
	CLEAR_HELLO CLEAR_MAIL CLEAR_RCPT CLEAR_QUIT},
};

START_TEST(out_of_step)
{
	const struct row *row = &rows[_i];
	struct scene scene = {0};

	clear_play(&scene, &row->script, NULL);
	clear_expect(&scene, row->report, row->length);
	clear_expect_wire(&scene, row->wire);
	scene_free(&scene);
}
END_TEST

/* Greeting, EHLO, the envelope and the message: nothing else is waited for. */
START_TEST(turns)
{
	static const size_t counts[] = {1, 10, 100};
	static const struct peer_script script = {
	    .capabilities = "PIPELINING\nSIZE\n8BITMIME", .latency = 10};
	static struct list list;
	struct delivery delivery = {.recipients = make_list(&list, counts[_i])};
	struct scene scene = {0};

	clear_play(&scene, &script, &delivery);
	scene_expect(&scene, 'K', "accepted message");
	ck_assert_uint_eq(scene.outcome.count, counts[_i] + 1);
	ck_assert_uint_eq(clear_connection(&scene, 0)->turns, 4);
	ck_assert_uint_eq(clear_connection(&scene, 0)->violations, 0);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-pipelining")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, thousand_recipients, 0, 2 * KINDS);
	tcase_add_loop_test(tcase, out_of_step, 0, COUNT(rows));
	tcase_add_loop_test(tcase, turns, 0, 3);
}
