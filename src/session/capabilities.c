/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/capabilities.h"

#include <string.h>

#include "ascii.h"
#include "decimal.h"

/* A limit that is no number or too large is as good as none. */
static uint64_t parse_size_limit(const char *text, size_t length)
{
	uint64_t limit;
	size_t digits;

	return decimal_scan(text, length, UINT64_MAX, &limit, &digits) &&
		       digits == length
		   ? limit
		   : 0;
}

/* Those of several lines count together; what has no room is left out. */
static void note_mechanisms(
    struct capabilities *capabilities, const char *names, size_t length)
{
	size_t used = strlen(capabilities->auth);

	if (length < sizeof capabilities->auth - used)
		memcpy(capabilities->auth + used, names, length);
}

void capabilities_take_line(
    struct capabilities *capabilities, const char *line, size_t length)
{
	static const struct {
		const char *keyword;
		unsigned capability;
	} known[] = {
	    {"PIPELINING", CAPABILITY_PIPELINING},
	    {"SIZE", CAPABILITY_SIZE},
	    {"8BITMIME", CAPABILITY_8BITMIME},
	    {"SMTPUTF8", CAPABILITY_SMTPUTF8},
	    {"STARTTLS", CAPABILITY_STARTTLS},
	    {"REQUIRETLS", CAPABILITY_REQUIRETLS},
	};
	const char *blank = memchr(line, ' ', length);
	size_t word = blank != NULL ? (size_t)(blank - line) : length;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (!ascii_is_word(line, word, known[i].keyword))
			continue;
		capabilities->set |= known[i].capability;
		if (known[i].capability == CAPABILITY_SIZE && blank != NULL)
			capabilities->size_limit =
			    parse_size_limit(blank + 1, length - word - 1);
	}
	if (blank != NULL && ascii_is_word(line, word, "AUTH"))
		note_mechanisms(capabilities, blank, length - word);
}
