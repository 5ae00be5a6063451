/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/source.h"

#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "i18n.h"
#include "route/key.h"

static const struct source_file v4_file = {"control/outgoingip", 4};
static const struct source_file v6_file = {"control/outgoingip6", 6};

/* Which families count. */
static bool choose_families(struct source *source,
    const struct settings *settings, struct failure *failure)
{
	enum address_family family = settings->address_family;
	bool v4 = source->v4.number > 0, v6 = source->v6.number > 0;

	source->use_v4 = family != FAMILY_IPV6_ONLY && (v4 || !v6);
	source->use_v6 = family != FAMILY_IPV4_ONLY && (v6 || !v4);
	source->v4_first = family == FAMILY_IPV4;
	if (source->use_v4 || source->use_v6)
		return true;
	control_fail(failure, "control/addressfamily",
	    _("with control/outgoingip and control/outgoingip6 it leaves no "
	      "addresses"));
	return false;
}

bool source_find(struct source *source, const char *sender,
    const struct settings *settings, struct failure *failure)
{
	char *key = key_of_sender(sender, failure);
	const char *at = key != NULL ? strrchr(key, '@') : NULL;
	const char *domain = at != NULL ? at + 1 : "";
	bool good;

	*source = (struct source){0};
	good = key != NULL &&
	       source_lines_find(&source->v4, &v4_file, domain, failure) &&
	       source_lines_find(&source->v6, &v6_file, domain, failure) &&
	       choose_families(source, settings, failure);
	free(key);
	return good;
}

bool source_check(const struct source *source, struct failure *failure)
{
	return (!source->use_v4 ||
		   source_line_check(&source->v4, &v4_file, failure)) &&
	       (!source->use_v6 ||
		   source_line_check(&source->v6, &v6_file, failure));
}

void source_widen(struct source *source, const struct settings *settings)
{
	enum address_family family = settings->address_family;

	if (family != FAMILY_IPV6_ONLY && source_lines_exist(&v4_file))
		source->use_v4 = true;
	if (family != FAMILY_IPV4_ONLY && source_lines_exist(&v6_file))
		source->use_v6 = true;
}

const struct source_file *source_file(int version)
{
	return version == 4 ? &v4_file : &v6_file;
}

static const struct source_line *find_line(
    const struct source *source, const struct ip *server)
{
	return server->version == 4 ? &source->v4 : &source->v6;
}

const char *source_helohost(const struct source *source,
    const struct ip *server, const struct settings *settings)
{
	const char *name = find_line(source, server)->helohost;

	return name != NULL ? name : settings->helohost;
}

const struct ip *source_address(
    const struct source *source, const struct ip *server)
{
	const struct source_line *line = find_line(source, server);

	return source_line_binds(line) ? &line->ip : NULL;
}
