/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "faults.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "xalloc.h"

/* Codes are for reports: "(#4.3.0)" at the end goes. */
static void drop_code(char *text)
{
	char *code = strrchr(text, ' ');

	if (code != NULL && strncmp(code, " (#", 3) == 0)
		*code = '\0';
}

/* What takes several lines in a report takes one here. */
static void join_lines(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	drop_code(text);
	for (; *text != '\0'; text++)
		if (*text == '\n')
			*text = ' ';
}

static void add(struct faults *faults, struct fault fault)
{
	join_lines(fault.what);
	faults->list =
	    xrealloc(faults->list, faults->count + 1, sizeof *faults->list);
	faults->list[faults->count++] = fault;
}

void faults_add(struct faults *faults, enum fault_kind kind, const char *file,
    unsigned long line, const char *format, ...)
{
	struct fault fault = {
	    .kind = kind, .file = control_path(file), .line = line};
	va_list arguments;

	va_start(arguments, format);
	fault.what = xvasprintf(format, arguments);
	va_end(arguments);
	add(faults, fault);
}

void faults_take(
    struct faults *faults, const char *file, const struct failure *failure)
{
	struct fault fault = {.kind = FAULT_ERROR, .line = failure->line};

	fault.file = control_path(failure->file != NULL ? failure->file : file);
	fault.what =
	    xstrdup(failure->reason != NULL ? failure->reason : failure->text);
	add(faults, fault);
}

bool faults_have(
    const struct faults *faults, const char *file, unsigned long line)
{
	char *path = control_path(file);
	bool found = false;

	for (size_t i = 0; i < faults->count; i++)
		if (faults->list[i].line == line &&
		    strcmp(faults->list[i].file, path) == 0)
			found = true;
	free(path);
	return found;
}

static bool comes_before(const struct fault *a, const struct fault *b)
{
	int order = strcmp(a->file, b->file);

	return order < 0 || (order == 0 && a->line < b->line);
}

/* There are few, and those that are equal keep their order. */
void faults_sort(struct faults *faults)
{
	for (size_t i = 1; i < faults->count; i++) {
		struct fault fault = faults->list[i];
		size_t at = i;

		for (; at > 0 && comes_before(&fault, &faults->list[at - 1]);
		     at--)
			faults->list[at] = faults->list[at - 1];
		faults->list[at] = fault;
	}
}
