/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/verdict.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define SAID "Remote host said: "

static struct reply make_reply(const char *text)
{
	struct reply reply;
	size_t at = 0, size = strlen(text);

	reply_start(&reply);
	do
		at += reply_take(&reply, text + at, size - at);
	while (reply.state == REPLY_LINE);
	return reply;
}

static const struct session session = {
    .server = "192.0.2.1", .tls = "", .clear_reason = ""};

/* Each command with each class of code. */
static const struct stage_form {
	enum stage stage;
	const char *good;
	const char *refused; /* the sentence */
} stages[] = {
    {STAGE_MAIL, "250 ok\r\n",
	"Connected to 192.0.2.1 but sender was "
	"rejected.\n"},
    {STAGE_RCPT, "251 ok\r\n", "192.0.2.1 does not like recipient.\n"},
    {STAGE_DATA, "354 go\r\n", "192.0.2.1 failed on DATA command.\n"},
    {STAGE_MESSAGE, "250 ok\r\n",
	"192.0.2.1 failed after I sent the "
	"message.\n"},
};

static const struct refusing {
	const char *reply, *shown;
	enum failure_class class;
} refusing[] = {
    {"351 what\r\n", "351 what\n", FAILURE_TEMPORARY},
    {"421 bye\r\n", "421 bye\n", FAILURE_TEMPORARY},
    {"450-a\r\n450 b\r\n", "450-a\n450 b\n", FAILURE_TEMPORARY},
    {"499\r\n", "499\n", FAILURE_TEMPORARY},
    {"500 \r\n", "500 \n", FAILURE_PERMANENT},
    {"552 full\r\n", "552 full\n", FAILURE_PERMANENT},
    {"599 x\r\n", "599 x\n", FAILURE_PERMANENT},
};

static void check_refused(const struct verdict *verdict,
    enum failure_class class, const char *sentence, const char *shown)
{
	const char *text = verdict->failure.text;

	ck_assert_ptr_null(verdict->accepted);
	ck_assert_int_eq(verdict->failure.class, class);
	ck_assert_ptr_eq(strstr(text, sentence), text);
	text += strlen(sentence);
	ck_assert_ptr_eq(strstr(text, SAID), text);
	ck_assert_str_eq(text + strlen(SAID), shown);
}

START_TEST(refused)
{
	const struct stage_form *stage = &stages[_i];
	struct verdict verdict;

	for (int i = 0; i < COUNT(refusing); i++) {
		struct reply reply = make_reply(refusing[i].reply);

		ck_assert(!verdict_take_reply(
		    &verdict, &session, stage->stage, &reply, false));
		check_refused(&verdict, refusing[i].class, stage->refused,
		    refusing[i].shown);
	}
}
END_TEST

/* A session in clear for want of TLS: nothing is permanent, and it is said why
   there was none. */
START_TEST(refused_in_doubt)
{
	static const char reason[] = "Connected to 192.0.2.1 but STARTTLS was "
				     "refused. (#4.7.0)\n" SAID "454 no\n";
	const struct stage_form *stage = &stages[_i];
	struct session doubtful = session;
	struct verdict verdict;

	doubtful.clear_reason = reason;
	for (int i = 0; i < COUNT(refusing); i++) {
		struct reply reply = make_reply(refusing[i].reply);
		char shown[256];

		ck_assert(!verdict_take_reply(
		    &verdict, &doubtful, stage->stage, &reply, i % 2 > 0));
		snprintf(
		    shown, sizeof shown, "%s%s", refusing[i].shown, reason);
		check_refused(
		    &verdict, FAILURE_TEMPORARY, stage->refused, shown);
	}
}
END_TEST

/* Too many recipients: that is not for good, and means recipients alone. */
START_TEST(too_many)
{
	static const char *const codes[] = {"452\n", "552\n", "550\n"};
	struct verdict verdict;

	for (int i = 0; i < COUNT(stages); i++)
		for (int code = 0; code < COUNT(codes); code++)
			for (int accepted = 0; accepted < 2; accepted++) {
				struct reply reply = make_reply(codes[code]);
				bool waits = code == 0 ||
					     (code == 1 && accepted &&
						 stages[i].stage == STAGE_RCPT);

				verdict_take_reply(&verdict, &session,
				    stages[i].stage, &reply, accepted);
				ck_assert_int_eq(verdict.failure.class,
				    waits ? FAILURE_TEMPORARY
					  : FAILURE_PERMANENT);
			}
}
END_TEST

