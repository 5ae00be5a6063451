/* SPDX-License-Identifier: ISC */
/* Envelope addresses on the wire, and those that never get there. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define LIST(...)                                                              \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define GIVING_UP "DGiving up on 127.0.0.1.\n"
#define SENDER_BROKEN(shown)                                                   \
	"DThe sender address " shown " has a line break in it. (#5.1.7)\n"
#define RECIPIENT_BROKEN(shown)                                                \
	"hThe recipient address " shown " has a line break in it. (#5.1.3)\n"

enum { COMMAND_MAX = 512, ADDRESS_ROOM = 1024 };

/* What stock quotes, for sender and recipient alike. */
static const struct quoting {
	const char *address, *sent;
} quotings[] = {
    {"a@b.example", "a@b.example"},
    {"a+b=c!d%e/f{g}h|i~j`k?l*m$n#o&p'q^r_s-t@y",
	"a+b=c!d%e/f{g}h|i~j`k?l*m$n#o&p'q^r_s-t@y"},
    {"a.b.c@y", "a.b.c@y"},
    {"a b@x.org", "\"a b\"@x.org"},
    {"a..b@y", "\"a..b\"@y"},
    {".a@y", "\".a\"@y"},
    {"a.@y", "\"a.\"@y"},
    {".@y", "\".\"@y"},
    {"q\"q\\r@y", "\"q\\\"q\\\\r\"@y"},
    {"\"a b\"@y", "\"\\\"a b\\\"\"@y"},
    {"@y", "\"\"@y"},
    {"a@b@y", "\"a@b\"@y"},
    {"a(b@y", "\"a(b\"@y"},
    {"a)b@y", "\"a)b\"@y"},
    {"a,b@y", "\"a,b\"@y"},
    {"a:b@y", "\"a:b\"@y"},
    {"a;b@y", "\"a;b\"@y"},
    {"a<b@y", "\"a<b\"@y"},
    {"a>b@y", "\"a>b\"@y"},
    {"a[b@y", "\"a[b\"@y"},
    {"a]b@y", "\"a]b\"@y"},
    {"a\tb@y", "\"a\tb\"@y"},
    {"a\001b@y", "\"a\001b\"@y"},
    {"a\177b@y", "\"a\177b\"@y"},
    {"bar baz", "bar baz"},
    {"postmaster", "postmaster"},
    {"a@[192.0.2.1]", "a@[192.0.2.1]"},
    {"a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]"},
    {"A@B.Example", "A@B.Example"},
    {"a@", "a@"},
    /* The null sender, and that of a bounce of a bounce. */
    {"", ""},
    {"#@[]", "#@[]"},
};

START_TEST(quoted)
{
	const struct quoting *quoting = &quotings[_i];
	struct delivery delivery = {.sender = quoting->address,
	    .recipients = LIST(quoting->address, "b@example.org")};
	char mail[128], rcpt[128];
	struct scene scene = {0};

	clear_play(&scene, NULL, &delivery);
	snprintf(mail, sizeof mail, "MAIL FROM:<%s>", quoting->sent);
	snprintf(rcpt, sizeof rcpt, "RCPT TO:<%s>", quoting->sent);
	CLEAR_EXPECT(&scene, "r\0r\0" CLEAR_ACCEPTED);
	ck_assert(
	    transcript_said(clear_connection(&scene, 0), PEER_MAIL, 0, mail));
	ck_assert(
	    transcript_said(clear_connection(&scene, 0), PEER_RCPT, 0, rcpt));
	ck_assert_uint_eq(clear_connection(&scene, 0)->strays, 0);
	scene_free(&scene);
}
END_TEST

