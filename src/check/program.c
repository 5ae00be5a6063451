/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "i18n.h"
#include "report.h"

enum { LINE_SIZE = 256, SECONDS = 5 };

/* Both outputs: the loader says on the other one what it misses. */
static int spawn(pid_t *process, const char *file, const int ends[2])
{
	char name[] = "qmail-remote", argument[] = "--version";
	char *const arguments[] = {name, argument, NULL}, *none[] = {NULL};
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return error;
	error =
	    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(
		    &actions, ends[1], STDERR_FILENO);
	if (error == 0)
		error =
		    posix_spawn(process, file, &actions, NULL, arguments, none);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* The first line, as far as there is room and it comes in time. */
static void read_line(int descriptor, char line[LINE_SIZE])
{
	struct deadline deadline = deadline_in(SECONDS);
	struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
	size_t size = 0;
	ssize_t got = 1;

	while (got > 0 && size < LINE_SIZE - 1 &&
	       memchr(line, '\n', size) == NULL &&
	       deadline_poll(&waiting, 1, deadline) > 0) {
		got = read(descriptor, line + size, LINE_SIZE - 1 - size);
		if (got > 0)
			size += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	line[size] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/* Returns 0, or an errno when there is nobody to ask. */
static int ask(const char *file, char line[LINE_SIZE])
{
	int ends[2], error;
	pid_t process;

	if (access(file, X_OK) != 0 || pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	error = spawn(&process, file, ends);
	close(ends[1]);
	if (error == 0) {
		read_line(ends[0], line);
		kill(process, SIGKILL);
		waitpid(process, NULL, 0);
	}
	close(ends[0]);
	return error;
}

void program_check(
    const char *file, enum fault_kind kind, struct faults *faults)
{
	char line[LINE_SIZE], safe[LINE_SIZE];
	int error = ask(file, line);

	if (error != 0)
		faults_add(faults, kind, file, 0,
		    _("%s: install all of this version's programs"),
		    strerror(error));
	else if (strcmp(line, PACKAGE_STRING) != 0)
		faults_add(faults, kind, file, 0,
		    _("it says \"%s\", and not \"%s\": install all "
		      "programs of one version"),
		    report_readable(safe, sizeof safe, line), PACKAGE_STRING);
}