/* Nobody was accepted, and whether one waits, and what for. */
START_TEST(give_up)
{
	struct session forms[3] = {session, session, session};
	struct verdict verdict;

	forms[1].clear_reason = "No TLS.\n";
	forms[2].capabilities.set = CAPABILITY_UNSURE;
	for (int i = 0; i < 6; i++) {
		verdict_give_up(&verdict, &forms[i % 3], i >= 3);
		ck_assert_ptr_null(verdict.accepted);
		ck_assert_int_eq(verdict.failure.class,
		    i <= 3 ? FAILURE_PERMANENT : FAILURE_TEMPORARY);
		ck_assert_str_eq(
		    verdict.failure.text, "Giving up on 192.0.2.1.\n");
	}
}
END_TEST

START_TEST(good)
{
	const struct stage_form *stage = &stages[_i];
	struct reply reply = make_reply(stage->good);
	struct session tls = session;
	struct verdict verdict = {.accepted = NULL};

	tls.tls = "TLS1.3, verified mx";
	ck_assert(
	    verdict_take_reply(&verdict, &tls, stage->stage, &reply, false));
	if (stage->stage == STAGE_MESSAGE)
		ck_assert_str_eq(verdict.accepted,
		    "192.0.2.1 accepted message.\n" SAID
		    "250 ok\nTLS1.3, verified mx\n");
	else
		ck_assert_ptr_null(verdict.accepted);
}
END_TEST

/* Where 354 is wanted, 250 is no leave to send; and the other way round. */
START_TEST(good_for_another)
{
	struct reply go = make_reply("354 go\r\n"), ok = make_reply("250\n");
	struct verdict verdict;

	for (int i = 0; i < COUNT(stages); i++) {
		bool data = stages[i].stage == STAGE_DATA;

		ck_assert(!verdict_take_reply(&verdict, &session,
		    stages[i].stage, data ? &ok : &go, false));
		ck_assert_int_eq(verdict.failure.class, FAILURE_TEMPORARY);
	}
}
END_TEST

/* What a server says fits, however long, and what follows has its line. */
START_TEST(longest)
{
	static char text[REPLY_TEXT_MAX + 100];
	struct session tls = session;
	struct verdict verdict;
	struct reply reply;

	memset(text, 'x', sizeof text - 2);
	memcpy(text, "250 ", 4);
	text[sizeof text - 2] = '\n';
	reply = make_reply(text);
	tls.tls = "TLS1.3";
	ck_assert(
	    verdict_take_reply(&verdict, &tls, STAGE_MESSAGE, &reply, true));
	ck_assert_uint_gt(strlen(verdict.accepted), REPLY_TEXT_MAX);
	ck_assert_str_eq(
	    verdict.accepted + strlen(verdict.accepted) - 9, "x\nTLS1.3\n");
}
END_TEST

/* What the server repeats of a secret is in no words. */
START_TEST(secret)
{
	struct session hiding = session;
	struct verdict verdict;
	struct reply reply = make_reply("250 ok hunter2\r\n");

	mask_add_secret(&hiding.mask, "hunter2");
	ck_assert(
	    verdict_take_reply(&verdict, &hiding, STAGE_MESSAGE, &reply, true));
	ck_assert_str_eq(verdict.accepted,
	    "192.0.2.1 accepted message.\n" SAID "250 ok *\n");
	reply = make_reply("550 aHVudGVyMg== no\r\n");
	for (int i = 0; i < COUNT(stages); i++) {
		verdict_take_reply(
		    &verdict, &hiding, stages[i].stage, &reply, true);
		check_refused(&verdict, FAILURE_PERMANENT, stages[i].refused,
		    "550 * no\n");
	}
	verdict_lose_step(&verdict, &hiding, &reply, false, false);
	ck_assert_ptr_nonnull(strstr(verdict.words, "550 * no\n"));
	mask_wipe(&hiding.mask);
}
END_TEST

SUITE("verdict")
{
	tcase_add_test(tcase, secret);
	tcase_add_loop_test(tcase, refused, 0, COUNT(stages));
	tcase_add_loop_test(tcase, refused_in_doubt, 0, COUNT(stages));
	tcase_add_test(tcase, too_many);
	tcase_add_test(tcase, give_up);
	tcase_add_loop_test(tcase, good, 0, COUNT(stages));
	tcase_add_test(tcase, good_for_another);
	tcase_add_test(tcase, longest);
}
