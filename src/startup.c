/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "startup.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "confine.h"
#include "descriptors.h"
#include "environment.h"
#include "i18n.h"
#include "paths.h"
#include "report.h"

static void print_version(void)
{
	const char *anchors = path_default_trustanchors();

	printf("%s\n", PACKAGE_STRING);
	printf(_("Built with %s\n"), QR_FEATURES);
	if (*QR_WITHOUT != '\0')
		printf(_("Built without %s\n"), QR_WITHOUT);
	printf(_("Home of qmail: %s\n"
		 "Run directory: %s\n"
		 "Program directory: %s\n"
		 "Internal program: %s\n"
		 "Trust anchors of the system: %s\n"
		 "Trust anchors by default: %s\n"),
	    path_home(), path_run(), path_programs(), path_io(),
	    path_system_trust(),
	    *anchors != '\0' ? anchors : _("none, so no STARTTLS"));
	printf("%s\n",
	    _("Free software under the ISC licence; there is no warranty."));
}

static void print_help(const char *usage)
{
	printf(_("Usage: %s\n"), _(usage));
	printf(_("Report bugs to <%s>.\nHome page: <%s>\n"), PACKAGE_BUGREPORT,
	    PACKAGE_URL);
}

void process_answer(int count, char **arguments, const char *usage)
{
	if (count != 2)
		return;
	if (strcmp(arguments[1], "--version") == 0)
		print_version();
	else if (strcmp(arguments[1], "--help") == 0)
		print_help(usage);
	else
		return;
	exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

bool process_start(int count, char **arguments, const char *usage,
    bool *input_closed, struct failure *failure)
{
	bool secured = descriptors_secure(input_closed);

	confine_memory(); /* control files have secrets in them */
	environment_clean(path_depends_on);
	i18n_start(path_locale());
	process_answer(count, arguments, usage);
	if (!secured)
		failure_set_system(failure);
	return secured;
}

/* A signal handler has no other place to take it from. */
static struct failure last_words;

/* Nothing here allocates memory or takes a lock. */
static _Noreturn void report_crash(int number)
{
	(void)number;
	report_failure(&last_words);
}

void process_crash_by(void (*handler)(int number))
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

	for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
		signal(crashes[i], handler);
}

void process_survive(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	failure_set_system(&last_words);
	process_crash_by(report_crash);
}
