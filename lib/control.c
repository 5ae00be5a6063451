/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ascii.h"
#include "decimal.h"
#include "i18n.h"
#include "report.h"
#include "xalloc.h"

enum { TEXT_MAX = 256 << 20, FIRST_ROOM = 1024, SHOWN_SIZE = 80 };

char *control_path(const char *file)
{
	char *home = *file == '/' ? NULL : getcwd(NULL, 0), *path;

	if (home == NULL)
		return xstrdup(file);
	path = xasprintf("%s/%s", strcmp(home, "/") == 0 ? "" : home, file);
	free(home);
	return path;
}

static void set_unreadable(
    struct failure *failure, const char *file, unsigned long line, char *reason)
{
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("Unable to read control files. (#4.3.0)\n"));
	failure->file = control_path(file);
	failure->line = line;
	failure->reason = reason;
}

void control_fail(struct failure *failure, const char *file, const char *reason)
{
	set_unreadable(failure, file, 0, xstrdup(reason));
	failure_add(failure, "%s: %s.\n", failure->file, reason);
}

void control_fail_line(struct failure *failure, const char *file,
    unsigned long line, const char *shown, const char *reason)
{
	char copy[SHOWN_SIZE];

	report_readable(copy, sizeof copy, shown);
	set_unreadable(
	    failure, file, line, xasprintf("\"%s\": %s", copy, reason));
	failure_add(failure, _("%s, line %lu: \"%s\": %s.\n"), failure->file,
	    line, copy, reason);
}

void control_fail_secret(struct failure *failure, const char *file,
    unsigned long line, const char *reason)
{
	set_unreadable(failure, file, line, xstrdup(reason));
	failure_add(
	    failure, _("%s, line %lu: %s.\n"), failure->file, line, reason);
}

/* Returns false with errno. */
static bool read_all(int descriptor, struct control_text *text)
{
	size_t room = FIRST_ROOM;

	for (;;) {
		ssize_t length;

		text->bytes = xrealloc(text->bytes, room, 1);
		length = read(
		    descriptor, text->bytes + text->size, room - text->size);
		if (length == 0)
			return true;
		if (length > 0)
			text->size += (size_t)length;
		else if (errno != EINTR)
			return false;
		if (text->size > TEXT_MAX) {
			errno = EFBIG;
			return false;
		}
		if (text->size == room)
			room *= 2;
	}
}

/* Editors of other systems put it there; stock takes it for text. */
static void skip_mark(struct control_text *text)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t size = sizeof mark - 1;

	if (text->size < size || memcmp(text->bytes, mark, size) != 0)
		return;
	text->size -= size;
	memmove(text->bytes, text->bytes + size, text->size);
}

bool control_read(const char *file, struct control_text *text)
{
	int descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool read;
	int error;

	*text = (struct control_text){0};
	if (descriptor < 0)
		return false;
	read = read_all(descriptor, text);
	error = errno;
	if (read) {
		skip_mark(text);
	} else {
		free(text->bytes);
		*text = (struct control_text){0};
	}
	close(descriptor);
	errno = error;
	return read;
}

enum control_status control_text(
    const char *file, struct control_text *text, struct failure *failure)
{
	if (control_read(file, text))
		return CONTROL_FOUND;
	if (errno == ENOENT)
		return CONTROL_ABSENT;
	control_fail(failure, file, strerror(errno));
	return CONTROL_FAILED;
}

struct control_cursor control_lines(const struct control_text *text)
{
	return (struct control_cursor){
	    .next = text->bytes, .end = text->bytes + text->size};
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

bool control_next(
    struct control_cursor *cursor, const char **line, size_t *length)
{
	while (cursor->next < cursor->end) {
		const char *start = cursor->next;
		const char *stop = start;

		while (stop < cursor->end && *stop != '\n' && *stop != '\0')
			stop++;
		cursor->next = stop < cursor->end ? stop + 1 : stop;
		if (!cursor->continues)
			cursor->line++;
		cursor->continues = stop < cursor->end && *stop == '\0';
		while (stop > start && is_blank(stop[-1]))
			stop--;
		if (stop > start && *start != '#') {
			*line = start;
			*length = (size_t)(stop - start);
			return true;
		}
	}
	return false;
}

bool control_next_strict(
    struct control_cursor *cursor, const char **line, size_t *length)
{
	while (control_next(cursor, line, length)) {
		for (; is_blank(**line); ++*line)
			--*length;
		if (**line != '#')
			return true;
	}
	return false;
}

size_t control_first_line(const struct control_text *text)
{
	const char *stop = memchr(text->bytes, '\n', text->size);
	size_t length =
	    stop != NULL ? (size_t)(stop - text->bytes) : text->size;

	while (length > 0 && is_blank(text->bytes[length - 1]))
		length--;
	return length;
}

/* Both kinds of line; skip says whether blanks at its start go as well. */
static enum control_status read_line(
    const char *file, bool skip, char **line, struct failure *failure)
{
	struct control_text text;
	enum control_status status = control_text(file, &text, failure);
	size_t length, start = 0;

	*line = NULL;
	if (status != CONTROL_FOUND)
		return status;
	length = control_first_line(&text);
	while (skip && start < length && is_blank(text.bytes[start]))
		start++;
	if (ascii_has_control(text.bytes + start, length - start)) {
		char *shown = xstrndup(text.bytes, length);

		control_fail_line(failure, file, 1, shown,
		    _("there is a control character in it"));
		free(shown);
		status = CONTROL_FAILED;
	} else if (start == length) {
		status = CONTROL_EMPTY;
	} else {
		*line = xstrndup(text.bytes + start, length - start);
	}
	free(text.bytes);
	return status;
}

enum control_status control_stock_line(
    const char *file, char **line, struct failure *failure)
{
	return read_line(file, false, line, failure);
}

enum control_status control_line(
    const char *file, char **line, struct failure *failure)
{
	return read_line(file, true, line, failure);
}

enum control_status control_stock_number(
    const char *file, unsigned long *value, struct failure *failure)
{
	struct control_text text;
	enum control_status status = control_text(file, &text, failure);
	size_t length, digits;
	uint64_t number;

	if (status != CONTROL_FOUND)
		return status;
	length = control_first_line(&text);
	if (!decimal_scan(text.bytes, length, INT_MAX, &number, &digits)) {
		char *shown = xstrndup(text.bytes, length);

		control_fail_line(
		    failure, file, 1, shown, _("the number is too large"));
		free(shown);
		status = CONTROL_FAILED;
	} else if (digits > 0) {
		*value = (unsigned long)number;
	}
	free(text.bytes);
	return status;
}

enum control_status control_number(const char *file, unsigned long *value,
    unsigned long maximum, struct failure *failure)
{
	char *line;
	enum control_status status = control_line(file, &line, failure);
	uint64_t number;
	bool fits;
	size_t digits;

	if (status == CONTROL_EMPTY) {
		control_fail_line(failure, file, 1, "", _("not a number"));
		return CONTROL_FAILED;
	}
	if (status != CONTROL_FOUND)
		return status;
	fits = decimal_scan(line, strlen(line), maximum, &number, &digits);
	if (fits && line[digits] == '\0') {
		*value = (unsigned long)number;
	} else {
		control_fail_line(failure, file, 1, line,
		    line[digits] != '\0' ? _("not a number")
					 : _("the number is too large"));
		status = CONTROL_FAILED;
	}
	free(line);
	return status;
}
