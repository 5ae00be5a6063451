/* SPDX-License-Identifier: ISC */
/* Lines that are found by their keys, against a search through the text. */
#include "config.h"

#include "keyed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "ascii.h"
#include "suite.h"
#include "unit.h"
#include "xalloc.h"

#define RUN "run/qmail-remote"
#define TEXT(literal) literal, sizeof(literal) - 1

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

/* Lower case; "now" cannot be converted now. */
static char *make_key(const char *text, struct failure *failure)
{
	char *key;

	if (strcmp(text, "now") == 0) {
		failure_set(failure, FAILURE_TEMPORARY, "%s", "not now\n");
		return NULL;
	}
	key = xstrdup(text);
	ascii_lower(key);
	return key;
}

static const struct keyed_file stock = {
    "keys", "control/keys", make_key, false};
static const struct keyed_file strict = {
    "keys", "control/keys", make_key, true};

/* "number+earlier:value", '|' in place of the colon where there is none. */
static const char *show(const struct keyed_line *line)
{
	static char text[300];

	if (line->value == NULL)
		return "-";
	if (line->earlier > 0)
		snprintf(text, sizeof text, "%lu+%lu%c%s", line->number,
		    line->earlier, line->colon ? ':' : '|', line->value);
	else
		snprintf(text, sizeof text, "%lu%c%s", line->number,
		    line->colon ? ':' : '|', line->value);
	return text;
}

static const char *find(const struct keyed_file *file, const char *name)
{
	const char *const keys[] = {name, NULL};
	struct keyed_line line;
	struct failure failure;

	if (!keyed_find(&line, file, RUN, keys, name, &failure))
		return failure.text;
	return show(&line);
}

static const struct form {
	const char *text;
	size_t size;
	const char *name, *stock, *strict;
} forms[] = {
    {TEXT("a.b:x"), "a.b", "1:x", "1:x"},
    {TEXT("A.b:x\n"), "a.b", "1:x", "1:x"},
    {TEXT("a.b:x y:z |\n"), "a.b", "1:x y:z |", "1:x y:z |"},
    {TEXT("a.b:\n"), "a.b", "1:", "1:"},
    {TEXT("a.b:\n.b:y"), "a.b", "1:", "1:"},
    {TEXT(".b:x"), "a.b", "1:x", "1:x"},
    {TEXT(".b:x"), "c.a.b", "1:x", "1:x"},
    {TEXT(".b:x\n.a.b:y"), "c.a.b", "2:y", "2:y"},
    {TEXT(".b:x"), "b", "-", "-"},
    {TEXT("b:x"), "a.b", "-", "-"},
    {TEXT(":x"), "a.b", "1:x", "1:x"},
    {TEXT(":x\n.b:y"), "a.b", "2:y", "2:y"},
    {TEXT(":x"), "", "1:x", "1:x"},
    {TEXT("a:1\nb:2\na:3\n"), "a", "3+1:3", "3+1:3"},
    {TEXT("a:1\na:2\na:3\n"), "a", "3+2:3", "3+2:3"},
    {TEXT("a:1\0a:2\n"), "a", "1+1:2", "1:1\001a:2"},
    {TEXT("a:1\0\nb:2\0"), "b", "2:2", "2:2\001"},
    {TEXT("#a:1\n"), "a", "-", "-"},
    {TEXT("\n\n a:1\n"), "a", "-", "3:1"},
    {TEXT("\n\t#a:1\n"), "#a", "-", "-"},
    {TEXT("a :1\n"), "a ", "1:1", "1:1"},
    {TEXT("a :1\n"), "a", "-", "1|a :1"},
    /* Colons of an address. */
    {TEXT("[::1]:x"), "[::1]", "1:x", "1:x"},
    {TEXT("[::1"), "[", "1::1", "1::1"},
    {TEXT("a@[::1]:x"), "a@[::1]", "-", "1:x"},
    {TEXT("a@[::1]:x"), "a@[", "1::1]:x", "-"},
    {TEXT("a:[::1]:5"), "a", "1:[::1]:5", "1:[::1]:5"},
    {TEXT("a:b@[::1]:5"), "a", "1:b@[::1]:5", "1:b@[::1]:5"},
    /* No colon. */
    {TEXT("a.b"), "a.b", "-", "1|a.b"},
    {TEXT("a.b x"), "a.b", "-", "1|a.b x"},
    {TEXT("a.b\tx:y"), "a.b", "-", "1|a.b\tx:y"},
    {TEXT("a|u|s:t"), "a", "-", "1|a|u|s:t"},
    {TEXT("a|b@c:x"), "a|b@c", "1:x", "1:x"},
    {TEXT("|u|s"), "a.b", "-", "1||u|s"},
    {TEXT("a:1\na 2\n"), "a", "1:1", "2+1|a 2"},
    {TEXT("a 1\na:2\n"), "a", "2:2", "2+1:2"},
    {TEXT(""), "a", "-", "-"},
    {TEXT("\xef\xbb\xbf:x"), "a", "1:x", "1:x"},
    {TEXT("now:x\na:y"), "a", "not now\n", "not now\n"},
};

