/* SPDX-License-Identifier: ISC */
/* SIZE, 8BITMIME and SMTPUTF8, and what becomes of them after HELO. */
#include "config.h"

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
#define REPORT(literal) .report = literal, .length = sizeof(literal)
#define ACCEPTED REPORT("r\0" CLEAR_ACCEPTED)
#define MAIL CLEAR_MAIL
#define TAKES(size, limit)                                                     \
	"DThe message is larger than 127.0.0.1 takes: " size                   \
	" of at most " limit " bytes. (#5.3.4)\n"
#define NEEDS(who, address)                                                    \
	"The " who " address " address                                         \
	" needs SMTPUTF8, which the server does not offer. (#5.6.7)\n"
#define GIVING_UP "DGiving up on 127.0.0.1.\n"

static const struct row {
	const char *capabilities;
	struct delivery delivery;
	/* The commands of the envelope; NULL: there are none. */
	const char *mail, *rcpt;
	const char *report;
	size_t length;
} rows[] = {
    /* The message has 17 octets on the wire. */
    {"SIZE", {0}, "MAIL FROM:<a@example.net> SIZE=17\r\n", CLEAR_RCPT,
	ACCEPTED},
    {"SIZE 0", {0}, "MAIL FROM:<a@example.net> SIZE=17\r\n", CLEAR_RCPT,
	ACCEPTED},
    {"size 17", {0}, "MAIL FROM:<a@example.net> SIZE=17\r\n", CLEAR_RCPT,
	ACCEPTED},
    {"SIZE 16", {0}, NULL, NULL, REPORT(TAKES("17", "16"))},
    {"SIZE 1", {.input = DELIVER_PIPE}, NULL, NULL, REPORT(TAKES("17", "1"))},
    {"SIZE 16", {.message = "\r\n\n\r.\n.\n........\n"}, NULL, NULL,
	REPORT(TAKES("22", "16"))},
    {"SIZE many", {0}, "MAIL FROM:<a@example.net> SIZE=17\r\n", CLEAR_RCPT,
	ACCEPTED},
    {"SIZE 18446744073709551616", {0}, "MAIL FROM:<a@example.net> SIZE=17\r\n",
	CLEAR_RCPT, ACCEPTED},
    {"SIZE -5", {0}, "MAIL FROM:<a@example.net> SIZE=17\r\n", CLEAR_RCPT,
	ACCEPTED},
    {"SIZES 1\nXSIZE 1", {0}, MAIL, CLEAR_RCPT, ACCEPTED},
    {"SIZE", {.message = "a\rb\r\nc\n.\n"},
	"MAIL FROM:<a@example.net> SIZE=12\r\n", CLEAR_RCPT, ACCEPTED},
    {"SIZE", {.message = ""}, "MAIL FROM:<a@example.net> SIZE=0\r\n",
	CLEAR_RCPT, ACCEPTED},

    {"8BITMIME", {0}, MAIL, CLEAR_RCPT, ACCEPTED},
    {"8bitmime", {.message = "x: y\n\n\xe4\n"},
	"MAIL FROM:<a@example.net> BODY=8BITMIME\r\n", CLEAR_RCPT, ACCEPTED},
    {"SIZE 99\n8BITMIME\nPIPELINING", {.message = "x: y\n\n\x80\n"},
	"MAIL FROM:<a@example.net> SIZE=11 BODY=8BITMIME\r\n", CLEAR_RCPT,
	ACCEPTED},
    {NULL, {.message = "x: y\n\n\xe4\n"}, MAIL, CLEAR_RCPT, ACCEPTED},

    /* SMTPUTF8 is not for the message's sake: a server behind that one may not
       offer it, and has always taken such mail. */
    {"8BITMIME\nSMTPUTF8", {.message = "x: \xc3\xa4\n\ny\n"},
	"MAIL FROM:<a@example.net> BODY=8BITMIME\r\n", CLEAR_RCPT, ACCEPTED},
    {"8BITMIME\nSMTPUTF8", {.message = "x: \xe4\n\ny\n"},
	"MAIL FROM:<a@example.net> BODY=8BITMIME\r\n", CLEAR_RCPT, ACCEPTED},
    {"8BITMIME\nSMTPUTF8", {.message = "x: y\n\n\xc3\xa4\n"},
	"MAIL FROM:<a@example.net> BODY=8BITMIME\r\n", CLEAR_RCPT, ACCEPTED},
    {"8BITMIME", {.message = "x: \xc3\xa4\n\ny\n"},
	"MAIL FROM:<a@example.net> BODY=8BITMIME\r\n", CLEAR_RCPT, ACCEPTED},
    {"8BITMIME\nSMTPUTF8", {0}, MAIL, CLEAR_RCPT, ACCEPTED},

    /* SMTPUTF8 for an address. */
    {"8BITMIME\nSMTPUTF8",
	{.recipients = LIST("j\xc3\xb6rg@b\xc3\xbc"
			    "cher.example")},
	"MAIL FROM:<a@example.net> SMTPUTF8\r\n",
	"RCPT TO:<j\xc3\xb6rg@b\xc3\xbc"
	"cher.example>\r\n",
	ACCEPTED},
    {"8BITMIME\nSMTPUTF8", {.sender = "\xc3\xa4 b@example.net"},
	"MAIL FROM:<\"\xc3\xa4 b\"@example.net> SMTPUTF8\r\n", CLEAR_RCPT,
	ACCEPTED},
    {"8BITMIME", {.recipients = LIST("j\xc3\xb6rg@example.org")}, NULL, NULL,
	REPORT("h" NEEDS("recipient", "j??rg@example.org") "\0" GIVING_UP)},
    {"8BITMIME", {.sender = "\xc3\xa4@example.net"}, NULL, NULL,
	REPORT("D" NEEDS("sender", "??@example.net"))},
    {"PIPELINING",
	{.recipients = LIST("\xc3\xa4@x", "b@b\xc3\xbc"
					  "cher.example")},
	MAIL, "RCPT TO:<b@xn--bcher-kva.example>\r\n",
	REPORT("h" NEEDS("recipient", "??@x") "\0r\0" CLEAR_ACCEPTED)},
    {"8BITMIME\nSMTPUTF8", {.recipients = LIST("\xe4@example.org")}, NULL, NULL,
	REPORT("hThe recipient address ?@example.org is neither ASCII nor "
	       "UTF-8. (#5.6.7)\n\0" GIVING_UP)},

    /* A domain alone needs none: it has an ASCII form. */
    {"8BITMIME\nSMTPUTF8",
	{.sender = "a@B\xc3\x9c"
		   "CHER.example",
	    .recipients = LIST("b@b\xc3\xbc"
			       "cher.example")},
	"MAIL FROM:<a@xn--bcher-kva.example>\r\n",
	"RCPT TO:<b@xn--bcher-kva.example>\r\n", ACCEPTED},
    {NULL, {.recipients = LIST("b@fa\xc3\x9f.example")}, MAIL,
	"RCPT TO:<b@xn--fa-hia.example>\r\n", ACCEPTED},
    {NULL, {.recipients = LIST("b@\xe4.example")}, NULL, NULL,
	REPORT("hThe domain of the recipient address b@?.example is not a "
	       "valid name. (#5.1.2)\n\0" GIVING_UP)},
};

