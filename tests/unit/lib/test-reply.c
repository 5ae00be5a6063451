/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "reply.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* Feeds bytes, and goes on after each line.  Returns how many were taken. */
static size_t feed(struct reply *reply, const char *bytes, size_t size)
{
	size_t taken = 0;

	while (taken < size &&
	       (reply->state == REPLY_PARTIAL || reply->state == REPLY_LINE))
		taken += reply_take(reply, bytes + taken, size - taken);
	return taken;
}

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct form {
	const char *bytes;
	size_t size;
	enum reply_state state;
	int code;
	const char *text; /* NULL: that of the bytes without CR */
	const char *line;
} forms[] = {
    {TEXT("200 a\r\n"), REPLY_COMPLETE, 200, "200 a\n", "a"},
    {TEXT("220 mx.example.net\r\n"), REPLY_COMPLETE, 220, NULL, NULL},
    {TEXT("250 2.0.0 ok\r\n"), REPLY_COMPLETE, 250, NULL, "2.0.0 ok"},
    {TEXT("354 go\r\n"), REPLY_COMPLETE, 354, NULL, "go"},
    {TEXT("421 bye\r\n"), REPLY_COMPLETE, 421, NULL, "bye"},
    {TEXT("599 x\r\n"), REPLY_COMPLETE, 599, NULL, "x"},
    {TEXT("199 x\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("100 x\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("000 x\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("600 x\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("999 x\r\n"), REPLY_INVALID, 0, NULL, NULL},
    /* Line ends and bare codes. */
    {TEXT("250 ok\n"), REPLY_COMPLETE, 250, NULL, "ok"},
    {TEXT("250\r\n"), REPLY_COMPLETE, 250, "250\n", ""},
    {TEXT("250\n"), REPLY_COMPLETE, 250, "250\n", ""},
    {TEXT("250 \r\n"), REPLY_COMPLETE, 250, "250 \n", ""},
    {TEXT("250-\r\n250\r\n"), REPLY_COMPLETE, 250, "250-\n250\n", ""},
    {TEXT("250 a\rb\r\n"), REPLY_COMPLETE, 250, "250 ab\n", "ab"},
    /* What stands behind the code ends the reply. */
    {TEXT("250ok\r\n"), REPLY_COMPLETE, 250, "250ok\n", "ok"},
    {TEXT("250\tok\n"), REPLY_COMPLETE, 250, "250\tok\n", "\tok"},
    {TEXT("250.\r\n"), REPLY_COMPLETE, 250, "250.\n", "."},
    {TEXT("250\0\r\n"), REPLY_COMPLETE, 250, "250?\n", NULL},
    {TEXT("250\xff\r\n"), REPLY_COMPLETE, 250, "250\xff\n", "\xff"},
    {TEXT("550-a\r\n550b\r\n"), REPLY_COMPLETE, 550, "550-a\n550b\n", "b"},
    /* Empty lines before it. */
    {TEXT("\r\n250 ok\r\n"), REPLY_COMPLETE, 250, "250 ok\n", "ok"},
    {TEXT("\n\r\n\n\r\r\n354 go\n"), REPLY_COMPLETE, 354, "354 go\n", "go"},
    {TEXT("\n550-a\n550 b\n"), REPLY_COMPLETE, 550, "550-a\n550 b\n", "b"},
    {TEXT("\r\n"), REPLY_PARTIAL, 0, "", ""},
    {TEXT("\n"), REPLY_PARTIAL, 0, "", ""},
    {TEXT("\r\n\r"), REPLY_PARTIAL, 0, "", ""},
    {TEXT("\r\n25"), REPLY_PARTIAL, 0, "25", ""},
    /* Several lines. */
    {TEXT("250-a\r\n250 b\r\n"), REPLY_COMPLETE, 250, "250-a\n250 b\n", "b"},
    {TEXT("250-a\n250-b\n250 c\n"), REPLY_COMPLETE, 250, NULL, "c"},
    {TEXT("250-a\r\n550 b\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("550-a\r\n250 b\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("250-a\r\n251 b\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("250-a\r\n\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("250-a\r\nb\r\n"), REPLY_INVALID, 0, NULL, NULL},
    /* Not SMTP. */
    {TEXT("2\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("25\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("25 ok\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("2500 ok\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("\r250 ok\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("\r\n\r250 ok\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("250ok\r\n2"), REPLY_COMPLETE, 250, "250ok\n", "ok"},
    {TEXT("2505ok\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT(" 250 ok\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("-50 ok\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("+OK\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("SSH-2.0-OpenSSH\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("HTTP/1.1 400 Bad\r\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("\0\0\0\n"), REPLY_INVALID, 0, NULL, NULL},
    {TEXT("\xff\xfb\x01\n"), REPLY_INVALID, 0, NULL, NULL},
    /* Bytes of all kinds in the text. */
    {TEXT("250 a\0b\r\n"), REPLY_COMPLETE, 250, "250 a?b\n", NULL},
    {TEXT("550 \xff\x80\x1b[1m\r\n"), REPLY_COMPLETE, 550, NULL, NULL},
    /* Not over. */
    {TEXT(""), REPLY_PARTIAL, 0, "", ""},
    {TEXT("25"), REPLY_PARTIAL, 0, NULL, NULL},
    {TEXT("250"), REPLY_PARTIAL, 0, NULL, NULL},
    {TEXT("250 ok"), REPLY_PARTIAL, 0, NULL, NULL},
    {TEXT("250 ok\r"), REPLY_PARTIAL, 0, NULL, NULL},
    {TEXT("250-ok\r\n"), REPLY_LINE, 250, NULL, "ok"},
};

static void check_form(const struct form *form, const struct reply *reply)
{
	ck_assert_int_eq(reply->state, form->state);
	if (form->code != 0) {
		ck_assert_int_eq(reply->code, form->code);
		ck_assert_int_eq(reply_class(reply), form->code / 100);
	}
	if (form->text != NULL) {
		ck_assert_uint_eq(reply->length, strlen(form->text));
		ck_assert_mem_eq(reply->text, form->text, reply->length);
	}
	if (form->line != NULL) {
		ck_assert_uint_eq(reply->line_length, strlen(form->line));
		ck_assert_mem_eq(reply->line, form->line, reply->line_length);
	}
	if (form->text == NULL && form->state == REPLY_COMPLETE) {
		size_t kept = 0;

		for (size_t i = 0; i < form->size; i++) {
			char byte = form->bytes[i];

			if (byte != '\r')
				ck_assert_int_eq(reply->text[kept++], byte);
		}
		ck_assert_uint_eq(reply->length, kept);
	}
}

/* The same result wherever the bytes are cut; and what follows is left. */
START_TEST(splits)
{
	const struct form *form = &forms[_i];
	bool ended =
	    form->state == REPLY_COMPLETE || form->state == REPLY_INVALID;
	struct bytes bytes = {0};
	struct reply reply;

	bytes_add(&bytes, form->bytes, form->size);
	for (size_t at = 0; at <= form->size; at++) {
		reply_start(&reply);
		feed(&reply, bytes.data, at);
		feed(&reply, bytes.data + at, form->size - at);
		check_form(form, &reply);
	}
	reply_start(&reply);
	for (size_t at = 0; at < form->size; at++)
		feed(&reply, bytes.data + at, 1);
	check_form(form, &reply);

	bytes_add_text(&bytes, "250 next\r\n");
	reply_start(&reply);
	if (ended)
		ck_assert_uint_le(
		    feed(&reply, bytes.data, bytes.length), form->size);
	if (form->state == REPLY_COMPLETE)
		check_form(form, &reply);
}
END_TEST

/* The same by whole lines. */
static enum reply_state model(const char *bytes, size_t size, int *code)
{
	const char *line = bytes, *stop, *separator;

	*code = 0;
	for (stop = line; stop < bytes + size && strchr("\r\n", *stop); stop++)
		if (*stop == '\n')
			line = stop + 1;
	if (stop == bytes + size)
		return REPLY_PARTIAL;
	while ((stop = memchr(line, '\n', size - (size_t)(line - bytes))) !=
	       NULL) {
		size_t length = (size_t)(stop - line);
		int number;

		if (length < 3 || strspn(line, "0123456789") < 3)
			return REPLY_INVALID;
		number = (line[0] - '0') * 100 + (line[1] - '0') * 10 +
			 (line[2] - '0');
		separator = line + 3 + strspn(line + 3, "\r");
		if (*separator >= '0' && *separator <= '9')
			return REPLY_INVALID;
		if (line[0] < '2' || line[0] > '5')
			return REPLY_INVALID;
		if (*code != 0 && number != *code)
			return REPLY_INVALID;
		*code = number;
		if (*separator != '-')
			return REPLY_COMPLETE;
		line = stop + 1;
	}
	return line == bytes + size ? REPLY_LINE : REPLY_PARTIAL;
}

START_TEST(random_lines)
{
	static const char *const pieces[] = {"250", "250", "250-", "250 ",
	    "550", "1", "2", "-", " ", "\r", "\n", "\n", "\r\n", "\r\n", "text",
	    "\377"};
	uint64_t state = (uint64_t)_i;

	for (int round = 0; round < 20000; round++) {
		struct bytes bytes = {0};
		struct reply reply;
		int code, count = 1 + (int)unit_random(&state, 8);

		while (count-- > 0)
			bytes_add_text(
			    &bytes, pieces[unit_random(&state, COUNT(pieces))]);
		reply_start(&reply);
		feed(&reply, bytes.data, bytes.length);
		ck_assert_msg(
		    reply.state == model(bytes.data, bytes.length, &code), "%s",
		    bytes.data);
		if (reply.state == REPLY_COMPLETE)
			ck_assert_int_eq(reply.code, code);
		bytes_free(&bytes);
	}
}
END_TEST

/* Text and line are cut, the rest is read and dropped. */
START_TEST(long_reply)
{
	size_t length = (size_t)(_i == 0 ? 512 : 100000);
	struct bytes bytes = {0};
	struct reply reply;

	for (int line = 0; line < 20; line++) {
		bytes_add_text(&bytes, line < 19 ? "550-" : "550 ");
		for (size_t i = 0; i < length; i++)
			bytes_add(&bytes, &"\r\0x"[i % 3], 1);
		bytes_add_text(&bytes, "\r\n");
	}
	reply_start(&reply);
	ck_assert_uint_eq(feed(&reply, bytes.data, bytes.length), bytes.length);
	ck_assert_int_eq(reply.state, REPLY_COMPLETE);
	ck_assert_int_eq(reply.code, 550);
	ck_assert_uint_eq(reply.length, REPLY_TEXT_MAX);
	ck_assert_uint_le(reply.line_length, REPLY_LINE_MAX);
	for (size_t i = 0, kept = 0; kept < reply.length; i++) {
		char byte = bytes.data[i];

		if (byte != '\r')
			ck_assert_int_eq(
			    reply.text[kept++], byte == '\0' ? '?' : byte);
	}
	bytes_free(&bytes);
}
END_TEST

/* What never ends is given up, wherever its lines end. */
START_TEST(endless)
{
	static const struct {
		const char *start, *rest;
		size_t limit;
	} floods[] = {
	    {"",
		"250-0123456789012345678901234567890123456789012345678901234"
		"5678901\r\n",
		REPLY_SIZE_MAX},
	    {"",
		"250-0123456789012345678901234567890123456789012345678901234"
		"5678\n",
		REPLY_SIZE_MAX},
	    {"", "250-\n", REPLY_SIZE_MAX},
	    {"250 ", "x", REPLY_SIZE_MAX},
	    {"250 ", "\r", REPLY_SIZE_MAX},
	    {"250-a\r\n250-", "\0", REPLY_SIZE_MAX},
	    {"", "\r\n", REPLY_SIZE_MAX},
	    {"\n", "\r", REPLY_SIZE_MAX},
	    {"HTTP", "x", 8192},
	};
	size_t size = strlen(floods[_i].rest);
	size_t taken, total;
	struct bytes chunk = {0};
	struct reply reply;

	size += size == 0;
	for (size_t i = 0; i * size < 65536; i++)
		bytes_add(&chunk, floods[_i].rest, size);
	reply_start(&reply);
	total = feed(&reply, floods[_i].start, strlen(floods[_i].start));
	do {
		taken = feed(&reply, chunk.data, chunk.length);
		total += taken;
	} while (taken == chunk.length && total < 2 * REPLY_SIZE_MAX);
	ck_assert_int_eq(reply.state, REPLY_INVALID);
	ck_assert_uint_le(total, floods[_i].limit);
	bytes_free(&chunk);
}
END_TEST

/* Lines are told one by one, each with its text. */
START_TEST(lines)
{
	static const char bytes[] = "250-mx\r\n250-SIZE 9\r\n250 HELP\r\n.";
	static const char *const expected[] = {"mx", "SIZE 9", "HELP"};
	struct reply reply;
	size_t at = 0;

	reply_start(&reply);
	for (int i = 0; i < COUNT(expected); i++) {
		at += reply_take(&reply, bytes + at, sizeof bytes - 1 - at);
		ck_assert_int_eq(
		    reply.state, i < 2 ? REPLY_LINE : REPLY_COMPLETE);
		ck_assert_uint_eq(reply.line_length, strlen(expected[i]));
		ck_assert_mem_eq(reply.line, expected[i], reply.line_length);
	}
	ck_assert_uint_eq(at, sizeof bytes - 2);
	ck_assert_uint_eq(reply_take(&reply, bytes, 5), 0);
}
END_TEST

/* The words of a server as they are; a line that it has not ended is. */
static const struct said {
	const char *text, *expected;
} said[] = {
    {"", ""},
    {"550 no\n", "Remote host said: 550 no\n"},
    {"550-a\n550 b\n", "Remote host said: 550-a\n550 b\n"},
    {"55", "Remote host said: 55\n"},
    {"550 \377\200\33[1m%s%n", "Remote host said: 550 \377\200\33[1m%s%n\n"},
};

START_TEST(words)
{
	char copy[REPLY_SAID_SIZE];

	ck_assert_ptr_eq(
	    reply_said(copy, said[_i].text, strlen(said[_i].text)), copy);
	ck_assert_str_eq(copy, said[_i].expected);
}
END_TEST

/* What was cut is left so, as in stock. */
START_TEST(words_cut)
{
	static char text[REPLY_TEXT_MAX];
	char copy[REPLY_SAID_SIZE];

	memset(text, 'x', sizeof text);
	reply_said(copy, text, sizeof text);
	ck_assert_uint_eq(
	    strlen(copy), strlen("Remote host said: ") + sizeof text);
	ck_assert_int_eq(copy[strlen(copy) - 1], 'x');
}
END_TEST

SUITE("reply")
{
	tcase_add_loop_test(tcase, splits, 0, COUNT(forms));
	tcase_add_loop_test(tcase, random_lines, 0, 2);
	tcase_add_loop_test(tcase, long_reply, 0, 2);
	tcase_add_loop_test(tcase, endless, 0, 9);
	tcase_add_test(tcase, lines);
	tcase_add_loop_test(tcase, words, 0, COUNT(said));
	tcase_add_test(tcase, words_cut);
}
