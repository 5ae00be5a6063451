/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "report.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "reply.h"

static void append(struct report *report, const char *format, va_list arguments)
{
	size_t room = sizeof report->text - report->length;
	int length =
	    vsnprintf(report->text + report->length, room, format, arguments);

	if (length > 0) {
		report->length +=
		    (size_t)length < room ? (size_t)length : room - 1;
	}
}

void report_set(struct report *report, char letter, const char *format, ...)
{
	va_list arguments;

	report->letter = letter;
	report->length = 0;
	report->text[0] = '\0';
	va_start(arguments, format);
	append(report, format, arguments);
	va_end(arguments);
}

void report_add(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(report, format, arguments);
	va_end(arguments);
}

void report_add_line(struct report *report, const char *line)
{
	if (report->length > 0 && report->text[report->length - 1] != '\n')
		report_add(report, "\n");
	report_add(report, "%s\n", line);
}

void report_add_remote(struct report *report, const char *text, size_t length)
{
	if (length == 0)
		return;
	report_add(report, _("Remote host said: %.*s"), (int)length, text);
	if (length < REPLY_TEXT_MAX && text[length - 1] != '\n')
		report_add(report, "\n");
}

/* A pipe may take it in pieces. */
static void write_all(const char *bytes, size_t size)
{
	struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

	while (size > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno == EAGAIN) {
			poll(&output, 1, -1);
			continue;
		}
		if (written <= 0)
			_exit(0);
		bytes += written;
		size -= (size_t)written;
	}
}

size_t report_encode(const struct report *report, char bytes[REPORT_SIZE_MAX])
{
	bytes[0] = report->letter;
	memcpy(bytes + 1, report->text, report->length);
	bytes[1 + report->length] = '\0';
	return 1 + report->length + 1;
}

_Noreturn void report_send(const char *bytes, size_t size)
{
	write_all(bytes, size);
	_exit(0);
}

_Noreturn void report_end(const struct report *report)
{
	char bytes[REPORT_SIZE_MAX];

	report_send(bytes, report_encode(report, bytes));
}

void report_take(struct report *report, const struct failure *failure)
{
	char letter = failure->class == FAILURE_PERMANENT ? 'D' : 'Z';

	report_set(report, letter, "%s", failure->text);
}

_Noreturn void report_failure(const struct failure *failure)
{
	struct report report;

	report_take(&report, failure);
	report_end(&report);
}

_Noreturn void report_out_of_memory(void)
{
	struct report report;

	report_set(&report, 'Z', "%s", _("Out of memory. (#4.3.0)\n"));
	report_end(&report);
}

static const char *copy_from(
    char *copy, size_t size, const char *text, unsigned char lowest)
{
	size_t length = strlen(text);

	if (length >= size)
		length = size - 1;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		copy[i] = byte < lowest || byte > 126 ? '?' : text[i];
	}
	copy[length] = '\0';
	return copy;
}

const char *report_safe(char *copy, size_t size, const char *text)
{
	return copy_from(copy, size, text, '!');
}

const char *report_readable(char *copy, size_t size, const char *text)
{
	return copy_from(copy, size, text, ' ');
}
