/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "report.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "xalloc.h"

/* With the letter and the NUL. */
enum { REPORT_SIZE_MAX = 1 + REPORT_TEXT_MAX + 1 };

static const char message_letters[] = "ZD";

/* Puts a report as it is sent, and returns its size. */
static size_t encode(char *bytes, char letter, const char *text)
{
	size_t length = strnlen(text, REPORT_TEXT_MAX);

	bytes[0] = letter;
	memcpy(bytes + 1, text, length);
	bytes[1 + length] = '\0';
	return 1 + length + 1;
}

static size_t encode_failure(
    char *bytes, const struct failure *failure, const char letters[2])
{
	return encode(
	    bytes, letters[failure->class == FAILURE_PERMANENT], failure->text);
}

char report_letter(const struct failure *failure)
{
	return message_letters[failure->class == FAILURE_PERMANENT];
}

void report_recipient(struct reports *reports, const struct failure *failure)
{
	size_t needed = reports->size + 2 * REPORT_SIZE_MAX;
	char *end;

	if (reports->room < needed) {
		reports->room = 2 * needed;
		reports->bytes = xrealloc(reports->bytes, reports->room, 1);
	}
	end = reports->bytes + reports->size;
	reports->size += failure != NULL ? encode_failure(end, failure, "sh")
					 : encode(end, 'r', "");
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
			return;
		bytes += written;
		size -= (size_t)written;
	}
}

_Noreturn void report_message(const struct reports *reports,
    const char *accepted, const struct failure *failure)
{
	char alone[REPORT_SIZE_MAX];
	char *bytes = reports->bytes != NULL ? reports->bytes : alone;
	char *end = bytes + reports->size;

	end += accepted != NULL ? encode(end, 'K', accepted)
				: encode_failure(end, failure, message_letters);
	write_all(bytes, (size_t)(end - bytes));
	_exit(0);
}

_Noreturn void report_failure(const struct failure *failure)
{
	report_message(&(struct reports){0}, NULL, failure);
}

/* Those who find no memory have nothing that could lead to it. */
static report_end *other_end;

void report_end_by(report_end *end)
{
	other_end = end;
}

report_end *report_is_ended_by(void)
{
	return other_end;
}

_Noreturn void report_out_of_memory(void)
{
	char text[256];

	if (other_end != NULL)
		other_end();
	snprintf(text, sizeof text, "%s", _("Out of memory. (#4.3.0)\n"));
	report_failure(
	    &(struct failure){.class = FAILURE_TEMPORARY, .text = text});
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
