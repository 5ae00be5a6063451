/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-tree.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench-memory.h"
#include "record.h"

enum { AT_ONCE_MAX = 128, REPORT_MAX = 65536 };

struct run {
	pid_t process; /* 0: none */
	int output;
};

struct runner {
	const struct tree_command *command;
	struct run runs[AT_ONCE_MAX];
	unsigned started, running;
};

static void check(int error, const char *what)
{
	if (error != 0) {
		errno = error;
		err(99, "%s", what);
	}
}

/* A file without a name: nobody has to read what is written meanwhile. */
static int open_output(void)
{
	int output = memfd_create("report", MFD_CLOEXEC);

	if (output == -1)
		err(99, "report");
	return output;
}

static struct run start(const struct tree_command *command)
{
	const char *input =
	    command->input != NULL ? command->input : "/dev/null";
	struct run run = {.output = open_output()};
	posix_spawn_file_actions_t actions;

	check(posix_spawn_file_actions_init(&actions), "spawn");
	check(posix_spawn_file_actions_addopen(
		  &actions, STDIN_FILENO, input, O_RDONLY, 0),
	    "spawn");
	for (int to = STDOUT_FILENO; to <= STDERR_FILENO; to++)
		check(
		    posix_spawn_file_actions_adddup2(&actions, run.output, to),
		    "spawn");
	check(posix_spawn(&run.process, command->arguments[0], &actions, NULL,
		  (char *const *)command->arguments,
		  (char *const *)command->environment),
	    command->arguments[0]);
	posix_spawn_file_actions_destroy(&actions);
	return run;
}

/* The letter of the last report. */
static char find_verdict(const char *report, size_t length)
{
	const char *before;

	if (length == 0 || report[length - 1] != '\0')
		return '?';
	before = memrchr(report, '\0', length - 1);
	return before != NULL ? before[1] : *report;
}

static void check_run(
    const struct tree_command *command, const struct run *run, int status)
{
	char report[REPORT_MAX];
	ssize_t length = pread(run->output, report, sizeof report - 1, 0);

	close(run->output);
	if (length < 0)
		length = 0;
	report[length] = '\0';
	if (status == 0 &&
	    (!command->delivers || find_verdict(report, (size_t)length) == 'K'))
		return;
	for (ssize_t i = 0; i < length; i++)
		if (report[i] == '\0')
			report[i] = '|';
	errx(
	    99, "%s: status %d, \"%s\"", command->arguments[0], status, report);
}

static void fill(struct runner *runner)
{
	const struct tree_command *command = runner->command;
	unsigned count = command->count > 0 ? command->count : 1;
	unsigned at_once = command->at_once > 0 ? command->at_once : 1;

	for (unsigned i = 0; i < at_once && runner->started < count; i++) {
		if (runner->runs[i].process != 0)
			continue;
		runner->runs[i] = start(command);
		runner->started++;
		runner->running++;
	}
}

/* Returns whether the process is one of those started here. */
static bool take(struct runner *runner, pid_t process, int status)
{
	for (unsigned i = 0; i < AT_ONCE_MAX; i++) {
		struct run *run = &runner->runs[i];

		if (run->process != process)
			continue;
		check_run(runner->command, run, status);
		run->process = 0;
		runner->running--;
		return true;
	}
	return false;
}

static int64_t microseconds(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static void run_all(
    const struct tree_command *command, struct tree_usage *usage)
{
	struct runner runner = {.command = command};
	int64_t began = record_now();

	for (;;) {
		struct rusage used;
		pid_t process;
		int status;

		fill(&runner);
		process = wait4(-1, &status, 0, &used);
		if (process == -1)
			return;
		usage->cpu +=
		    microseconds(used.ru_utime) + microseconds(used.ru_stime);
		if (take(&runner, process, status))
			usage->elapsed = record_now() - began;
	}
}

/* Starts a process without other children, to which all orphans come. */
static pid_t fork_runner(void)
{
	pid_t child = fork();

	if (child == -1)
		err(99, "fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	}
	return child;
}

static void collect(pid_t child, int from, void *result, size_t size)
{
	ssize_t got = read(from, result, size);
	int status;

	close(from);
	waitpid(child, &status, 0);
	if (status != 0 || got != (ssize_t)size)
		exit(99);
}

static void give(int to, const void *result, size_t size)
{
	_exit(write(to, result, size) != (ssize_t)size);
}

static void open_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) == -1)
		err(99, "pipe");
}

void tree_run(const struct tree_command *command, struct tree_usage *usage)
{
	int ends[2];
	pid_t child;

	memset(usage, 0, sizeof *usage);
	open_pipe(ends);
	child = fork_runner();
	if (child == 0) {
		run_all(command, usage);
		give(ends[1], usage, sizeof *usage);
	}
	close(ends[1]);
	collect(child, ends[0], usage, sizeof *usage);
}

long tree_memory(const struct tree_command *command, enum tree_memory kind)
{
	long size = 0;
	int ends[2];
	pid_t child;

	open_pipe(ends);
	child = fork_runner();
	if (child == 0) {
		start(command);
		size = memory_of_children(kind == TREE_PRIVATE);
		memory_kill_children();
		give(ends[1], &size, sizeof size);
	}
	close(ends[1]);
	collect(child, ends[0], &size, sizeof size);
	return size;
}
