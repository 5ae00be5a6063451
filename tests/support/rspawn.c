/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "rspawn.h"

#include <string.h>
#include <sys/wait.h>

enum { EXIT_UNABLE_FOR_NOW = 111 };

/* The first message report decides; without one the message bounces. */
static char message_letter(const char *output, size_t length)
{
	const char *end = output + length;
	const char *chunk = output;
	const char *nul;

	while ((nul = memchr(chunk, '\0', (size_t)(end - chunk))) != NULL) {
		if (*chunk == 'K' || *chunk == 'Z' || *chunk == 'D')
			return *chunk;
		chunk = nul + 1;
	}
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
	const char *end = output + length;
	/* The first byte is taken for a letter, even if it is a NUL. */
	const char *nul = memchr(output + 1, '\0', length - 1);

	bytes_add(result, &letter, 1);
	if (nul == NULL)
		return;
	bytes_add(result, output + 1, (size_t)(nul - output) - 1);
	if (rank(message) > rank(letter) || nul + 1 == end)
		return;
	/* A text that the output ends in the middle of counts here. */
	if (nul[1] != '\0' && strchr("KZD", nul[1]) != NULL)
		bytes_add(
		    result, nul + 2, strnlen(nul + 2, (size_t)(end - nul) - 2));
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
