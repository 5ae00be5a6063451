/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "ascii.h"

#include <string.h>

static char lower(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a')
					      : letter;
}

void ascii_lower(char *text)
{
	for (; *text != '\0'; text++)
		*text = lower(*text);
}

bool ascii_is_word(const char *text, size_t length, const char *word)
{
	if (length != strlen(word))
		return false;
	for (size_t i = 0; i < length; i++)
		if (lower(text[i]) != lower(word[i]))
			return false;
	return true;
}

bool ascii_has_control(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] < ' ' || bytes[i] == 127)
			return true;
	return false;
}
