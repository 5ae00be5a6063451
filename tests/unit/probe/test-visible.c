/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/visible.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* With a NUL at the end that is not counted. */
#define BYTES(literal) literal, sizeof(literal) - 1

static const struct form {
	const char *bytes;
	size_t size;
	const char *line; /* NULL: as it is */
	const char *utf8; /* NULL: as it is */
	size_t columns;
} forms[] = {
    {BYTES(""), NULL, NULL, 0},
    {BYTES("250 ok"), NULL, NULL, 6},
    {BYTES(" ~"), NULL, NULL, 2},
    {BYTES("\\x41"), NULL, NULL, 4},
    /* What a terminal takes for a command. */
    {BYTES("\033[2J"), "\\x1b[2J", NULL, 7},
    {BYTES("a\tb\r\n"), "a\\x09b\\x0d\\x0a", NULL, 14},
    {BYTES("\177"), "\\x7f", NULL, 4},
    {BYTES("\302\233"), "\\xc2\\x9b", NULL, 8}, /* CSI in one character */
    {BYTES("a\0b"), "a\\x00b",
	"a\xef\xbf\xbd"
	"b",
	6},
    /* No UTF-8: alone, too long, cut, a surrogate, beyond the last. */
    {BYTES("\200"), "\\x80", "\xef\xbf\xbd", 4},
    {BYTES("\300\257"), "\\xc0\\xaf", "\xef\xbf\xbd\xef\xbf\xbd", 8},
    {BYTES("x\342\202"), "x\\xe2\\x82", "x\xef\xbf\xbd\xef\xbf\xbd", 9},
    {BYTES("\355\240\200"), "\\xed\\xa0\\x80",
	"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 12},
    {BYTES("\364\220\200\200"), "\\xf4\\x90\\x80\\x80",
	"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 16},
    /* Letters, of one column and of two. */
    {BYTES("b\303\274cher"), NULL, NULL, 6},
    {BYTES("\346\227\245\346\234\254"), NULL, NULL, 4},
    /* What turns, joins or hides: in a terminal only. */
    {BYTES("\342\200\256moc"), "\\xe2\\x80\\xaemoc", NULL, 15},
    {BYTES("a\342\200\213b"), "a\\xe2\\x80\\x8bb", NULL, 14},
    {BYTES("\302\255"), "\\xc2\\xad", NULL, 8},
    {BYTES("\357\273\277"), "\\xef\\xbb\\xbf", NULL, 12},
    {BYTES("\363\240\201\201"), "\\xf3\\xa0\\x81\\x81", NULL, 16},
};

static void expect(const char *got, const struct form *form, const char *wanted)
{
	if (wanted != NULL) {
		ck_assert_str_eq(got, wanted);
		return;
	}
	ck_assert_uint_eq(strlen(got), form->size);
	ck_assert_mem_eq(got, form->bytes, form->size);
}

START_TEST(one_form)
{
	const struct form *form = &forms[_i];
	bool known = setlocale(LC_ALL, "C.UTF-8") != NULL;
	char *line = visible_line(form->bytes, form->size);
	char *utf8 = visible_utf8(form->bytes, form->size);

	expect(utf8, form, form->utf8);
	if (known) {
		expect(line, form, form->line);
		ck_assert_uint_eq(
		    visible_columns(line, strlen(line)), form->columns);
	}
	free(line);
	free(utf8);
}
END_TEST

/* Whose locale is C has no letters but those of ASCII. */
START_TEST(plain)
{
	char *line;

	ck_assert_ptr_nonnull(setlocale(LC_ALL, "C"));
	line = visible_line(BYTES("b\303\274cher\033"));
	ck_assert_str_eq(line, "b\\xc3\\xbccher\\x1b");
	ck_assert_uint_eq(visible_columns(line, strlen(line)), strlen(line));
	free(line);
}
END_TEST

/* Whatever the bytes: one line, that is shown as it is when shown again. */
START_TEST(any_bytes)
{
	uint64_t state = 1;
	char bytes[64];

	setlocale(LC_ALL, _i % 2 == 0 ? "C" : "C.UTF-8");
	for (int round = 0; round < 2000; round++) {
		size_t size = unit_random(&state, sizeof bytes);
		char *line, *again;

		for (size_t i = 0; i < size; i++)
			bytes[i] = (char)unit_random(&state, 256);
		line = visible_line(bytes, size);
		again = visible_line(line, strlen(line));
		ck_assert_str_eq(again, line);
		for (const char *at = line; *at != '\0'; at++)
			ck_assert((unsigned char)*at >= ' ' && *at != 127);
		free(again);
		free(line);
	}
}
END_TEST

SUITE("visible")
{
	tcase_add_loop_test(tcase, one_form, 0, COUNT(forms));
	tcase_add_test(tcase, plain);
	tcase_add_loop_test(tcase, any_bytes, 0, 2);
}
