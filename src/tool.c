/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tool.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "descriptors.h"
#include "environment.h"
#include "i18n.h"
#include "paths.h"
#include "report.h"
#include "startup.h"

/* What is said on a terminal, and how wide that is. */
static bool is_kept(const char *variable)
{
	static const char *const names[] = {"TERM=", "COLUMNS=", "NO_COLOR="};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	return path_depends_on(variable);
}

/* Whose memory is short: there is none to have it told. */
static const char *name;

/* What was printed so far is not all, and worth nothing. */
static void end_without_memory(void)
{
	fprintf(stderr, "%s: %s\n", name, _("Out of memory."));
	_exit(TOOL_FAILED);
}

/* A library that does not survive the same, most likely. */
static _Noreturn void end_crashed(int number)
{
	static const char words[] = ": crashed, for want of memory?\n";

	(void)number;
	if (write(STDERR_FILENO, name, strlen(name)) > 0)
		(void)!write(STDERR_FILENO, words, sizeof words - 1);
	_exit(TOOL_FAILED);
}

void tool_start(const struct tool *tool, int count, char **arguments)
{
	int error = descriptors_fill() ? 0 : errno;

	name = tool->name;
	process_crash_by(end_crashed);
	report_end_by(end_without_memory);
	confine_memory(); /* control files have secrets in them */
	environment_clean(is_kept);
	i18n_start(path_locale());
	if (error != 0) {
		tool_complain(tool, _("Unable to open %s: %s.\n"), "/dev/null",
		    strerror(error));
		exit(TOOL_FAILED);
	}
	process_answer(count, arguments, tool->usage);
}

void tool_refuse(const struct tool *tool)
{
	fprintf(stderr, _("Usage: %s\n"), _(tool->usage));
	exit(TOOL_USAGE);
}

void tool_refuse_argument(const struct tool *tool, const char *argument)
{
	tool_complain(tool, _("Unexpected argument: \"%s\".\n"), argument);
	tool_refuse(tool);
}

void tool_complain(const struct tool *tool, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", tool->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
}

/* Returns false with errno, 0 for names that nobody knows. */
static bool become(const char *user, const char *group)
{
	const struct passwd *passwd;
	const struct group *entry;

	errno = 0;
	/* No program here has threads. */
	/* cppcheck-suppress getpwnamCalled */
	passwd = getpwnam(user);
	/* cppcheck-suppress getgrnamCalled */
	entry = passwd != NULL ? getgrnam(group) : NULL;
	if (entry == NULL)
		return false;
	return setgroups(0, NULL) == 0 && setgid(entry->gr_gid) == 0 &&
	       setuid(passwd->pw_uid) == 0;
}

/* What others find is not what deliveries find. */
static bool is_another(const char *user)
{
	/* No program here has threads. */
	const struct passwd *passwd =
	    /* cppcheck-suppress getpwnamCalled */
	    *user != '\0' && geteuid() != 0 ? getpwnam(user) : NULL;

	return passwd != NULL && passwd->pw_uid != geteuid();
}

void tool_enter(const struct tool *tool)
{
	const char *user = path_user();

	if (is_another(user)) {
		tool_complain(tool,
		    _("Only root, or the user %s, finds what deliveries "
		      "find.\n"),
		    user);
		exit(TOOL_FAILED);
	}
	if (geteuid() == 0 && *user != '\0' && !become(user, path_group())) {
		tool_complain(tool,
		    _("Unable to become the user %s with the group %s: %s.\n"),
		    user, path_group(),
		    errno != 0 ? strerror(errno) : _("there is none"));
		exit(TOOL_FAILED);
	}
	if (chdir(path_home()) == 0)
		return;
	tool_complain(tool, _("Unable to switch to %s: %s.\n"), path_home(),
	    strerror(errno));
	exit(TOOL_FAILED);
}

void tool_exit(const struct tool *tool, int status)
{
	if (fflush(stdout) != 0 || ferror(stdout)) {
		tool_complain(
		    tool, _("Unable to write: %s.\n"), strerror(errno));
		status = TOOL_FAILED;
	}
	exit(status);
}
