/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/credentials.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "control.h"
#include "i18n.h"
#include "xalloc.h"

static const char blanks[] = " \t";

/* What follows the prefix, or NULL. */
static const char *skip(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

/* What one line says, and why it makes no sense. */
struct reading {
	const char *relay, *user, *secret;
	const char *reason;
};

/* The secret, for the caller to free; NULL with the reason. */
static char *read_file(const char *path, char **reason)
{
	struct control_text text;
	char *secret = NULL;
	size_t length;

	if (!control_read(path, &text)) {
		*reason =
		    xasprintf(_("the file of the secret: %s"), strerror(errno));
		return NULL;
	}
	length = control_first_line(&text);
	if (length == 0)
		*reason = xstrdup(_("the file of the secret is empty"));
	else if (ascii_has_control(text.bytes, length))
		*reason = xstrdup(_("there is a control character in the file "
				    "of the secret"));
	else
		secret = xstrndup(text.bytes, length);
	free(text.bytes);
	return secret;
}

/* relay|user|secret: the rest of the line is the secret, bars and all. */
static void split_at_bars(struct reading *reading, char *rest)
{
	char *bar = strchr(rest, '|');

	if (bar == NULL) {
		reading->reason =
		    _("there is only one |: write relay|user|secret");
		return;
	}
	*bar = '\0';
	reading->user = rest;
	reading->secret = bar + 1;
}

/* relay user secret: words with blanks between them. */
static void split_at_blanks(struct reading *reading, char *rest)
{
	char *user = rest + strspn(rest, blanks), *secret, *end;

	secret = user + strcspn(user, blanks);
	if (*secret != '\0')
		*secret++ = '\0';
	secret += strspn(secret, blanks);
	end = secret + strcspn(secret, blanks);
	if (*end != '\0')
		*end++ = '\0';
	end += strspn(end, blanks);
	reading->user = user;
	reading->secret = secret;
	if (*end != '\0')
		reading->reason = _("there are more words than a relay, a user "
				    "and a secret");
}

/* Why these are none, or NULL. */
static const char *find_mistake(const struct reading *reading)
{
	if (*reading->relay == '\0')
		return _("there is no relay in front of the user");
	if (reading->reason != NULL)
		return reading->reason;
	if (*reading->user == '\0')
		return _("there is no user");
	if (*reading->user == '#')
		return _("the user begins with #");
	if (*reading->secret == '\0')
		return _("there is no secret");
	if (ascii_has_control(reading->user, strlen(reading->user)) ||
	    ascii_has_control(reading->secret, strlen(reading->secret)))
		return _("there is a control character in it");
	return NULL;
}

/* Follows what the secret begins with.  Returns false with the reason. */
static bool take_secret(
    struct credentials *credentials, const char *secret, char **reason)
{
	const char *token = skip(secret, "bearer:"), *path;

	credentials->bearer = token != NULL;
	if (token != NULL)
		secret = token;
	path = skip(secret, "file:");
	if (path != NULL && *path != '\0') {
		credentials->secret_file = xstrdup(path);
		credentials->secret = read_file(path, reason);
		return credentials->secret != NULL;
	}
	if (path != NULL || *secret == '\0') {
		*reason = xstrdup(_("there is no secret"));
		return false;
	}
	credentials->secret = xstrdup(secret);
	return true;
}

static bool make(struct credentials **credentials,
    const struct reading *reading, const char *file, unsigned long line,
    struct failure *failure)
{
	struct credentials made = {
	    .user = xstrdup(reading->user), .file = file, .line = line};
	char *reason = NULL;

	if (!take_secret(&made, reading->secret, &reason)) {
		control_fail_secret(failure, file, line, reason);
		free(reason);
		free(made.user);
		return false;
	}
	*credentials = xcalloc(1, sizeof made);
	**credentials = made;
	return true;
}

bool credentials_cut(struct credentials **credentials, char *value,
    const char *file, unsigned long line, struct failure *failure)
{
	struct reading reading = {.relay = value, .user = "", .secret = ""};
	char *end = value + strcspn(value, " \t|");
	bool bars = *end == '|';
	const char *mistake;

	*credentials = NULL;
	if (*end == '\0')
		return true;
	*end++ = '\0';
	if (bars)
		split_at_bars(&reading, end);
	else
		split_at_blanks(&reading, end);
	mistake = find_mistake(&reading);
	if (mistake == NULL)
		return make(credentials, &reading, file, line, failure);
	control_fail_secret(failure, file, line, mistake);
	return false;
}
