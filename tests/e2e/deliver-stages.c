/* SPDX-License-Identifier: ISC */
/*
 * Each moment of the dialogue with each kind of reply, with and without
 * PIPELINING: what is reported, and what is said.
 */
#include "config.h"

#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define BYTES(literal) literal, sizeof(literal) - 1
#define TO "Connected to 127.0.0.1 but "

enum { NOT_SMTP = 0 };

static const struct fault {
	const char *bytes;
	size_t length;
	int code;
	const char *shown; /* in reports */
} faults[] = {
    {BYTES("421 4.3.2 closing\r\n"), 421, "421 4.3.2 closing\n"},
    {BYTES("450 4.2.1 later\r\n"), 450, "450 4.2.1 later\n"},
    {BYTES("450-a\r\n450-\r\n450 \r\n"), 450, "450-a\n450-\n450 \n"},
    {BYTES("550 5.7.1 no\r\n"), 550, "550 5.7.1 no\n"},
    {BYTES("550-a\r\n550-b\r\n550 c\r\n"), 550, "550-a\n550-b\n550 c\n"},
    {BYTES("599\r\n"), 599, "599\n"},
    {BYTES("220 fine\r\n"), 220, "220 fine\n"},
    {BYTES("250 fine\r\n"), 250, "250 fine\n"},
    {BYTES("250-a\r\n250 b\r\n"), 250, "250-a\n250 b\n"},
    {BYTES("250\r\n"), 250, "250\n"},
    {BYTES("251 fine\n"), 251, "251 fine\n"},
    {BYTES("354 go\r\n"), 354, "354 go\n"},
    {BYTES("354-go\r\n354 on\r\n"), 354, "354-go\n354 on\n"},
    {BYTES("351 go?\r\n"), 351, "351 go?\n"},
    {BYTES("250 a\0b\xe4\r\n"), 250, "250 a?b\xe4\n"},
    {BYTES("550 a\0b\xe4\r\n"), 550, "550 a?b\xe4\n"},
    {BYTES("450 a\rb\r\r\n"), 450, "450 ab\n"},
    {BYTES("550-a\n550 b\n"), 550, "550-a\n550 b\n"},
    {BYTES("250OK\r\n"), 250, "250OK\n"},
    {BYTES("550\tno\r\n"), 550, "550\tno\n"},
    {BYTES("\r\n250 fine\r\n"), 250, "250 fine\n"},
    {BYTES("\n\r\n550-a\r\n550b\r\n"), 550, "550-a\n550b\n"},
    {BYTES("250 fine\r\n\r\n\n"), 250, "250 fine\n"},
    {BYTES("354go\r\n\r\n"), 354, "354go\n"},
    {BYTES("450 later\r\n\r\n"), 450, "450 later\n"},
    {BYTES("\r250 fine\r\n"), NOT_SMTP, "250 fine\n"},
    {BYTES("150 wait\r\n"), NOT_SMTP, "150 wait\n"},
    {BYTES("099 x\r\n"), NOT_SMTP, "099 x\n"},
    {BYTES("600 x\r\n"), NOT_SMTP, "600 x\n"},
    {BYTES("hello\r\n"), NOT_SMTP, "hello\n"},
    {BYTES("HTTP/1.1 400 Bad\r\n"), NOT_SMTP, "HTTP/1.1 400 Bad\n"},
    {BYTES("25\r\n"), NOT_SMTP, "25\n"},
    {BYTES("2500 x\r\n"), NOT_SMTP, "2500 x\n"},
    {BYTES("250-a\r\n550 b\r\n"), NOT_SMTP, "250-a\n550 b\n"},
    {BYTES("550-a\r\n250 b\r\n"), NOT_SMTP, "550-a\n250 b\n"},
    {BYTES("250-a\r\n\r\n"), NOT_SMTP, "250-a\n\n"},
    {BYTES("\x15\x03\x01\0\x02\n"), NOT_SMTP, "\x15\x03\x01?\x02\n"},
};

