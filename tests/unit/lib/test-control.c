/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "control.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define TEXT(literal) literal, sizeof(literal) - 1
#define NAME "control/x"
#define MARK "\xef\xbb\xbf" /* a byte order mark */

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

/* Of two kinds of line, as stock and as we read them; NULL: a failure. */
static const struct line_form {
	const char *text;
	size_t size;
	const char *stock, *strict;
} line_forms[] = {
    {TEXT("host\n"), "host", "host"},
    {TEXT("host"), "host", "host"},
    {TEXT("host \t \n"), "host", "host"},
    {TEXT("  host\n"), "  host", "host"},
    {TEXT("\thost\n"), NULL, "host"},
    {TEXT("host\nmore\n"), "host", "host"},
    {TEXT("a b\n"), "a b", "a b"},
    {TEXT("#host\n"), "#host", "#host"},
    {TEXT("b\xc3\xbc\n"), "b\xc3\xbc", "b\xc3\xbc"},
    {TEXT(""), "", ""},
    {TEXT("\n"), "", ""},
    {TEXT(" \t\n"), "", ""},
    {TEXT("\nhost\n"), "", ""},
    {TEXT("host\r\n"), NULL, NULL},
    {TEXT("a\tb\n"), NULL, NULL},
    {TEXT("a\0b\n"), NULL, NULL},
    {TEXT("\x1b[1m\n"), NULL, NULL},
    {TEXT("a\x7f\n"), NULL, NULL},
    {TEXT(MARK "host\n"), "host", "host"},
    {TEXT(MARK), "", ""},
    {TEXT(MARK MARK "host\n"), MARK "host", MARK "host"},
    {TEXT("h" MARK "\n"), "h" MARK, "h" MARK},
    {TEXT("\xef\xbb"), "\xef\xbb", "\xef\xbb"},
};

/* Behind stock's words the file is named by its full path. */
static void expect_path(const struct failure *failure, const char *words)
{
	char path[HOME_PATH];
	size_t length;

	home_path(&home, NAME, path);
	length = strlen(path);
	ck_assert_msg(strncmp(failure->text + strlen(words), path, length) == 0,
	    "%s", failure->text);
}

static void check_line(enum control_status status, const char *line,
    const char *expected, const struct failure *failure)
{
	static const char words[] = "Unable to read control files. (#4.3.0)\n";

	if (expected == NULL) {
		ck_assert_int_eq(status, CONTROL_FAILED);
		ck_assert_int_eq(failure->class, FAILURE_TEMPORARY);
		ck_assert_int_eq(
		    strncmp(failure->text, words, strlen(words)), 0);
		expect_path(failure, words);
		ck_assert_ptr_nonnull(strstr(failure->text, "line 1"));
		for (size_t i = 0; i < strlen(failure->text); i++)
			ck_assert(failure->text[i] == '\n' ||
				  (unsigned char)failure->text[i] >= ' ');
	} else if (*expected == '\0') {
		ck_assert_int_eq(status, CONTROL_EMPTY);
		ck_assert_ptr_null(line);
	} else {
		ck_assert_int_eq(status, CONTROL_FOUND);
		ck_assert_str_eq(line, expected);
	}
}

START_TEST(one_line)
{
	const struct line_form *form = &line_forms[_i];
	enum control_status status;
	struct failure failure;
	char *found;

	home_control_bytes(&home, "x", form->text, form->size);
	status = control_stock_line(NAME, &found, &failure);
	check_line(status, found, form->stock, &failure);
	status = control_line(NAME, &found, &failure);
	check_line(status, found, form->strict, &failure);
}
END_TEST

