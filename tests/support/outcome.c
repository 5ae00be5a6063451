/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "outcome.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "rspawn.h"

void outcome_parse(struct outcome *outcome)
{
	const char *at = outcome->output.length > 0 ? outcome->output.data : "";
	const char *end = at + outcome->output.length;
	size_t nuls = 0;

	for (size_t i = 0; i < outcome->output.length; i++)
		nuls += at[i] == '\0';
	outcome->chunks = calloc(nuls + 1, sizeof *outcome->chunks);
	outcome->letters = calloc(nuls + 1, 1);
	if (outcome->chunks == NULL || outcome->letters == NULL)
		err(99, "outcome");
	while (outcome->count < nuls) {
		struct outcome_chunk *chunk = &outcome->chunks[outcome->count];

		chunk->letter = *at;
		chunk->text = *at == '\0' ? at : at + 1;
		chunk->length = strlen(chunk->text);
		outcome->letters[outcome->count++] = *at == '\0' ? '?' : *at;
		at = chunk->text + chunk->length + 1;
	}
	outcome->cut = at != end;
}

void outcome_free(struct outcome *outcome)
{
	bytes_free(&outcome->output);
	free(outcome->chunks);
	free(outcome->letters);
}

/* What a server said is cut at 5000 bytes, if need be within a line. */
static bool is_cut(const struct outcome_chunk *chunk)
{
	enum { REMOTE_MAX = 5000 };
	static const char intro[] = "Remote host said: ";
	const char *remote = strstr(chunk->text, intro);

	return remote != NULL && strlen(remote) == strlen(intro) + REMOTE_MAX;
}

static bool has_good_text(const struct outcome_chunk *chunk)
{
	if (chunk->letter == 'r')
		return chunk->length == 0;
	return chunk->length > 0 &&
	       (chunk->text[chunk->length - 1] == '\n' || is_cut(chunk));
}

bool outcome_well_formed(const struct outcome *outcome)
{
	size_t recipients = strspn(outcome->letters, "rhs");

	if (outcome->timed_out || outcome->strays > 0 || outcome->cut ||
	    outcome->status != 0 || recipients + 1 != outcome->count ||
	    strchr("KZD", outcome->letters[recipients]) == NULL)
		return false;
	for (size_t i = 0; i < outcome->count; i++)
		if (!has_good_text(&outcome->chunks[i]))
			return false;
	return true;
}

static void show(const char *what, const char *data, size_t length)
{
	fprintf(stderr, "%s: \"", what);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)data[i];

		if (byte == '\n')
			fputs("\\n", stderr);
		else if (byte < ' ' || byte > '~')
			fprintf(stderr, "\\%03o", byte);
		else
			fputc(byte, stderr);
	}
	fputs("\"\n", stderr);
}

bool outcome_is(const struct outcome *outcome, const char *bytes, size_t length)
{
	if (bytes_equal(&outcome->output, bytes, length))
		return true;
	show("expected", bytes, length);
	show("received", outcome->output.data, outcome->output.length);
	return false;
}

bool outcome_says(const struct outcome *outcome, const char *text)
{
	if (outcome->count > 0 &&
	    strstr(outcome->chunks[outcome->count - 1].text, text) != NULL)
		return true;
	show("expected in the message report", text, strlen(text));
	show("received", outcome->output.data, outcome->output.length);
	return false;
}

char outcome_verdict(const struct outcome *outcome)
{
	return outcome->count > 0 ? outcome->chunks[outcome->count - 1].letter
				  : '\0';
}

void outcome_rspawn(const struct outcome *outcome, struct bytes *result)
{
	rspawn_report(outcome->status, outcome->output.data,
	    outcome->output.length, result);
}
