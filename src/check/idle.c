/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/idle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "i18n.h"
#include "ip.h"
#include "report.h"
#include "xalloc.h"

enum { SHOWN_SIZE = 80 };

/* The files with one value each, and the default of what stock reads as a
   number. */
static const struct single {
	const char *file;
	unsigned long number;
} singles[] = {
    {.file = "control/me"},
    {.file = "control/helohost"},
    {"control/timeoutconnect", TIMEOUT_CONNECT},
    {"control/timeoutremote", TIMEOUT_REMOTE},
    {.file = "control/timeoutdns"},
    {.file = "control/timeoutdelivery"},
    {.file = "control/minrate"},
    {.file = "control/addressfamily"},
    {.file = "control/trustanchors"},
    {.file = "control/clientcert"},
    {.file = "control/clientkey"},
    {.file = "control/tlsstrictness"},
    {.file = "control/dane"},
    {.file = "control/mtasts"},
};

static bool have_fault(const struct faults *faults, const char *file)
{
	return faults_have(faults, file, 0) || faults_have(faults, file, 1);
}

static void check_lines(
    const char *file, const struct control_text *text, struct faults *faults)
{
	struct control_cursor cursor = control_lines(text);
	const char *line;
	size_t length;

	while (control_next(&cursor, &line, &length)) {
		if (cursor.line == 1)
			continue;
		faults_add(faults, FAULT_WARNING, file, cursor.line,
		    _("only the first line of this file is read: remove this "
		      "one"));
		return;
	}
}

static void check_number(
    const struct single *single, const char *line, struct faults *faults)
{
	unsigned long value = single->number;
	char shown[SHOWN_SIZE];
	struct failure failure;

	if (line[strspn(line, "0123456789")] == '\0' ||
	    control_stock_number(single->file, &value, &failure) !=
		CONTROL_FOUND)
		return;
	faults_add(faults, FAULT_WARNING, single->file, 1,
	    _("\"%s\": it is read as %lu: write digits only"),
	    report_readable(shown, sizeof shown, line), value);
}

/* A bare address is none; letters beyond ASCII have been looked at. */
static bool is_name(const char *text)
{
	static const char others[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789-._";
	struct ip ip;

	if (ip_parse(&ip, text) || ip_parse_literal(&ip, text))
		return *text == '[';
	while (*text != '\0' &&
	       ((unsigned char)*text > 127 || strchr(others, *text) != NULL))
		text++;
	return *text == '\0';
}

/* The one that servers are told. */
static void check_name(struct faults *faults)
{
	const char *file = "control/helohost";
	char shown[SHOWN_SIZE], *name;
	struct failure failure;

	if (control_stock_line(file, &name, &failure) != CONTROL_FOUND) {
		file = "control/me";
		if (control_stock_line(file, &name, &failure) != CONTROL_FOUND)
			return;
	}
	if (!is_name(name) && !have_fault(faults, file))
		faults_add(faults, FAULT_WARNING, file, 1,
		    _("\"%s\": servers are told this as it is, and it is not "
		      "the name of a host: write a name, or an [address], and "
		      "nothing else"),
		    report_readable(shown, sizeof shown, name));
	free(name);
}

static void check_single(const struct single *single, struct faults *faults)
{
	const char *file = single->file;
	struct control_text text;
	struct failure failure;
	char *line;

	if (have_fault(faults, file))
		return;
	switch (control_text(file, &text, &failure)) {
	case CONTROL_FAILED: faults_take(faults, file, &failure); return;
	case CONTROL_FOUND: break;
	default: return;
	}
	line = xstrndup(text.bytes, control_first_line(&text));
	if (single->number > 0)
		check_number(single, line, faults);
	check_lines(file, &text, faults);
	free(line);
	free(text.bytes);
}

void idle_check_preference(const struct settings *settings, const char *file,
    unsigned long line, struct faults *faults)
{
	char *anchors;

	if (settings->trustanchors != NULL ||
	    have_fault(faults, "control/trustanchors"))
		return;
	anchors = control_path("control/trustanchors");
	faults_add(faults, FAULT_WARNING, file, line,
	    _("it has no effect without %s, which is missing or empty"),
	    anchors);
	free(anchors);
}

/* An empty file is as good as none. */
static bool names_key(void)
{
	struct failure failure;
	char *key;
	bool named =
	    control_line("control/clientkey", &key, &failure) == CONTROL_FOUND;

	free(key);
	return named;
}

void idle_check(const struct settings *settings, struct faults *faults)
{
	for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++)
		check_single(&singles[i], faults);
	check_name(faults);
	if (settings->strictness == TLS_PREFERRED)
		idle_check_preference(
		    settings, "control/tlsstrictness", 1, faults);
	if (settings->clientcert == NULL &&
	    !have_fault(faults, "control/clientcert") && names_key())
		faults_add(faults, FAULT_WARNING, "control/clientkey", 0,
		    _("it is not read without control/clientcert: write the "
		      "path of the certificate there"));
}
