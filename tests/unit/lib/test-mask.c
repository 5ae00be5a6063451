/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mask.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base64.h"
#include "bytes.h"
#include "suite.h"
#include "unit.h"

#define LONG "ya29.a0AfH6SMBx-0123456789-abcdefghijklmnop"

static const struct form {
	const char *secret, *text, *left;
} forms[] = {
    {"hunter2", "", ""},
    {"hunter2", "535 no\n", "535 no\n"},
    {"hunter2", "535 hunter2\n", "535 *\n"},
    {"hunter2", "535 hunter2 and hunter2\n", "535 * and *\n"},
    {"hunter2", "535 hunter2hunter2hunter2\n", "535 *\n"},
    {"hunter2", "535-no\n535 xhunter2x\n", "535-no\n535 x*x\n"},
    {"hunter2", "535 hunter\n535 2\n", "535 hunter\n535 2\n"},
    {"hunter2", "hunter2", "*"},
    /* What was cut may have been the beginning. */
    {"hunter2", "535 hunter", "535 *"},
    {"hunter2", "535 hunter\n", "535 hunter\n"},
    /* Words that overlap. */
    {"abab", "535 ababab\n", "535 *\n"},
    /* The code is no secret. */
    {"535", "535 535 no 535\n", "535 * no *\n"},
    {"535 n", "535 n 535 n\n", "535 n *\n"},
    {"5", "535-5.7.8 no\n535 5\n", "535-*.7.8 no\n535 *\n"},
    {"53", "53 535\n", "* *5\n"},
    {"5", "535", "535"},
    {"5", "535\n5\n", "535\n*\n"},
    {"o", "554 no\n", "554 n*\n"},
    /* A long one by its pieces. */
    {LONG, "535 " LONG "\n", "535 *\n"},
    {LONG, "535-SMBx-0123456789\n535 -abcdefghijklmnop!\n", "535-*\n535 *!\n"},
    {LONG, "535 0123456789\n", "535 0123456789\n"},
    {"", "535 no\n", "535 no\n"},
};

START_TEST(mask_form)
{
	const struct form *form = &forms[_i];
	char *text = strdup(form->text);
	struct mask mask = {0};

	mask_add_secret(&mask, form->secret);
	text[mask_apply(&mask, text, strlen(text))] = '\0';
	ck_assert_str_eq(text, form->left);
	mask_wipe(&mask);
	ck_assert_uint_eq(mask.count, 0);
	free(text);
}
END_TEST

/* Whatever stands around the secret in what is encoded. */
START_TEST(base64)
{
	static const char *const secrets[] = {
	    "a", "ab", "abc", "four", "hunter2", "s\xc3\xa9same, ouvre-toi"};

	for (int i = 0; i < COUNT(secrets); i++) {
		for (int before = 0; before < 7; before++) {
			struct bytes plain = {0};
			struct mask mask = {0};
			char *text, *whole;

			if (before > 0 && strlen(secrets[i]) < 4)
				continue;
			bytes_add(&plain, "\0user\0x", (size_t)before);
			bytes_add_text(&plain, secrets[i]);
			text = base64_encode(plain.data, plain.length);
			whole = strdup(text);
			mask_add_secret(&mask, secrets[i]);
			text[mask_apply(&mask, text, strlen(text))] = '\0';
			ck_assert_uint_lt(strlen(text) + strlen(secrets[i]),
			    strlen(whole) + 2);
			ck_assert_ptr_nonnull(strchr(text, '*'));
			bytes_free(&plain);
			mask_wipe(&mask);
			free(whole);
			free(text);
		}
	}
}
END_TEST

/* A word that finds no room takes that of the last one, not of the first. */
START_TEST(many_words)
{
	struct mask mask = {0};
	char text[] = "535 first last word00 word30\n";

	mask_add(&mask, "first");
	for (int i = 0; i < 40; i++) {
		char word[16];

		snprintf(word, sizeof word, "word%02d", i);
		mask_add(&mask, word);
	}
	mask_add(&mask, "last");
	text[mask_apply(&mask, text, strlen(text))] = '\0';
	ck_assert_str_eq(text, "535 * * * word30\n");
	mask_wipe(&mask);
}
END_TEST

START_TEST(too_long)
{
	static char text[MASK_TEXT_MAX + 1];
	struct mask mask = {0};

	memset(text, 'x', sizeof text);
	ck_assert_uint_eq(mask_apply(&mask, text, sizeof text), sizeof text);
	mask_add(&mask, "y");
	ck_assert_uint_eq(mask_apply(&mask, text, sizeof text), 0);
	ck_assert_uint_eq(
	    mask_apply(&mask, text, MASK_TEXT_MAX), MASK_TEXT_MAX);
	mask_wipe(&mask);
}
END_TEST

/* What one process hides the next one does. */
START_TEST(hand_over)
{
	static const size_t sizes[] = {0, 1, 7, 4096, 5000, 60000};
	struct mask mask = {0};
	char *secret = calloc(1, sizes[_i] + 1), *text = calloc(1, 200);
	int pipe;

	memset(secret, 's', sizes[_i]);
	pipe = mask_hand_over(secret);
	ck_assert_int_gt(pipe, 2);
	ck_assert_int_eq(fcntl(pipe, F_GETFD), 0);
	ck_assert(mask_take_over(&mask, pipe));
	ck_assert_int_eq(fcntl(pipe, F_GETFD), -1);
	memset(text, 's', sizes[_i] < 100 ? sizes[_i] : 100);
	strcat(text, "\n");
	text[mask_apply(&mask, text, strlen(text))] = '\0';
	ck_assert_str_eq(text, sizes[_i] > 0 ? "*\n" : "\n");
	mask_wipe(&mask);
	free(secret);
	free(text);
}
END_TEST

/* No pipe, a directory; a secret that no pipe could take. */
START_TEST(no_hand_over)
{
	struct mask mask = {0};
	char *secret = calloc(1, 100001);

	memset(secret, 's', 100000);
	ck_assert(!mask_take_over(&mask, -1));
	ck_assert(!mask_take_over(&mask, open("/", O_RDONLY)));
	ck_assert_uint_eq(mask.count, 0);
	ck_assert_int_eq(mask_hand_over(secret), -1);
	free(secret);
}
END_TEST

SUITE("mask")
{
	tcase_add_loop_test(tcase, mask_form, 0, COUNT(forms));
	tcase_add_test(tcase, base64);
	tcase_add_test(tcase, many_words);
	tcase_add_test(tcase, too_long);
	tcase_add_loop_test(tcase, hand_over, 0, 6);
	tcase_add_test(tcase, no_hand_over);
}