START_TEST(one_file)
{
	const struct form *form = &forms[_i];

	home_control_bytes(&home, "keys", form->text, form->size);
	for (int i = 0; i < 2; i++)
		ck_assert_str_eq(find(&stock, form->name), form->stock);
	unlink(RUN "/keys.cdb");
	for (int i = 0; i < 2; i++)
		ck_assert_str_eq(find(&strict, form->name), form->strict);
}
END_TEST

/* Keys in turn, before the suffixes of a name that is none of them. */
START_TEST(turns)
{
	const char *const keys[] = {"one", "two", NULL};
	const char *const none[] = {NULL};
	static const char *const texts[][3] = {
	    {"one:1\ntwo:2\n.c:3\n:4\n", "1:1", "3:3"},
	    {"two:2\n.c:3\n:4\n", "1:2", "2:3"},
	    {"b.c:2\n.c:3\n:4\n", "2:3", "2:3"}, {"b.c:2\n:4\n", "2:4", "2:4"},
	    {"b.c:2\n", "-", "-"}};

	for (int i = 0; i < COUNT(texts); i++) {
		struct keyed_line line;
		struct failure failure;

		home_control(&home, "keys", texts[i][0]);
		ck_assert(
		    keyed_find(&line, &stock, RUN, keys, "b.c", &failure));
		ck_assert_str_eq(show(&line), texts[i][1]);
		ck_assert(
		    keyed_find(&line, &stock, RUN, none, "b.c", &failure));
		ck_assert_str_eq(show(&line), texts[i][2]);
	}
}
END_TEST

/* Nobody gets round a line about a suffix with more labels than names have. */
START_TEST(many_labels)
{
	static const size_t sizes[] = {10, 120, 250, 300, 100000};

	home_control(&home, "keys", ".b.c:suffix\n:rest\n");
	for (int i = 0; i < COUNT(sizes); i++) {
		char *name = xmalloc(sizes[i] + sizeof ".b.c");

		memset(name, '.', sizes[i]);
		memcpy(name + sizes[i], ".b.c", sizeof ".b.c");
		ck_assert_str_eq(find(&stock, name), "1:suffix");
		memcpy(name + sizes[i], ".b.d", sizeof ".b.d");
		ck_assert_str_eq(find(&stock, name), "2:rest");
		free(name);
	}
}
END_TEST

enum { LINES = 40, LINE = 24 };

/* The last line with this key, and the one before it. */
static bool model_get(char lines[LINES][LINE], int count, const char *key,
    struct keyed_line *line)
{
	for (int i = 0; i < count; i++) {
		size_t length = strcspn(lines[i], ":");

		if (length != strlen(key) ||
		    strncmp(lines[i], key, length) != 0)
			continue;
		line->earlier = line->number;
		line->number = (unsigned long)i + 1;
		line->colon = true;
		line->value = lines[i] + length + 1;
	}
	return line->value != NULL;
}

static const char *model(char lines[LINES][LINE], int count, const char *name)
{
	struct keyed_line line = {0};

	for (const char *key = name;; key++) {
		if ((key == name || *key == '.' || *key == '\0') &&
		    model_get(lines, count, key, &line))
			break;
		if (*key == '\0')
			break;
	}
	return show(&line);
}