/* Numbers; -1 is a failure, -2 the value as it was. */
static const struct number_form {
	const char *text;
	long stock, strict;
} number_forms[] = {
    {"0\n", 0, 0},
    {"60\n", 60, 60},
    {"60", 60, 60},
    {"007 \n", 7, 7},
    {" 60\n", -2, 60},
    {"\t60\n", -2, 60},
    {"60s\n", 60, -1},
    {"60\r\n", 60, -1},
    {"60 # a minute\n", 60, -1},
    {"1.5\n", 1, -1},
    {"-1\n", -2, -1},
    {"+1\n", -2, -1},
    {"abc\n", -2, -1},
    {"", -2, -1},
    {"\n60\n", -2, -1},
    {"1000\n", 1000, 1000},
    {"1001\n", 1001, -1},
    {"2147483647\n", INT_MAX, -1},
    {"2147483648\n", -1, -1},
    {"18446744073709551616\n", -1, -1},
    {"99999999999999999999999999999999999999\n", -1, -1},
    {MARK "60\n", 60, 60},
};

static void check_number(
    enum control_status status, unsigned long value, long expected)
{
	if (expected == -1)
		ck_assert_int_eq(status, CONTROL_FAILED);
	else
		ck_assert_int_ne(status, CONTROL_FAILED);
	if (expected == -2)
		ck_assert_uint_eq(value, 1200);
	else if (expected >= 0)
		ck_assert_uint_eq(value, (unsigned long)expected);
}

START_TEST(one_number)
{
	const struct number_form *form = &number_forms[_i];
	unsigned long value = 1200;
	enum control_status status;
	struct failure failure;

	home_control(&home, "x", form->text);
	status = control_stock_number(NAME, &value, &failure);
	check_number(status, value, form->stock);
	value = 1200;
	status = control_number(NAME, &value, 1000, &failure);
	check_number(status, value, form->strict);
	if (form->strict == -1)
		ck_assert_ptr_nonnull(strstr(failure.text, NAME ", line 1: "));
}
END_TEST

/* "number:line|..." */
static const struct list_form {
	const char *text;
	size_t size;
	const char *lines;
} list_forms[] = {
    {TEXT(""), ""},
    {TEXT("\n\n"), ""},
    {TEXT("a\nb\n"), "1:a|2:b|"},
    {TEXT("a\n\n#c\nb"), "1:a|4:b|"},
    {TEXT("a \t\n \t\nb\r\n"), "1:a|3:b\r|"},
    {TEXT(" #a\n#b\n"), "1: #a|"},
    {TEXT("a\0b\nc\n"), "1:a|1:b|2:c|"},
    {TEXT("a\0#b\nc\0"), "1:a|2:c|"},
    {TEXT("\0\0a"), "1:a|"},
    {TEXT(MARK "#a\nb"), "2:b|"},
    {TEXT(MARK "\n" MARK "b"), "2:" MARK "b|"},
};

static const struct list_form strict_forms[] = {
    {TEXT("a\n  b \n\tc"), "1:a|2:b|3:c|"},
    {TEXT(" #a\n#b\n\t # c\n # d # e"), ""},
    {TEXT("a #\n \t \n"), "1:a #|"},
    {TEXT("a\0 b\0 #c\nd"), "1:a|1:b|2:d|"},
};

static void check_list(const struct list_form *form,
    bool (*next)(struct control_cursor *, const char **, size_t *))
{
	struct bytes found = {0};
	struct control_text text;
	struct control_cursor cursor;
	struct failure failure;
	const char *line;
	size_t length;
	char number[32];

	home_control_bytes(&home, "x", form->text, form->size);
	ck_assert_int_eq(control_text(NAME, &text, &failure), CONTROL_FOUND);
	ck_assert_uint_le(text.size, form->size);
	cursor = control_lines(&text);
	bytes_add_text(&found, "");
	while (next(&cursor, &line, &length)) {
		snprintf(number, sizeof number, "%lu:", cursor.line);
		bytes_add_text(&found, number);
		bytes_add(&found, line, length);
		bytes_add_text(&found, "|");
	}
	ck_assert_str_eq(found.data, form->lines);
}

START_TEST(list)
{
	check_list(&list_forms[_i], control_next);
}
END_TEST

START_TEST(strict_list)
{
	check_list(&strict_forms[_i], control_next_strict);
}
END_TEST

