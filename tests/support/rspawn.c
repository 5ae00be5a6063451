/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "rspawn.h"

#include <string.h>
#include <sys/wait.h>

enum { EXIT_UNABLE_FOR_NOW = 111 };

/* The next text up to its NUL, from at on; NULL when none is left. */
static const char *next_chunk(
    const char *output, size_t length, size_t *at, size_t *chunk_length)
{
	const char *start = output + *at;
	const char *end = *at < length ? memchr(start, '\0', length - *at) : 0;

	if (end == NULL)
		return NULL;
	*chunk_length = (size_t)(end - start);
	*at += *chunk_length + 1;
	return start;
}

/* The first message report decides; without one the message bounces. */
static char message_letter(const char *output, size_t length)
{
	const char *chunk;
	size_t at = 0;
	size_t chunk_length;

	while ((chunk = next_chunk(output, length, &at, &chunk_length)))
		if (*chunk == 'K' || *chunk == 'Z' || *chunk == 'D')
			return *chunk;
	return 'D';
}

/* How good the news is. */
static int rank(char letter)
{
	return letter == 'K' ? 2 : letter == 'Z' ? 1 : 0;
}

static void report_output(
    const char *output, size_t length, struct bytes *result)
{
	char message = message_letter(output, length);
	char letter = *output == 's' ? 'Z' : *output == 'h' ? 'D' : message;
	const char *chunk;
	size_t at = 0;
	size_t chunk_length;

	bytes_add(result, &letter, 1);
	chunk = next_chunk(output, length, &at, &chunk_length);
	if (chunk == NULL)
		return;
	if (chunk_length > 0)
		bytes_add(result, chunk + 1, chunk_length - 1);
	if (rank(message) > rank(letter))
		return;
	/* A text that the output ends in the middle of counts here. */
	if (at < length && output[at] != '\0' && strchr("KZD", output[at]))
		bytes_add(result, output + at + 1,
		    strnlen(output + at + 1, length - at - 1));
}

void rspawn_report(
    int wait_status, const char *output, size_t length, struct bytes *result)
{
	*result = (struct bytes){0};
	if (WIFSIGNALED(wait_status))
		bytes_add_text(result, "Zqmail-remote crashed.\n");
	else if (WEXITSTATUS(wait_status) == EXIT_UNABLE_FOR_NOW)
		bytes_add_text(result, "ZUnable to run qmail-remote.\n");
	else if (WEXITSTATUS(wait_status) != 0)
		bytes_add_text(result, "DUnable to run qmail-remote.\n");
	else if (length == 0)
		bytes_add_text(result, "Zqmail-remote produced no output.\n");
	else
		report_output(output, length, result);
}
