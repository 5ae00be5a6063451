/* SPDX-License-Identifier: ISC */
/* Each text that a delivery in clear can report, byte by byte. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define REPORT(literal) .report = literal, .length = sizeof(literal)
#define LIST(...)                                                              \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define DIED "ZConnected to 127.0.0.1 but connection died. (#4.4.2)\n"
#define UNREADABLE "ZUnable to read message. (#4.3.0)\n"
#define PARTIAL                                                                \
	"DSMTP cannot transfer messages with partial final lines. (#5.6.2)\n"
#define IMPROPERLY "DI (qmail-remote) was invoked improperly. (#5.3.5)\n"
#define NO_CONNECTION                                                          \
	"ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n"

static const struct row {
	struct peer_script script;
	struct delivery delivery;
	const char *report;
	size_t length;
	const char *wire; /* NULL: there is no connection */
	const char *rspawn;
} rows[] = {
    {REPORT("r\0" CLEAR_ACCEPTED), .wire = CLEAR_ALL, .rspawn = CLEAR_ACCEPTED},
    {.script.overrides = {{PEER_DOT, .bytes = "250-2.0.0 one\r\n"
					      "250 2.0.0 two\r\n"}},
	REPORT("r\0K127.0.0.1 accepted message.\n" CLEAR_SAID
	       "250-2.0.0 one\n250 2.0.0 two\n"),
	.wire = CLEAR_ALL},

    /* The greeting, and our name. */
    {.script.overrides = {{PEER_GREETING, .bytes = "554 no service\r\n"}},
	REPORT("ZConnected to 127.0.0.1 but greeting failed.\n" CLEAR_SAID
	       "554 no service\n"),
	.wire = CLEAR_QUIT,
	.rspawn = "ZConnected to 127.0.0.1 but greeting failed.\n" CLEAR_SAID
		  "554 no service\n"},
    {.script.overrides = {{PEER_GREETING, .bytes = "421 later\r\n"}},
	REPORT("ZConnected to 127.0.0.1 but greeting failed.\n" CLEAR_SAID
	       "421 later\n"),
	.wire = CLEAR_QUIT},
    {.script.overrides = {{PEER_EHLO, .bytes = "502 what?\r\n"},
	 {PEER_HELO, .bytes = "550 not you\r\n"}},
	REPORT("ZConnected to 127.0.0.1 but my name was rejected.\n" CLEAR_SAID
	       "550 not you\n"),
	.wire = CLEAR_HELLO "HELO client.test\r\n" CLEAR_QUIT},
    {.script.overrides = {{PEER_EHLO, .bytes = "502 what?\r\n"}},
	REPORT("r\0" CLEAR_ACCEPTED),
	.wire = CLEAR_HELLO "HELO client.test\r\n" CLEAR_ENVELOPE CLEAR_MESSAGE
			    ".\r\n" CLEAR_QUIT},

    /* The envelope. */
    {.script.overrides = {{PEER_MAIL, .bytes = "550-5.7.1 a\r\n"
					       "550 5.7.1 b\r\n"}},
	REPORT("DConnected to 127.0.0.1 but sender was rejected.\n" CLEAR_SAID
	       "550-5.7.1 a\n550 5.7.1 b\n"),
	.wire = CLEAR_HELLO CLEAR_MAIL CLEAR_QUIT},
    {.script.overrides = {{PEER_MAIL, .bytes = "451 4.7.1 a\r\n"}},
	REPORT("ZConnected to 127.0.0.1 but sender was rejected.\n" CLEAR_SAID
	       "451 4.7.1 a\n"),
	.wire = CLEAR_HELLO CLEAR_MAIL CLEAR_QUIT},
    {.script.overrides = {{PEER_RCPT, .bytes = "550 5.1.1 nope\r\n"}},
	REPORT("h127.0.0.1 does not like recipient.\n" CLEAR_SAID
	       "550 5.1.1 nope\n\0DGiving up on 127.0.0.1.\n"),
	.wire = CLEAR_HELLO CLEAR_MAIL CLEAR_RCPT CLEAR_QUIT,
	.rspawn = "D127.0.0.1 does not like recipient.\n" CLEAR_SAID
		  "550 5.1.1 nope\nGiving up on 127.0.0.1.\n"},
    {.script.overrides = {{PEER_RCPT, .bytes = "450 4.2.1 grey\r\n"}},
	REPORT("s127.0.0.1 does not like recipient.\n" CLEAR_SAID
	       "450 4.2.1 grey\n\0DGiving up on 127.0.0.1.\n"),
	.wire = CLEAR_HELLO CLEAR_MAIL CLEAR_RCPT CLEAR_QUIT,
	.rspawn = "Z127.0.0.1 does not like recipient.\n" CLEAR_SAID
		  "450 4.2.1 grey\nGiving up on 127.0.0.1.\n"},
    {.script.overrides = {{PEER_RCPT, 2, .bytes = "550 5.1.1 nope\r\n"},
	 {PEER_RCPT, 3, .bytes = "450 4 later\r\n"}},
	.delivery.recipients = LIST("b@example.org", "c@d", "e@f"),
	REPORT(
	    "r\0h127.0.0.1 does not like recipient.\n" CLEAR_SAID
	    "550 5.1.1 nope\n\0s127.0.0.1 does not like recipient.\n" CLEAR_SAID
	    "450 4 later\n\0" CLEAR_ACCEPTED),
	.wire = CLEAR_HELLO CLEAR_MAIL CLEAR_RCPT
	"RCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\n" CLEAR_MESSAGE
	".\r\n" CLEAR_QUIT},
    /* Too many recipients for one message: not for good. */
    {.script.overrides = {{PEER_RCPT, 2, .bytes = "552 5.5.3 too many\r\n"},
	 {PEER_RCPT, 3, .bytes = "452 4.5.3 too many\r\n"}},
	.delivery.recipients = LIST("b@example.org", "c@d", "e@f"),
	REPORT(
	    "r\0s127.0.0.1 does not like recipient.\n" CLEAR_SAID
	    "552 5.5.3 too many\n\0s127.0.0.1 does not like "
	    "recipient.\n" CLEAR_SAID "452 4.5.3 too many\n\0" CLEAR_ACCEPTED),
	.wire = CLEAR_HELLO CLEAR_MAIL CLEAR_RCPT
	"RCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\n" CLEAR_MESSAGE
	".\r\n" CLEAR_QUIT},
    {.script.overrides = {{PEER_RCPT, .bytes = "552 5.2.2 full\r\n"}},
	REPORT("h127.0.0.1 does not like recipient.\n" CLEAR_SAID
	       "552 5.2.2 full\n\0DGiving up on 127.0.0.1.\n"),
	.wire = CLEAR_HELLO CLEAR_MAIL CLEAR_RCPT CLEAR_QUIT},

    /* The message. */
    {.script.overrides = {{PEER_DATA, .bytes = "554 5.5.1 no\r\n"}},
	REPORT("r\0D127.0.0.1 failed on DATA command.\n" CLEAR_SAID
	       "554 5.5.1 no\n"),
	.wire = CLEAR_HELLO CLEAR_ENVELOPE CLEAR_QUIT,
	.rspawn =
	    "D127.0.0.1 failed on DATA command.\n" CLEAR_SAID "554 5.5.1 no\n"},
    {.script.overrides = {{PEER_DATA, .bytes = "451 4.3.0 no\r\n"}},
	REPORT("r\0Z127.0.0.1 failed on DATA command.\n" CLEAR_SAID
	       "451 4.3.0 no\n"),
	.wire = CLEAR_HELLO CLEAR_ENVELOPE CLEAR_QUIT},
    {.script.overrides = {{PEER_DOT, .bytes = "554 5.6.0 spam\r\n"}},
	REPORT("r\0D127.0.0.1 failed after I sent the message.\n" CLEAR_SAID
	       "554 5.6.0 spam\n"),
	.wire = CLEAR_ALL},
    {.script.overrides = {{PEER_DOT, .bytes = "452 4.3.1 full\r\n"}},
	REPORT("r\0Z127.0.0.1 failed after I sent the message.\n" CLEAR_SAID
	       "452 4.3.1 full\n"),
	.wire = CLEAR_ALL},
    {.script.overrides = {{PEER_DATA, .action = PEER_DROP}},
	REPORT("r\0" DIED),
	.wire = CLEAR_HELLO CLEAR_ENVELOPE},
    {.script.overrides = {{PEER_DOT, .action = PEER_DROP}},
	REPORT("r\0ZConnected to 127.0.0.1 but connection died. "
	       "Possible duplicate! (#4.4.2)\n"),
	.wire = CLEAR_HELLO CLEAR_ENVELOPE CLEAR_MESSAGE ".\r\n"},
    {.script.overrides = {{PEER_GREETING, .action = PEER_DROP}},
	REPORT(DIED),
	.wire = ""},

    /* Messages that cannot be sent. */
    {.delivery.message = "a\nb",
	REPORT(PARTIAL),
	.wire = CLEAR_HELLO CLEAR_QUIT,
	.rspawn = PARTIAL},
    {.delivery = {.message = ".", .input = DELIVER_PIPE},
	REPORT(PARTIAL),
	.wire = CLEAR_HELLO CLEAR_QUIT},
    {.delivery.input = DELIVER_PIPE,
	REPORT("r\0" CLEAR_ACCEPTED),
	.wire = CLEAR_ALL},
    {.delivery.input = DELIVER_CLOSED, REPORT(UNREADABLE)},
    {.delivery.input = DELIVER_DIRECTORY,
	REPORT(UNREADABLE),
	.wire = CLEAR_HELLO},
    {.delivery.input = DELIVER_WRITE_ONLY,
	REPORT(UNREADABLE),
	.wire = CLEAR_HELLO},

    /* Calls that make no sense. */
    {.delivery.arguments = LIST("example.org", "a@example.net"),
	REPORT(IMPROPERLY),
	.rspawn = IMPROPERLY},
    {.delivery.arguments = LIST("example.org"), REPORT(IMPROPERLY)},
    {.delivery.arguments = LIST(NULL), REPORT(IMPROPERLY)},
    {.delivery.arguments = LIST("--help", "--version"), REPORT(IMPROPERLY)},
    {.delivery = {.arguments = LIST("x"), .input = DELIVER_CLOSED},
	REPORT(IMPROPERLY)},
    {.delivery.host = "exa mple.org",
	REPORT("DSorry, I couldn't find any host named exa?mple.org. "
	       "(#5.1.2)\n")},
    {.delivery.host = "exa\r\nmple\xe4",
	REPORT("DSorry, I couldn't find any host named exa??mple?. "
	       "(#5.1.2)\n")},
};

