/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/criteria.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "dns/domain.h"
#include "route/key.h"
#include "xalloc.h"

/* Letters, digits, hyphens and underscores, and no number at the end. */
static bool is_certificate_name(const char *name)
{
	const char *last = strrchr(name, '.');

	last = last != NULL ? last + 1 : name;
	return domain_is_plain(name) &&
	       last[strspn(last, "0123456789")] != '\0';
}

char *criteria_read_name(const char *text, struct failure *failure)
{
	size_t start = strncmp(text, "*.", 2) == 0 ? 2 : *text == '.';
	char *name = text[start] != '.' ? key_of_next_hop(text + start, failure)
					: xstrdup("");
	char *read = NULL;

	if (name == NULL)
		return NULL;
	if (domain_is_ascii_name(name) && is_certificate_name(name))
		read = xasprintf("%.*s%s", (int)start, text, name);
	free(name);
	failure->class = FAILURE_PERMANENT;
	return read;
}

/* The value of a digit, or -1. */
static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

bool criteria_read_pin(
    unsigned char sha256[CRITERIA_PIN_SIZE], const char *text)
{
	for (size_t i = 0; i < CRITERIA_PIN_SIZE; i++) {
		int high, low;

		if (i > 0 && *text == ':')
			text++;
		high = hex_digit(*text);
		low = high >= 0 ? hex_digit(text[1]) : -1;
		if (low < 0)
			return false;
		sha256[i] = (unsigned char)(high << 4 | low);
		text += 2;
	}
	return *text == '\0';
}
