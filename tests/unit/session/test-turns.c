/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/turns.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static void hear(struct turns *turns, bool encrypted, const char *text)
{
	turns_hear(turns, encrypted, text, strlen(text));
}

static void expect(const struct turn *turn, unsigned call, bool encrypted,
    const char *said, const char *heard)
{
	ck_assert_ptr_nonnull(turn);
	ck_assert_uint_eq(turn->call, call);
	ck_assert_int_eq(turn->encrypted, encrypted);
	ck_assert_pstr_eq(turn->said, said);
	ck_assert_pstr_eq(turn->heard, heard);
	ck_assert_uint_eq(turn->length, heard != NULL ? strlen(heard) : 0);
}

/* A server that is called twice, and found by what was said last. */
START_TEST(found)
{
	struct turns turns = {0};

	hear(&turns, false, "before anything");
	ck_assert_uint_eq(turns.count, 0);
	turns_connect(&turns);
	hear(&turns, false, "220 ");
	hear(&turns, false, "first\r\n");
	turns_say(&turns, false, "EHLO", " a.test");
	turns_connect(&turns);
	hear(&turns, false, "220 second\r\n");
	turns_say(&turns, false, "ehlo", " b.test");
	hear(&turns, false, "250 ok\r\n");
	turns_say(&turns, false, "STARTTLS", "");
	turns_say(&turns, true, "HELO", " c.test");
	expect(turns_find(&turns, NULL), 2, false, NULL, "220 second\r\n");
	expect(
	    turns_find(&turns, "EHLO"), 2, false, "ehlo b.test", "250 ok\r\n");
	expect(turns_find(&turns, "STARTTLS"), 2, false, "STARTTLS", NULL);
	expect(turns_find(&turns, "HELO"), 2, true, "HELO c.test", NULL);
	expect(&turns.list[0], 1, false, NULL, "220 first\r\n");
	ck_assert_ptr_null(turns_find(&turns, "STARTTLS now"));
	ck_assert_ptr_null(turns_find(&turns, "EHL"));
	ck_assert_ptr_null(turns_find(&turns, "QUIT"));
}
END_TEST

/* TLS from the first byte: the greeting comes under it. */
START_TEST(encrypted_greeting)
{
	struct turns turns = {0};

	turns_connect(&turns);
	hear(&turns, true, "220 x\r\n");
	expect(turns_find(&turns, NULL), 1, true, NULL, "220 x\r\n");
}
END_TEST

/* What proves who we are is not kept. */
START_TEST(proofs)
{
	struct turns turns = {0};

	turns_connect(&turns);
	turns_prove(&turns, true, "AUTH PLAIN ", "c2VjcmV0");
	turns_prove(&turns, true, "", "c2VjcmV0");
	turns_prove(&turns, true, "AUTH LOGIN", "");
	turns_say(&turns, true, "QUIT", "");
	for (size_t i = 0; i < turns.count; i++)
		ck_assert(turns.list[i].said == NULL ||
			  strstr(turns.list[i].said, "c2Vj") == NULL);
	expect(&turns.list[1], 1, true, "AUTH PLAIN *", NULL);
	expect(&turns.list[2], 1, true, "*", NULL);
	expect(&turns.list[3], 1, true, "AUTH LOGIN", NULL);
	ck_assert(turns.list[1].secret && turns.list[2].secret &&
		  turns.list[3].secret && !turns.list[4].secret);
}
END_TEST

/* A server that never ends is not kept for ever. */
START_TEST(bounds)
{
	static char much[1 << 16];
	struct turns turns = {0};

	memset(much, 'x', sizeof much);
	turns_connect(&turns);
	for (int i = 0; i < 5; i++)
		turns_hear(&turns, false, much, sizeof much);
	ck_assert_uint_eq(turns.list[0].length, TURN_HEARD_MAX);
	ck_assert_int_eq(turns.list[0].heard[TURN_HEARD_MAX], '\0');
	for (int i = 0; i < 2 * TURNS_MAX; i++)
		turns_say(&turns, false, "NOOP", "");
	turns_say(&turns, false, "QUIT", "");
	ck_assert_uint_eq(turns.count, TURNS_MAX);
	expect(turns_find(&turns, "QUIT"), 1, false, "QUIT", NULL);
	ck_assert_ptr_eq(turns_find(&turns, NULL), &turns.list[0]);
}
END_TEST

START_TEST(deliveries_keep_none)
{
	turns_connect(NULL);
	turns_say(NULL, false, "EHLO", " a.test");
	turns_prove(NULL, true, "AUTH PLAIN ", "x");
	turns_hear(NULL, false, "250", 3);
	ck_assert_ptr_null(turns_find(NULL, NULL));
	ck_assert_ptr_null(turns_find(NULL, "EHLO"));
}
END_TEST

SUITE("turns")
{
	tcase_add_test(tcase, found);
	tcase_add_test(tcase, encrypted_greeting);
	tcase_add_test(tcase, proofs);
	tcase_add_test(tcase, bounds);
	tcase_add_test(tcase, deliveries_keep_none);
}
