/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-tcpto: shows or empties the tables of servers that timed out,
 * for which it is to us what qmail-tcpto and qmail-tcpok are to stock qmail.
 *
 *     qmail-remote-tcpto [-c]
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "i18n.h"
#include "paths.h"
#include "tcpto.h"
#include "tool.h"

static const struct tool tool = {"qmail-remote-tcpto",
    N_("qmail-remote-tcpto [-c]\n"
       "Shows the servers that have timed out of late, and until when"
       " deliveries\n"
       "pass them over.\n"
       "\n"
       "  -c  forget them: the next delivery tries them again")};

enum { TIME_SIZE = 64 };

static const char *format_time(int64_t seconds, char text[TIME_SIZE])
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (localtime_r(&time, &parts) == NULL ||
	    strftime(text, TIME_SIZE, "%Y-%m-%d %H:%M:%S", &parts) == 0)
		snprintf(text, TIME_SIZE, "%lld", (long long)seconds);
	return text;
}

static void show(const struct tcpto_entry *entry)
{
	char address[IP_TEXT_SIZE], when[TIME_SIZE], until[TIME_SIZE];

	ip_format(&entry->ip, address);
	format_time(entry->when, when);
	if (entry->until > 0)
		printf(_("%s timed out at %s; counted: %u; skipped"
			 " until %s\n"),
		    address, when, entry->count,
		    format_time(entry->until, until));
	else
		printf(_("%s timed out at %s; counted: %u; not"
			 " skipped\n"),
		    address, when, entry->count);
}

/* Returns false with errno. */
static bool show_table(const struct tcpto *tcpto, int version)
{
	struct tcpto_entry list[TCPTO_RECORDS];
	size_t count;

	if (!tcpto_list(tcpto, version, list, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		show(&list[i]);
	return true;
}

static bool do_table(const struct tcpto *tcpto, int version, bool clear)
{
	const char *file = version == 4 ? tcpto->v4_file : tcpto->v6_file;
	bool done =
	    clear ? tcpto_clear(tcpto, version) : show_table(tcpto, version);

	if (!done)
		tool_complain(&tool,
		    clear ? _("Unable to empty %s%s%s: %s.\n")
			  : _("Unable to read %s%s%s: %s.\n"),
		    *file == '/' ? "" : path_home(), *file == '/' ? "" : "/",
		    file, strerror(errno));
	return done;
}

int main(int argc, char **argv)
{
	struct tcpto tcpto;
	bool clear = false, v4, v6;
	int option;

	tool_start(&tool, argc, argv);
	while ((option = getopt(argc, argv, "c")) != -1) {
		if (option != 'c')
			tool_refuse(&tool);
		clear = true;
	}
	if (optind < argc)
		tool_refuse_argument(&tool, argv[optind]);
	tool_enter(&tool);
	tzset();
	tcpto = tcpto_in(path_run());
	v4 = do_table(&tcpto, 4, clear);
	v6 = do_table(&tcpto, 6, clear);
	tool_exit(&tool, v4 && v6 ? 0 : TOOL_FAILED);
}
