/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/domain.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "dns/idn_module.h"
#include "i18n.h"
#include "paths.h"
#include "report.h"
#include "utf8.h"
#include "xalloc.h"

enum { LABEL_MAX = 63 };

/*
 * A backslash would be an escape for the resolver, and a control character
 * or blank is certainly no host; all else is left for the DNS to judge.
 */
static bool is_name_byte(char byte)
{
	return byte > ' ' && byte < 127 && byte != '\\';
}

bool domain_is_ascii_name(const char *name)
{
	size_t length = strlen(name), label = 0;

	if (length > 0 && name[length - 1] == '.')
		length--;
	if (length == 0 || length > DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (name[i] != '.') {
			if (!is_name_byte(name[i]) || ++label > LABEL_MAX)
				return false;
		} else {
			if (label == 0)
				return false;
			label = 0;
		}
	}
	return label > 0;
}

bool domain_is_plain(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] ==
	       '\0';
}

void domain_set_unknown(struct failure *failure, const char *name)
{
	char copy[DOMAIN_MAX + 3];

	failure_set(failure, FAILURE_PERMANENT,
	    _("Sorry, I couldn't find any host named %s. (#5.1.2)\n"),
	    report_safe(copy, sizeof copy, name));
}

/* Without the module the mail has to wait. */
static char *convert(const char *name, struct failure *failure)
{
	const struct idn_module *idn = (const struct idn_module *)module_load(
	    path_idn(), "idn_module", failure);
	char *ascii;

	if (idn == NULL)
		return NULL;
	ascii = idn->to_ascii(name);
	if (ascii == NULL)
		domain_set_unknown(failure, name);
	return ascii;
}

/*
 * Compatibility mapping can make '@' or '>' of what looked like letters, and
 * those mean something in SMTP.
 */
char *domain_to_ascii(const char *name, struct failure *failure)
{
	bool foreign = !utf8_is_ascii_text(name, strlen(name));
	char *ascii = foreign ? convert(name, failure) : xstrdup(name);

	if (ascii == NULL)
		return NULL;
	ascii_lower(ascii);
	if (domain_is_ascii_name(ascii) && (!foreign || domain_is_plain(ascii)))
		return ascii;
	free(ascii);
	domain_set_unknown(failure, name);
	return NULL;
}

char *domain_undotted(const char *name)
{
	size_t length = strlen(name);

	return xstrndup(
	    name, length > 0 && name[length - 1] == '.' ? length - 1 : length);
}
