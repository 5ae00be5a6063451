/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/facts.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { LONG = 3000, MANY = 600 };

/* One reply to a server that knows the secret, and what is shown of it. */
static const struct form {
	const char *heard;
	bool secret;
	const char *lines[4];
} forms[] = {
    {"", false, {NULL}},
    {"250 ok\r\n", false, {"250 ok"}},
    {"250-one\r\n250 two\n", false, {"250-one", "250 two"}},
    {"250 a\rb\r\n\r\n", false, {"250 a\rb", ""}},
    {"250-one\r\n250 tw", false, {"250-one", "250 tw"}},
    /* Wherever the secret stands, and its beginning, where the line stops. */
    {"250 hunter2\r\n", false, {"250 *"}},
    {"250-hunter2\r\n250 hunter2 x\r\n", false, {"250-*", "250 * x"}},
    {"250 hunter\r\n", false, {"250 hunter"}},
    {"250 hunter", false, {"250 *"}},
    {"250-h\r\n250 h", false, {"250-h", "250 *"}},
    /* A challenge, where one was asked for. */
    {"334 aHVudGVy\r\n", true, {"334 "}},
    {"334 aHVudGVy\r\n", false, {"334 aHVudGVy"}},
    {"535 no\r\n", true, {"535 no"}},
};

START_TEST(heard)
{
	const struct form *form = &forms[_i];
	struct opening opening = {0};
	struct turn turn = {.secret = form->secret,
	    .heard = (char *)(uintptr_t)form->heard,
	    .length = strlen(form->heard)};
	struct facts_lines lines;
	size_t count = 0;

	mask_add_secret(&opening.mask, "hunter2");
	lines = facts_heard(&turn, &opening);
	for (; count < 4 && form->lines[count] != NULL; count++) {
		ck_assert_uint_lt(count, lines.count);
		ck_assert_str_eq(lines.list[count], form->lines[count]);
	}
	ck_assert_uint_eq(lines.count, count);
	ck_assert_uint_eq(lines.more, 0);
	facts_free(&lines);
	mask_wipe(&opening.mask);
}
END_TEST

START_TEST(nothing_heard)
{
	struct opening opening = {0};
	struct facts_lines lines = facts_heard(NULL, &opening);

	ck_assert_uint_eq(lines.count, 0);
	facts_free(&lines);
}
END_TEST

/* Lines that are too long, and too many of them, and NULs. */
START_TEST(bounds)
{
	struct opening opening = {0};
	struct bytes text = {0};
	struct turn turn;
	struct facts_lines lines;

	for (int i = 0; i < LONG; i++)
		bytes_add_text(&text, "x");
	bytes_add(&text, "\na\0b\n", 5);
	for (int i = 2; i < MANY; i++)
		bytes_add_text(&text, "y\n");
	turn = (struct turn){.heard = text.data, .length = text.length};
	lines = facts_heard(&turn, &opening);
	ck_assert_uint_lt(strlen(lines.list[0]), LONG);
	ck_assert_str_eq(strchr(lines.list[0], '.'), "...");
	ck_assert_str_eq(lines.list[1], "a?b");
	ck_assert_uint_eq(lines.count + lines.more, MANY);
	ck_assert_uint_gt(lines.more, 0);
	facts_free(&lines);
	bytes_free(&text);
}
END_TEST

/* Of the last server that was called, and only if it took EHLO. */
START_TEST(extensions)
{
	struct turns turns = {0};
	struct opening opening = {.turns = &turns};
	struct facts_lines lines;

	turns_connect(&turns);
	turns_say(&turns, false, "EHLO", " a");
	turns_hear(
	    &turns, false, "250-x\r\n250-SIZE\r\n250 AUTH PLAIN\r\n", 34);
	lines = facts_extensions(&opening);
	ck_assert_uint_eq(lines.count, 2);
	ck_assert_str_eq(lines.list[0], "SIZE");
	ck_assert_str_eq(lines.list[1], "AUTH PLAIN");
	facts_free(&lines);
	turns_connect(&turns);
	lines = facts_extensions(&opening);
	ck_assert_uint_eq(lines.count, 0);
	facts_free(&lines);
	turns_say(&turns, false, "EHLO", " a");
	turns_hear(&turns, false, "502 no\r\n", 8);
	lines = facts_extensions(&opening);
	ck_assert_uint_eq(lines.count, 0);
	facts_free(&lines);
}
END_TEST

START_TEST(words)
{
	static const unsigned char bytes[] = {0, 0x9f, 0xff};
	struct policy policy = {.start = POLICY_IMPLICIT, .no_sts = true};
	char *hex = facts_hex(bytes, sizeof bytes);
	char *text = facts_policy_words(&policy);

	ck_assert_str_eq(hex, "009fff");
	ck_assert_str_eq(text, " implicit nosts");
	free(hex);
	free(text);
	policy = (struct policy){.requiretls = true, .no_dane = true};
	text = facts_policy_words(&policy);
	ck_assert_str_eq(text, " requiretls nodane");
	free(text);
}
END_TEST

SUITE("facts")
{
	tcase_add_loop_test(tcase, heard, 0, COUNT(forms));
	tcase_add_test(tcase, nothing_heard);
	tcase_add_test(tcase, bounds);
	tcase_add_test(tcase, extensions);
	tcase_add_test(tcase, words);
}
