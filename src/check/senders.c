/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/senders.h"

#include <stdbool.h>
#include <stdlib.h>

#include "i18n.h"
#include "route/key.h"
#include "route/source.h"
#include "xalloc.h"

/* A sender of those that a line is for. */
static char *make_sender(const char *form)
{
	if (*form == '\0')
		return xstrdup("");
	return xasprintf(*form == '.' ? "x@x%s" : "x@%s", form);
}

/* A line of a family that addressfamily leaves out: either there is one of the
   other family for the same senders, or there is no way for them. */
static void check_left_out(const struct source_file *file,
    const struct source_key *key, const struct settings *settings,
    struct faults *faults)
{
	char *sender = make_sender(key->form);
	struct failure failure;
	struct source source;
	bool left = source_find(&source, sender, settings, &failure);

	free(sender);
	if (left)
		faults_add(faults, FAULT_WARNING, file->path, key->line,
		    _("control/addressfamily leaves out addresses of this "
		      "family, so that the line is never used: remove it"));
	else if (*key->form != '\0' && failure.file != NULL &&
		 failure.line == 0)
		faults_add(faults, FAULT_ERROR, file->path, key->line,
		    _("control/addressfamily leaves out addresses of this "
		      "family, and there is none of the other one for these "
		      "senders, so that their mail waits: give them one"));
}

static void check_key(const struct source_file *file,
    const struct source_key *key, const struct settings *settings,
    struct faults *faults)
{
	int only = settings->address_family == FAMILY_IPV4_ONLY	  ? 4
		   : settings->address_family == FAMILY_IPV6_ONLY ? 6
								  : 0;

	if (faults_have(faults, file->path, key->line))
		return;
	if (!key_fits_hosts(key->form))
		faults_add(faults, FAULT_WARNING, file->path, key->line,
		    _("no sender has such a domain, so that the line is never "
		      "used: write @domain or @.suffix"));
	else if (only != 0 && only != file->version)
		check_left_out(file, key, settings, faults);
}

static void check_file(const struct source_file *file,
    const struct settings *settings, struct faults *faults)
{
	struct source_keys keys = {0};

	source_lines_check(file, &keys, faults);
	for (size_t i = 0; i < keys.count; i++) {
		check_key(file, &keys.list[i], settings, faults);
		free(keys.list[i].form);
	}
	free(keys.list);
}

void senders_check(const struct settings *settings, struct faults *faults)
{
	check_file(source_file(4), settings, faults);
	check_file(source_file(6), settings, faults);
}