static void random_name(char *name, uint64_t *random)
{
	size_t length = unit_random(random, 6);

	for (size_t i = 0; i < length; i++)
		name[i] = "ab.."[unit_random(random, 4)];
	name[length] = '\0';
}

START_TEST(random_files)
{
	uint64_t random = (uint64_t)_i;

	for (int round = 0; round < 6; round++) {
		static char lines[LINES][LINE];
		int count = (int)unit_random(&random, LINES);
		struct bytes text = {0};

		for (int i = 0; i < count; i++) {
			char name[8];

			random_name(name, &random);
			snprintf(lines[i], LINE, "%s:%d", name, i);
			bytes_add_text(&text, lines[i]);
			bytes_add_text(&text, "\n");
		}
		home_control_bytes(&home, "keys", text.data, text.length);
		for (int i = 0; i < 60; i++) {
			char name[8], expected[64];

			random_name(name, &random);
			snprintf(expected, sizeof expected, "%s",
			    model(lines, count, name));
			ck_assert_str_eq(find(&stock, name), expected);
		}
		bytes_free(&text);
	}
}
END_TEST

/* A name of very many labels is no reason to search for ever. */
static void write_many(int count, bool equal)
{
	struct bytes text = {0};
	char line[64];

	for (int i = 0; i < count; i++) {
		snprintf(
		    line, sizeof line, "key%d:value%d\n", equal ? 5 : i, i);
		bytes_add_text(&text, line);
	}
	home_control_bytes(&home, "keys", text.data, text.length);
	bytes_free(&text);
}

static void look_up(const void *expected)
{
	ck_assert_str_eq(find(&stock, "key5"), expected);
}

static long count_faults(const char *expected)
{
	return unit_count_faults(look_up, expected);
}

/*
 * 100,000 lines cost a lookup what ten do.  Who read all of them would touch
 * more than a thousand pages, of which a fault maps 16 at best.
 */
START_TEST(many_lines)
{
	struct stat status;
	long few, many;

	write_many(10, false);
	few = count_faults("6:value5");
	write_many(100000, false);
	many = count_faults("6:value5");
	ck_assert_int_eq(stat(RUN "/keys.cdb", &status), 0);
	ck_assert_int_gt(status.st_size, 1000 * 4096);
	ck_assert_msg(many <= few + 24,
	    "%ld page faults for 10, %ld for 100000", few, many);
	write_many(100000, true);
	many = count_faults("100000+99999:value99999");
	ck_assert_int_le(many, few + 24);
	ck_assert_int_eq(stat(RUN "/keys.cdb", &status), 0);
	ck_assert_int_lt(status.st_size, 10000);
}
END_TEST

START_TEST(long_line)
{
	enum { LENGTH = 1 << 20 };
	char *text = xrealloc(NULL, LENGTH, 1);
	const char *const keys[] = {"a", NULL};
	struct keyed_line line;
	struct failure failure;

	memset(text, 'x', LENGTH);
	memcpy(text, "a:", 2);
	home_control_bytes(&home, "keys", text, LENGTH);
	ck_assert(keyed_find(&line, &strict, RUN, keys, "a", &failure));
	ck_assert_uint_eq(strlen(line.value), LENGTH - 2);
	text[1] = 'x';
	text[LENGTH - 1] = ':';
	home_control_bytes(&home, "keys", text, LENGTH);
	ck_assert_str_eq(find(&strict, "a"), "-");
	free(text);
}
END_TEST

/* What stands there may be secret. */
START_TEST(mode)
{
	static const char *const files[] = {RUN "/keys.cdb", RUN "/keys.lock"};
	struct stat status;

	umask(0);
	home_control(&home, "keys", "a:x\n");
	ck_assert_str_eq(find(&strict, "a"), "1:x");
	for (int i = 0; i < COUNT(files); i++) {
		ck_assert_int_eq(stat(files[i], &status), 0);
		ck_assert_int_eq(status.st_mode & 07777, 0600);
	}
}
END_TEST

SUITE("keyed")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, one_file, 0, COUNT(forms));
	tcase_add_test(tcase, turns);
	tcase_add_loop_test(tcase, random_files, 0, 4);
	tcase_add_test(tcase, many_labels);
	tcase_add_test(tcase, many_lines);
	tcase_add_test(tcase, long_line);
	tcase_add_test(tcase, mode);
}