static const struct stage {
	enum peer_stage at;
	int least, most;     /* the good codes */
	const char *refused; /* the report after its letter */
	const char *garbage; /* the same for what is not SMTP, always Z */
	bool retried;	     /* a 5xx is no reason for D */
	bool after_rcpt;     /* the recipient has been reported as accepted */
	const char *said;    /* up to there */
	const char *said_pipelined;
} stages[] = {
    {PEER_GREETING, 220, 220, TO "greeting failed.\n", TO "greeting failed.\n",
	true, false, "", ""},
    {PEER_HELO, 250, 250, TO "my name was rejected.\n",
	TO "my name was rejected.\n", true, false,
	CLEAR_HELLO "HELO client.test\r\n", CLEAR_HELLO "HELO client.test\r\n"},
    {PEER_MAIL, 200, 299, TO "sender was rejected.\n",
	TO "it does not speak SMTP. (#4.5.0)\n", false, false,
	CLEAR_HELLO CLEAR_MAIL, CLEAR_HELLO CLEAR_ENVELOPE},
    {PEER_RCPT, 200, 299, "127.0.0.1 does not like recipient.\n",
	TO "it does not speak SMTP. (#4.5.0)\n", false, false,
	CLEAR_HELLO CLEAR_MAIL CLEAR_RCPT, CLEAR_HELLO CLEAR_ENVELOPE},
    {PEER_DATA, 354, 354, "127.0.0.1 failed on DATA command.\n",
	TO "it does not speak SMTP. (#4.5.0)\n", false, true,
	CLEAR_HELLO CLEAR_ENVELOPE, CLEAR_HELLO CLEAR_ENVELOPE},
    {PEER_DOT, 200, 299, "127.0.0.1 failed after I sent the message.\n",
	TO "it does not speak SMTP. Possible duplicate! (#4.5.0)\n", false,
	true, CLEAR_HELLO CLEAR_ENVELOPE CLEAR_MESSAGE ".\r\n",
	CLEAR_HELLO CLEAR_ENVELOPE CLEAR_MESSAGE ".\r\n"},
};

static struct peer_script script_for(
    const struct fault *fault, enum peer_stage at, bool pipelining)
{
	struct peer_script script = {
	    .overrides = {{at, .bytes = fault->bytes, .length = fault->length},
		{PEER_EHLO, .bytes = "502 what?\r\n"}}};

	if (at != PEER_HELO)
		script.overrides[1] = (struct peer_override){0};
	if (pipelining)
		script.capabilities = "PIPELINING";
	return script;
}

static bool is_good(const struct stage *stage, int code)
{
	return code >= stage->least && code <= stage->most;
}

static void add_report(
    struct bytes *expected, char letter, const char *text, const char *said)
{
	bytes_add(expected, &letter, 1);
	bytes_add_text(expected, text);
	bytes_add_text(expected, CLEAR_SAID);
	bytes_add_text(expected, said);
	bytes_add(expected, "", 1);
}

static void add_failure(struct bytes *expected, const struct stage *stage,
    const struct fault *fault)
{
	bool permanent = fault->code >= 500 && !stage->retried;

	if (stage->after_rcpt)
		bytes_add(expected, "r", 2);
	if (fault->code == NOT_SMTP) {
		add_report(expected, 'Z', stage->garbage, fault->shown);
	} else if (stage->at == PEER_RCPT) {
		add_report(expected, permanent ? 'h' : 's', stage->refused,
		    fault->shown);
		bytes_add_text(expected, "DGiving up on 127.0.0.1.\n");
		bytes_add(expected, "", 1);
	} else {
		add_report(expected, permanent ? 'D' : 'Z', stage->refused,
		    fault->shown);
	}
}

static void add_success(
    struct bytes *expected, const struct stage *stage, const char *said)
{
	bytes_add(expected, "r", 2);
	add_report(expected, 'K', "127.0.0.1 accepted message.\n",
	    stage->at == PEER_DOT ? said : "250 2.0.0 queued as TEST\n");
}

/* After a refusal within a pipelined group the server still says 354. */
static bool is_emptied(
    const struct stage *stage, const struct fault *fault, bool pipelining)
{
	return pipelining && fault->code != NOT_SMTP &&
	       (stage->at == PEER_MAIL || stage->at == PEER_RCPT);
}