/* The dialogue, but for the message itself. */
static void expect_envelope(
    const struct scene *scene, const struct row *row, const char *hello)
{
	const struct transcript_connection *connection =
	    clear_connection(scene, 0);
	struct bytes wire = {0};

	bytes_add_text(&wire, hello);
	if (row->mail != NULL) {
		bytes_add_text(&wire, row->mail);
		bytes_add_text(&wire, row->rcpt);
		bytes_add_text(&wire, "DATA\r\n");
		ck_assert_uint_eq(scene_messages(scene), 1);
		bytes_add(&wire, connection->messages[0].raw.data,
		    connection->messages[0].raw.length);
		bytes_add_text(&wire, ".\r\n");
	}
	bytes_add_text(&wire, CLEAR_QUIT);
	clear_expect_wire(scene, wire.data);
	bytes_free(&wire);
}

START_TEST(parameters)
{
	const struct row *row = &rows[_i];
	struct peer_script script = {.capabilities = row->capabilities};
	struct scene scene = {0};

	clear_play(&scene, &script, &row->delivery);
	clear_expect(&scene, row->report, row->length);
	expect_envelope(&scene, row, CLEAR_HELLO);
	scene_free(&scene);
}
END_TEST

/* After HELO there are no extensions, whatever EHLO's refusal contained. */
static const struct row basic[] = {
    {"", {0}, MAIL, CLEAR_RCPT, ACCEPTED},
    {"", {.message = "x: \xc3\xa4\n\n\xe4\n"}, MAIL, CLEAR_RCPT, ACCEPTED},
    {"", {.recipients = LIST("j\xc3\xb6rg@example.org")}, NULL, NULL,
	REPORT("h" NEEDS("recipient", "j??rg@example.org") "\0" GIVING_UP)},
};

START_TEST(helo_offers_nothing)
{
	static const struct peer_script script = {
	    .overrides = {
		{PEER_EHLO, .bytes = "502-no\r\n502-SIZE 5\r\n502-8BITMIME\r\n"
				     "502-PIPELINING\r\n502 SMTPUTF8\r\n"}}};
	const struct row *row = &basic[_i];
	struct scene scene = {0};

	clear_play(&scene, &script, &row->delivery);
	clear_expect(&scene, row->report, row->length);
	expect_envelope(&scene, row, CLEAR_HELLO "HELO client.test\r\n");
	scene_free(&scene);
}
END_TEST

/* The first line of the reply to EHLO is a name, whatever it looks like. */
START_TEST(name_is_no_keyword)
{
	static const struct peer_script script = {
	    .overrides = {{PEER_EHLO, .bytes = "250-SIZE 5\r\n250 X\r\n"}}};
	struct scene scene = {0};

	clear_play(&scene, &script, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	clear_expect_wire(&scene, CLEAR_ALL);
	scene_free(&scene);
}
END_TEST

/* Without trust anchors an offer of TLS is not taken. */
START_TEST(no_tls_without_anchors)
{
	static const struct peer_script script = {.capabilities = "STARTTLS"};
	static const char *const anchors[] = {NULL, "", "\n", " \t\n"};
	struct scene scene = {0};

	/* What is installed may have another default. */
	if (anchors[_i] == NULL && getenv("QR_TEST_INSTALLED_HOME") != NULL)
		return;
	scene_furnish(&scene);
	if (anchors[_i] != NULL)
		home_control(&scene.home, "trustanchors", anchors[_i]);
	clear_play(&scene, &script, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	clear_expect_wire(&scene, CLEAR_ALL);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-extensions")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, parameters, 0, COUNT(rows));
	tcase_add_loop_test(tcase, helo_offers_nothing, 0, COUNT(basic));
	tcase_add_test(tcase, name_is_no_keyword);
	tcase_add_loop_test(tcase, no_tls_without_anchors, 0, 4);
}
