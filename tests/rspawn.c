/* SPDX-License-Identifier: ISC */
/*
 * Runs an installed qmail-remote as qmail-rspawn does, and prints what
 * qmail-send would receive: the message file on descriptor 0, one pipe on 1
 * and 2, as the user of the run directory when root runs this, and with the
 * environment that qmail's boot script leaves.  Exits with 0 for K, 111 for Z
 * and 100 for D.
 */
#include "config.h"

#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "rspawn.h"

static _Noreturn void usage(const char *name)
{
	fprintf(stderr,
	    "usage: %s [-u USER] [-e NAME=VALUE] PROGRAM MESSAGE HOST SENDER "
	    "RECIPIENT\n",
	    name);
	exit(2);
}

static void become(const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (user == NULL)
		errx(2, "no user %s", name);
	if (setgroups(1, &user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
	    setuid(user->pw_uid) != 0)
		err(2, "cannot become %s", name);
}

/* Puts a descriptor of any number on another. */
static void put_on(int descriptor, int wanted)
{
	if (descriptor != wanted && dup2(descriptor, wanted) < 0)
		err(2, "dup2");
}

static _Noreturn void run(
    char **arguments, char **environment, const char *user, const int pipe[2])
{
	int message = open(arguments[1], O_RDONLY | O_CLOEXEC);
	char *program[] = {
	    arguments[0], arguments[2], arguments[3], arguments[4], NULL};

	if (message < 0)
		err(2, "%s", arguments[1]);
	if (user != NULL)
		become(user);
	put_on(message, STDIN_FILENO);
	put_on(pipe[1], STDOUT_FILENO);
	put_on(pipe[1], STDERR_FILENO);
	execve(program[0], program, environment);
	_exit(111);
}

static void collect(int descriptor, struct bytes *output)
{
	char chunk[4096];
	ssize_t size;

	while ((size = read(descriptor, chunk, sizeof chunk)) > 0)
		bytes_add(output, chunk, (size_t)size);
	if (size < 0)
		err(2, "read");
}

static int spawn(char **arguments, char **environment, const char *user)
{
	struct bytes output = {0}, result;
	int pipe[2], status;
	char letter;
	pid_t child;

	if (pipe2(pipe, O_CLOEXEC) != 0 || (child = fork()) < 0)
		err(2, "fork");
	if (child == 0)
		run(arguments, environment, user, pipe);
	close(pipe[1]);
	collect(pipe[0], &output);
	if (waitpid(child, &status, 0) != child)
		err(2, "waitpid");
	rspawn_report(status, output.data, output.length, &result);
	fwrite(result.data, 1, result.length, stdout);
	letter = result.data[0];
	bytes_free(&result);
	bytes_free(&output);
	return letter == 'K' ? 0 : letter == 'Z' ? 111 : 100;
}

int main(int argc, char **argv)
{
	char path[] = "PATH=/usr/bin:/bin";
	char *environment[] = {path, NULL, NULL};
	const char *user = NULL;
	int option;

	while ((option = getopt(argc, argv, "+u:e:")) != -1) {
		if (option == 'u')
			user = optarg;
		else if (option == 'e')
			environment[1] = optarg;
		else
			usage(argv[0]);
	}
	if (argc - optind != 5)
		usage(argv[0]);
	return spawn(argv + optind, environment, user);
}
