/* SPDX-License-Identifier: ISC */
/*
 * Control files: the input is the file, and each reader sees in it what a
 * plain reading of stock's rules sees.
 */
#include "config.h"

#include "fuzz.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "xalloc.h"

enum { DEFAULT_NUMBER = 77, STRICT_MAX = 3600 };

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_end(char byte)
{
	return byte == '\n' || byte == '\0';
}

/* Cuts blanks off the end. */
static size_t trim(const char *text, size_t length)
{
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	return length;
}

static size_t first_line(const char *text, size_t size)
{
	size_t length = 0;

	while (length < size && text[length] != '\n')
		length++;
	return trim(text, length);
}

static void check_result(
    enum control_status status, bool good, const struct failure *failure)
{
	FUZZ_CHECK((status == CONTROL_FAILED) == !good);
	if (good)
		return;
	FUZZ_CHECK(failure->class == FAILURE_TEMPORARY);
	fuzz_check_text(failure->text);
}

typedef enum control_status line_reader(
    const char *file, char **line, struct failure *failure);

static void check_line(
    line_reader *reader, const char *file, const char *text, size_t length)
{
	struct failure failure;
	char *line;
	enum control_status status = reader(file, &line, &failure);

	check_result(status, fuzz_is_printable(text, length), &failure);
	FUZZ_CHECK((status == CONTROL_FOUND) == (line != NULL));
	FUZZ_CHECK(status != CONTROL_EMPTY || length == 0);
	if (line != NULL)
		FUZZ_CHECK(
		    strlen(line) == length && memcmp(line, text, length) == 0);
	free(line);
}

/* The number of digits, and their value, which stops at too much. */
static size_t model_number(
    const char *text, size_t length, unsigned long *value)
{
	size_t digits = 0;

	*value = 0;
	while (digits < length && text[digits] >= '0' && text[digits] <= '9') {
		if (*value <= INT_MAX)
			*value =
			    *value * 10 + (unsigned long)(text[digits] - '0');
		digits++;
	}
	return digits;
}

static void check_stock_number(
    const char *file, const char *text, size_t length)
{
	struct failure failure;
	unsigned long number = DEFAULT_NUMBER, expected;
	size_t digits = model_number(text, length, &expected);
	enum control_status status =
	    control_stock_number(file, &number, &failure);

	check_result(status, expected <= INT_MAX, &failure);
	if (digits == 0 || expected > INT_MAX)
		expected = DEFAULT_NUMBER;
	FUZZ_CHECK(number == expected);
}

static void check_strict_number(
    const char *file, const char *text, size_t length)
{
	struct failure failure;
	unsigned long number = DEFAULT_NUMBER, expected;
	size_t digits = model_number(text, length, &expected);
	enum control_status status =
	    control_number(file, &number, STRICT_MAX, &failure);

	check_result(status,
	    digits > 0 && digits == length && expected <= STRICT_MAX, &failure);
	if (status != CONTROL_FOUND)
		expected = DEFAULT_NUMBER;
	FUZZ_CHECK(number == expected);
}

static void check_lines(const char *file, const char *bytes, size_t size)
{
	struct control_text text;
	struct control_cursor cursor;
	struct failure failure;
	const char *line;
	size_t length, start = 0;
	unsigned long number = 1;

	FUZZ_CHECK(control_text(file, &text, &failure) == CONTROL_FOUND);
	FUZZ_CHECK(text.size == size && memcmp(text.bytes, bytes, size) == 0);
	cursor = control_lines(&text);
	for (size_t end = 0; end <= size; end++) {
		size_t kept;

		if (end < size && !is_end(bytes[end]))
			continue;
		kept = trim(bytes + start, end - start);
		if (kept > 0 && bytes[start] != '#') {
			FUZZ_CHECK(control_next(&cursor, &line, &length));
			FUZZ_CHECK(length == kept &&
				   memcmp(line, bytes + start, kept) == 0);
			FUZZ_CHECK(cursor.line == number);
		}
		number += end < size && bytes[end] == '\n';
		start = end + 1;
	}
	FUZZ_CHECK(!control_next(&cursor, &line, &length));
	free(text.bytes);
}

int FUZZ_TARGET(control)(const uint8_t *bytes, size_t size)
{
	const char *text = (const char *)bytes;
	char *file = xasprintf("/proc/self/fd/%d", fuzz_file(bytes, size));
	size_t length, blanks = 0;

	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		size -= 3;
	}
	length = first_line(text, size);

	check_line(control_stock_line, file, text, length);
	check_stock_number(file, text, length);
	while (blanks < length && is_blank(text[blanks]))
		blanks++;
	check_line(control_line, file, text + blanks, length - blanks);
	check_strict_number(file, text + blanks, length - blanks);
	check_lines(file, text, size);
	free(file);
	return 0;
}