static void expect_dialogue(const struct scene *scene,
    const struct stage *stage, const struct fault *fault, bool pipelining)
{
	struct bytes wire = {0};

	if (is_good(stage, fault->code)) {
		bytes_add_text(&wire, CLEAR_HELLO);
		if (stage->at == PEER_HELO)
			bytes_add_text(&wire, "HELO client.test\r\n");
		bytes_add_text(
		    &wire, CLEAR_ENVELOPE CLEAR_MESSAGE ".\r\n" CLEAR_QUIT);
	} else {
		bytes_add_text(
		    &wire, pipelining ? stage->said_pipelined : stage->said);
		if (is_emptied(stage, fault, pipelining))
			bytes_add_text(&wire, ".\r\n");
		bytes_add_text(&wire, CLEAR_QUIT);
	}
	clear_expect_wire(scene, wire.data);
	bytes_free(&wire);
}

static void check_reply(const struct stage *stage, bool pipelining, int number)
{
	const struct fault *fault = &faults[number];
	struct peer_script script = script_for(fault, stage->at, pipelining);
	struct bytes expected = {0};
	struct scene scene = {0};

	clear_play(&scene, &script, NULL);
	if (is_good(stage, fault->code))
		add_success(&expected, stage, fault->shown);
	else
		add_failure(&expected, stage, fault);
	clear_expect(&scene, expected.data, expected.length);
	expect_dialogue(&scene, stage, fault, pipelining);
	bytes_free(&expected);
	scene_free(&scene);
}

START_TEST(replies)
{
	for (size_t i = 0; i < COUNT(stages); i++)
		check_reply(&stages[i], false, _i);
}
END_TEST

START_TEST(replies_pipelined)
{
	for (size_t i = 0; i < COUNT(stages); i++)
		check_reply(&stages[i], true, _i);
}
END_TEST

/* What is no good for EHLO leads to HELO, unless the server is lost. */
START_TEST(replies_to_ehlo)
{
	const struct fault *fault = &faults[_i];
	struct peer_script script = script_for(fault, PEER_EHLO, true);
	struct stage ehlo = {PEER_EHLO, .refused = TO "my name was rejected.\n",
	    .garbage = TO "my name was rejected.\n", .retried = true};
	struct bytes expected = {0};
	struct scene scene = {0};

	clear_play(&scene, &script, NULL);
	if (fault->code == NOT_SMTP || fault->code == 421) {
		add_failure(&expected, &ehlo, fault);
		clear_expect_wire(&scene, CLEAR_HELLO CLEAR_QUIT);
	} else {
		add_success(&expected, &ehlo, "");
		clear_expect_wire(&scene,
		    fault->code == 250 ? CLEAR_ALL
				       : CLEAR_HELLO
			"HELO client.test\r\n" CLEAR_ENVELOPE CLEAR_MESSAGE
			".\r\n" CLEAR_QUIT);
	}
	clear_expect(&scene, expected.data, expected.length);
	bytes_free(&expected);
	scene_free(&scene);
}
END_TEST

/* Nobody waits for what is said to QUIT. */
START_TEST(replies_to_quit)
{
	struct peer_script script = script_for(&faults[_i], PEER_QUIT, true);
	struct scene scene = {0};

	clear_play(&scene, &script, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	clear_expect_wire(&scene, CLEAR_ALL);
	scene_free(&scene);
}
END_TEST

/* Empty lines between replies mean nothing, nor do those while the message
 * goes. */
START_TEST(empty_lines)
{
	static const enum peer_stage at[] = {PEER_GREETING, PEER_EHLO,
	    PEER_MAIL, PEER_RCPT, PEER_DATA, PEER_DOT};
	struct peer_script script = {
	    .capabilities = _i > 0 ? "PIPELINING" : NULL};
	struct scene scene = {0};
	size_t count = 0;

	for (; count < COUNT(at); count++)
		script.overrides[count] = (struct peer_override){
		    at[count], .action = PEER_APPEND, .bytes = "\r\n\n"};
	script.overrides[count] =
	    (struct peer_override){PEER_BODY, .bytes = "\r\n"};
	clear_play(&scene, &script, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	clear_expect_wire(&scene, CLEAR_ALL);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-stages")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, replies, 0, COUNT(faults));
	tcase_add_loop_test(tcase, replies_pipelined, 0, COUNT(faults));
	tcase_add_loop_test(tcase, replies_to_ehlo, 0, COUNT(faults));
	tcase_add_loop_test(tcase, replies_to_quit, 0, COUNT(faults));
	tcase_add_loop_test(tcase, empty_lines, 0, 2);
}
