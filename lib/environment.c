/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "environment.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

static bool begins_with(const char *variable, const char *start)
{
	return strncmp(variable, start, strlen(start)) == 0;
}

/* The name of each variable of ours, up to the sign if all of it counts. */
static bool is_ours(const char *variable)
{
	static const char *const names[] = {"PATH=", "LANG=", "LANGUAGE=",
	    "LC_", "TZ=", "DNSCACHEIP=", "RES_OPTIONS="};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (begins_with(variable, names[i]))
			return true;
	return false;
}

void environment_clean(bool (*kept)(const char *variable))
{
	char **to = environ;

	if (environ == NULL)
		return;
	for (char **from = environ; *from != NULL; from++) {
		if (is_ours(*from) || kept(*from))
			*to++ = *from;
		else
			memset(*from, '\0', strlen(*from));
	}
	*to = NULL;
}