START_TEST(paths)
{
	char path[HOME_PATH];

	ck_assert_str_eq(control_path(NAME), home_path(&home, NAME, path));
	ck_assert_str_eq(control_path("/etc/x"), "/etc/x");
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_str_eq(control_path(NAME), "/" NAME);
}
END_TEST

/* What stands in the line may be a secret. */
START_TEST(secret)
{
	char path[HOME_PATH], expected[HOME_PATH + 100];
	struct failure failure;

	control_fail_secret(&failure, NAME, 3, "a reason");
	snprintf(expected, sizeof expected,
	    "Unable to read control files. (#4.3.0)\n%s, line 3: a reason.\n",
	    home_path(&home, NAME, path));
	ck_assert_str_eq(failure.text, expected);
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
}
END_TEST

START_TEST(absent)
{
	struct control_text text;
	struct failure failure;
	unsigned long value = 7;
	char *found;

	ck_assert_int_eq(control_text(NAME, &text, &failure), CONTROL_ABSENT);
	ck_assert_int_eq(
	    control_stock_line(NAME, &found, &failure), CONTROL_ABSENT);
	ck_assert_ptr_null(found);
	ck_assert_int_eq(control_line(NAME, &found, &failure), CONTROL_ABSENT);
	ck_assert_int_eq(
	    control_stock_number(NAME, &value, &failure), CONTROL_ABSENT);
	ck_assert_int_eq(
	    control_number(NAME, &value, 10, &failure), CONTROL_ABSENT);
	ck_assert_uint_eq(value, 7);
}
END_TEST

static void make_directory(void)
{
	ck_assert_int_eq(mkdir(NAME, 0700), 0);
}

static void make_secret(void)
{
	home_control(&home, "x", "secret\n");
	ck_assert_int_eq(chmod(NAME, 0), 0);
}

static void make_loop(void)
{
	ck_assert_int_eq(symlink("x", NAME), 0);
}

START_TEST(unreadable)
{
	static void (*const spoil[])(void) = {
	    make_directory, make_loop, make_secret};
	struct failure failure;
	unsigned long value;
	char *found;

	if (spoil[_i] == make_secret && geteuid() == 0)
		return;
	spoil[_i]();
	ck_assert_int_eq(
	    control_stock_line(NAME, &found, &failure), CONTROL_FAILED);
	ck_assert_int_eq(
	    control_stock_number(NAME, &value, &failure), CONTROL_FAILED);
	ck_assert_int_eq(control_line(NAME, &found, &failure), CONTROL_FAILED);
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	expect_path(&failure, "Unable to read control files. (#4.3.0)\n");
	ck_assert_ptr_nonnull(strstr(failure.text, NAME ": "));
}
END_TEST

/* A file much larger than any buffer. */
START_TEST(large)
{
	struct bytes bytes = {0};
	struct control_text text;
	struct control_cursor cursor;
	struct failure failure;
	const char *line;
	size_t length, count = 0;

	for (int i = 0; i < 100000; i++)
		bytes_add_text(&bytes, "some.host:some.relay\n");
	home_control_bytes(&home, "x", bytes.data, bytes.length);
	ck_assert_int_eq(control_text(NAME, &text, &failure), CONTROL_FOUND);
	ck_assert(bytes_equal(&bytes, text.bytes, text.size));
	cursor = control_lines(&text);
	while (control_next(&cursor, &line, &length))
		count++;
	ck_assert_uint_eq(count, 100000);
	ck_assert_uint_eq(cursor.line, 100000);
}
END_TEST

SUITE("control")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, one_line, 0, COUNT(line_forms));
	tcase_add_loop_test(tcase, one_number, 0, COUNT(number_forms));
	tcase_add_loop_test(tcase, list, 0, COUNT(list_forms));
	tcase_add_loop_test(tcase, strict_list, 0, COUNT(strict_forms));
	tcase_add_test(tcase, paths);
	tcase_add_test(tcase, secret);
	tcase_add_test(tcase, absent);
	tcase_add_loop_test(tcase, unreadable, 0, 3);
	tcase_add_test(tcase, large);
}