static void expect_rspawn(const struct scene *scene, const char *expected)
{
	struct bytes result;

	outcome_rspawn(&scene->outcome, &result);
	ck_assert_str_eq(result.data, expected);
	bytes_free(&result);
}

START_TEST(reports_and_dialogues)
{
	const struct row *row = &rows[_i];
	struct scene scene = {0};

	clear_play(&scene, &row->script, &row->delivery);
	clear_expect(&scene, row->report, row->length);
	clear_expect_wire(&scene, row->wire);
	if (row->rspawn != NULL)
		expect_rspawn(&scene, row->rspawn);
	scene_free(&scene);
}
END_TEST

START_TEST(nobody_listens)
{
	struct scene scene = {0};

	clear_start_at(&scene, &(struct peer_address){.address = "127.0.0.1",
				   .kind = PEER_REFUSES});
	clear_deliver(&scene, &(struct delivery){0});
	CLEAR_EXPECT(&scene, NO_CONNECTION);
	scene_free(&scene);
}
END_TEST

START_TEST(no_home)
{
	static const struct home nowhere = {"/nonexistent/home"};
	struct scene scene = {0};

	/* What is installed has its own. */
	if (getenv("QR_TEST_INSTALLED_HOME") != NULL)
		return;
	clear_play(&scene, NULL,
	    &(struct delivery){.home = &nowhere, .input = DELIVER_PIPE});
	CLEAR_EXPECT(&scene, "ZUnable to switch to home directory. (#4.3.0)\n");
	clear_expect_wire(&scene, NULL);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-reports")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, reports_and_dialogues, 0, COUNT(rows));
	tcase_add_test(tcase, nobody_listens);
	tcase_add_test(tcase, no_home);
}