static const struct injection {
	struct delivery delivery;
	const char *report;
	size_t length;
	const char *wire; /* NULL: nobody is asked at all */
} injections[] = {
#define REPORT(literal) .report = literal, .length = sizeof(literal)
    {{.sender = "a\rb@x"}, REPORT(SENDER_BROKEN("a?b@x")), NULL},
    {{.sender = "a@x>\r\nRCPT TO:<v@x"},
	REPORT(SENDER_BROKEN("a@x>??RCPT?TO:<v@x")), NULL},
    {{.sender = "\n"}, REPORT(SENDER_BROKEN("?")), NULL},
    {{.recipients = LIST("b\n@x")},
	REPORT(RECIPIENT_BROKEN("b?@x") "\0" GIVING_UP),
	CLEAR_HELLO CLEAR_QUIT},
    {{.recipients = LIST("b@x>\r\nDATA\r\nevil", "b@example.org", "b@x\r")},
	REPORT(RECIPIENT_BROKEN("b@x>??DATA??evil") "\0r\0" RECIPIENT_BROKEN(
	    "b@x?") "\0" CLEAR_ACCEPTED),
	CLEAR_ALL},
    {{.recipients = LIST("b@example.org", "b\r")},
	REPORT("r\0" RECIPIENT_BROKEN("b?") "\0" CLEAR_ACCEPTED), CLEAR_ALL},
};

START_TEST(line_breaks_are_not_sent)
{
	const struct injection *injection = &injections[_i];
	struct peer_script script = {
	    .capabilities = _i % 2 > 0 ? "PIPELINING" : NULL};
	struct scene scene = {0};

	clear_play(&scene, &script, &injection->delivery);
	clear_expect(&scene, injection->report, injection->length);
	clear_expect_wire(&scene, injection->wire);
	scene_free(&scene);
}
END_TEST

/*
 * An address that makes the command line so long; its local part is nearly
 * all of it, as in VERP and SRS, and needs quotes if asked for.
 */
static void make_address(
    char address[ADDRESS_ROOM], const char *command, size_t line, bool quotes)
{
	size_t length = line - strlen(command) - strlen("<>\r\n");

	if (quotes)
		length -= 2;
	memset(address, 'v', length);
	if (quotes)
		address[3] = ' ';
	memcpy(address + length - 2, "@y", 3);
}

START_TEST(long_recipients)
{
	size_t line = COMMAND_MAX + (size_t)(_i / 2);
	char address[ADDRESS_ROOM];
	struct delivery delivery = {
	    .recipients = LIST(address, "b@example.org")};
	struct scene scene = {0};
	const struct transcript_event *first;

	make_address(address, "RCPT TO:", line, _i % 2 > 0);
	clear_play(&scene, NULL, &delivery);
	scene_expect(&scene, 'K', "accepted message");
	first = transcript_command(clear_connection(&scene, 0), PEER_RCPT, 0);
	if (line == COMMAND_MAX) {
		ck_assert_str_eq(scene.outcome.letters, "rrK");
		ck_assert_uint_eq(first->length, line);
	} else {
		ck_assert_str_eq(scene.outcome.letters, "hrK");
		ck_assert_ptr_nonnull(strstr(scene.outcome.chunks[0].text,
		    " is too long for SMTP. (#5.1.3)\n"));
		ck_assert_uint_eq(first->length, strlen(CLEAR_RCPT));
	}
	scene_free(&scene);
}
END_TEST

START_TEST(long_senders)
{
	size_t line = COMMAND_MAX + (size_t)(_i / 2);
	char address[ADDRESS_ROOM];
	struct delivery delivery = {.sender = address};
	struct scene scene = {0};

	make_address(address, "MAIL FROM:", line, _i % 2 > 0);
	clear_play(&scene, NULL, &delivery);
	if (line == COMMAND_MAX) {
		CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	} else {
		scene_expect(&scene, 'D', " is too long for SMTP. (#5.1.7)\n");
		clear_expect_wire(&scene, CLEAR_HELLO CLEAR_QUIT);
	}
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-addresses")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, quoted, 0, COUNT(quotings));
	tcase_add_loop_test(
	    tcase, line_breaks_are_not_sent, 0, COUNT(injections));
	tcase_add_loop_test(tcase, long_recipients, 0, 4);
	tcase_add_loop_test(tcase, long_senders, 0, 4);
}
