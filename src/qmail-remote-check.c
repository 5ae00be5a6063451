/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-check: reads all control files by the code of a delivery, and
 * lists everything that is wrong in one run.
 *
 *     qmail-remote-check [-jv] [--dns]
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/demands.h"
#include "check/idle.h"
#include "check/lines.h"
#include "check/listing.h"
#include "check/machine.h"
#include "check/names.h"
#include "check/senders.h"
#include "i18n.h"
#include "paths.h"
#include "route/source.h"
#include "tool.h"
#include "xalloc.h"

enum { CHECK_CLEAN = 0, CHECK_WARNINGS = 1, CHECK_ERRORS = 2 };

static const struct tool tool = {"qmail-remote-check",
    N_("qmail-remote-check [-jv] [--dns]\n"
       "Lists what is wrong with the control files of qmail-remote.\n"
       "\n"
       "  -j     as JSON\n"
       "  -v     say so if there is nothing\n"
       "  --dns  look up the relays of routes as well")};

struct options {
	bool json, verbose, dns;
};

static struct options read_options(int argc, char **argv)
{
	static const struct option names[] = {
	    {"dns", no_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
	struct options options = {0};
	int option;

	while ((option = getopt_long(argc, argv, "jv", names, NULL)) != -1) {
		switch (option) {
		case 'j': options.json = true; break;
		case 'v': options.verbose = true; break;
		case 'd': options.dns = true; break;
		default: tool_refuse(&tool);
		}
	}
	if (optind < argc)
		tool_refuse_argument(&tool, argv[optind]);
	return options;
}

/* What is left for senders without a line of their own. */
static void check_families(
    const struct settings *settings, struct faults *faults)
{
	struct failure failure;
	struct source source;

	if (!source_find(&source, "", settings, &failure) &&
	    (failure.file == NULL ||
		!faults_have(faults, failure.file, failure.line)))
		faults_take(faults, "control/addressfamily", &failure);
}

/* Or else each of them is one more fault of the same kind. */
static bool can_enter(struct faults *faults)
{
	if (access("control", X_OK) == 0)
		return true;
	faults_add(faults, FAULT_ERROR, "control", 0,
	    _("%s: no control file can be read; make it, or let the user %s "
	      "in"),
	    strerror(errno), path_user());
	return false;
}

/* Root, who reads this, is denied nothing. */
static void name_denied(struct faults *faults)
{
	const char *denied = strerror(EACCES);

	for (size_t i = 0; i < faults->count; i++) {
		char *what = faults->list[i].what;
		size_t length = strlen(what), size = strlen(denied);

		if (length < size || strcmp(what + length - size, denied) != 0)
			continue;
		faults->list[i].what = xasprintf(
		    _("%s: let the user %s read it"), what, path_user());
		free(what);
	}
}

static void check(const struct options *options, struct faults *faults)
{
	struct settings settings;
	struct needs needs;

	if (!can_enter(faults))
		return;
	settings_check(&settings, faults);
	lines_check(&needs, &settings, faults);
	idle_check(&settings, faults);
	senders_check(&settings, faults);
	check_families(&settings, faults);
	demands_check(&settings, &needs, faults);
	names_check(&settings, faults);
	machine_check(&settings, &needs, faults);
	machine_check_relays(&settings, &needs, options->dns, faults);
	name_denied(faults);
	faults_sort(faults);
}

static int status_of(const struct faults *faults)
{
	if (listing_count(faults, FAULT_ERROR) > 0)
		return CHECK_ERRORS;
	return faults->count > 0 ? CHECK_WARNINGS : CHECK_CLEAN;
}

int main(int argc, char **argv)
{
	struct faults faults = {0};
	struct options options;

	tool_start(&tool, argc, argv);
	options = read_options(argc, argv);
	tool_enter(&tool);
	check(&options, &faults);
	if (options.json && !listing_print_json(&faults)) {
		tool_complain(&tool, "%s",
		    _("-j is not there: this one was built without jansson\n"));
		tool_exit(&tool, TOOL_USAGE);
	}
	if (!options.json)
		listing_print(&faults);
	if (!options.json && options.verbose && faults.count == 0)
		printf(_("%s/control: nothing is wrong\n"), path_home());
	tool_exit(&tool, status_of(&faults));
}
