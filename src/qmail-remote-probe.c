/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-probe: what a delivery to a host would do, by the code of a
 * delivery, and why.
 *
 *     qmail-remote-probe [-jnv] [-s sender] host ...
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "probe/page.h"
#include "probe/probe.h"
#include "probe/show.h"
#include "probe/visible.h"
#include "tool.h"
#include "xalloc.h"

static const struct tool tool = {"qmail-remote-probe",
    N_("qmail-remote-probe [-jnv] [-s sender] host ...\n"
       "Says what a delivery to each host would do, without delivering"
       " anything.\n"
       "\n"
       "  -j         as JSON, one object a host\n"
       "  -n         connect to no server, only ask the DNS\n"
       "  -s sender  as for mail of that sender; none: for bounces\n"
       "  -v         show the dialogue with each server")};

struct options {
	bool json, offline, verbose;
	const char *sender;
};

static struct options read_options(int argc, char **argv)
{
	struct options options = {.sender = ""};
	int option;

	while ((option = getopt(argc, argv, "jns:v")) != -1) {
		switch (option) {
		case 'j': options.json = true; break;
		case 'n': options.offline = true; break;
		case 's': options.sender = optarg; break;
		case 'v': options.verbose = true; break;
		default: tool_refuse(&tool);
		}
	}
	if (optind >= argc)
		tool_refuse(&tool);
	if (options.json && !show_has_json()) {
		tool_complain(&tool, "%s",
		    _("-j is not there: this one was built without jansson\n"));
		tool_exit(&tool, TOOL_USAGE);
	}
	return options;
}

/* What is being waited for, for people who look on; NULL: nothing any more. */
static void show_progress(const char *host, size_t done, size_t count)
{
	char *line;

	if (!page_is_able() || isatty(STDERR_FILENO) != 1)
		return;
	fputs("\r\033[K", stderr);
	if (host != NULL) {
		line = visible_line(host, strnlen(host, 40));
		if (count > 0)
			fprintf(stderr, _("%s: servers %zu/%zu ..."), line,
			    done, count);
		else
			fprintf(stderr, _("%s: looking it up ..."), line);
		free(line);
	}
	fflush(stderr);
}

static enum probe_verdict probe_host(
    const char *host, const struct options *options)
{
	struct probe *probe = xcalloc(1, sizeof *probe);
	size_t done = 0;

	show_progress(host, 0, 0);
	probe_start(probe, host, options->sender, options->offline);
	do {
		show_progress(host, done++, probe->passes.count);
	} while (probe_next(probe) != NULL);
	probe_end(probe);
	show_progress(NULL, 0, 0);
	if (options->json)
		show_json(probe, options->verbose);
	else
		show_page(probe, options->verbose);
	fflush(stdout);
	return probe->verdict;
}

int main(int argc, char **argv)
{
	enum probe_verdict worst = PROBE_DELIVERS;
	struct options options;

	tool_start(&tool, argc, argv);
	options = read_options(argc, argv);
	tool_enter(&tool);
	signal(SIGPIPE, SIG_IGN);
	for (int i = optind; i < argc; i++) {
		enum probe_verdict verdict;

		if (i > optind && !options.json)
			putchar('\n');
		verdict = probe_host(argv[i], &options);

		if (verdict > worst)
			worst = verdict;
	}
	tool_exit(&tool, (int)worst);
}
