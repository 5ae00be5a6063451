/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "deliver.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deliver-monitor.h"

/* An argument list or an environment. */
struct list {
	char **items; /* ended by NULL */
	size_t count;
};

static void add(struct list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct list *list, const char *format, ...)
{
	va_list arguments;

	list->items =
	    realloc(list->items, (list->count + 2) * sizeof *list->items);
	va_start(arguments, format);
	if (list->items == NULL ||
	    vasprintf(&list->items[list->count], format, arguments) == -1)
		err(99, "deliver");
	va_end(arguments);
	list->items[++list->count] = NULL;
}

static void add_all(struct list *list, const char *const *items)
{
	for (; items != NULL && *items != NULL; items++)
		add(list, "%s", *items);
}

static void list_free(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
}

/* The absolute path in the environment variable or of otherwise. */
static char *find_program(const char *variable, const char *otherwise)
{
	const char *value = getenv(variable);
	const char *name = value != NULL && *value != '\0' ? value : otherwise;
	char *path = realpath(name, NULL);

	if (path == NULL || access(path, X_OK) == -1)
		err(99, "deliver: %s", name);
	return path;
}

char *deliver_program(void)
{
	return find_program("QMAIL_REMOTE", "tests/qmail-remote");
}

static char *find_io(const char *program)
{
	char *copy = strdup(program);
	char *beside;
	char *io;

	if (copy == NULL ||
	    asprintf(&beside, "%s/qmail-remote-io", dirname(copy)) == -1)
		err(99, "deliver");
	io = find_program("QR_TEST_IO", beside);
	free(beside);
	free(copy);
	return io;
}

/* What sanitizers and coverage want to be told is passed on. */
static struct list make_environment(
    const struct delivery *delivery, const char *program)
{
	static const char *const passed[] = {"ASAN_OPTIONS", "LSAN_OPTIONS",
	    "UBSAN_OPTIONS", "LLVM_PROFILE_FILE", "GCOV_PREFIX",
	    "GCOV_PREFIX_STRIP"};
	struct list list = {0};
	char *io = find_io(program);

	add(&list, "PATH=/nonexistent");
	add(&list, "QR_TEST_HOME=%s", delivery->home->path);
	add(&list, "QR_TEST_IO=%s", io);
	if (delivery->port > 0)
		add(&list, "QR_TEST_PORT=%u", delivery->port);
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		if (getenv(passed[i]) != NULL)
			add(&list, "%s=%s", passed[i], getenv(passed[i]));
	add_all(&list, delivery->environment);
	free(io);
	return list;
}

static struct list make_arguments(const struct delivery *delivery)
{
	struct list list = {0};

	add(&list, "qmail-remote");
	if (delivery->arguments != NULL) {
		add_all(&list, delivery->arguments);
	} else {
		add(&list, "%s", delivery->host);
		add(&list, "%s", delivery->sender);
		add_all(&list, delivery->recipients);
	}
	return list;
}

void deliver_write_message(int fd, const struct delivery *delivery)
{
	const char *message =
	    delivery->message != NULL ? delivery->message : "";
	size_t length =
	    delivery->length > 0 ? delivery->length : strlen(message);
	size_t times = delivery->repeat > 0 ? delivery->repeat : 1;

	while (times-- > 0) {
		size_t done = 0;

		while (done < length) {
			ssize_t got = write(fd, message + done, length - done);

			if (got == -1)
				err(99, "deliver: message");
			done += (size_t)got;
		}
	}
}

/* A descriptor of the queue's file with the message. */
static int open_message(const struct delivery *delivery, int flags)
{
	char path[HOME_PATH];
	int writer, reader;

	home_path(delivery->home, "message", path);
	writer = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (writer == -1)
		err(99, "%s", path);
	deliver_write_message(writer, delivery);
	close(writer);
	reader = open(path, flags | O_CLOEXEC);
	if (reader == -1 || unlink(path) == -1)
		err(99, "%s", path);
	return reader;
}

static int open_input(const struct delivery *delivery)
{
	switch (delivery->input) {
	case DELIVER_FILE: return open_message(delivery, O_RDONLY);
	case DELIVER_WRITE_ONLY: return open_message(delivery, O_WRONLY);
	case DELIVER_DIRECTORY:
		return open(
		    delivery->home->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	case DELIVER_PIPE:
	case DELIVER_CLOSED: break;
	}
	return -1;
}

/* Returns what the program writes to; *from is what can be read, or -1. */
static int open_output(enum deliver_output output, int *from)
{
	int ends[2];

	*from = -1;
	if (output == DELIVER_NOWHERE)
		return -1;
	if (output == DELIVER_FULL)
		return open("/dev/full", O_WRONLY | O_CLOEXEC);
	if (pipe2(ends, O_CLOEXEC) == -1)
		err(99, "deliver: pipe");
	if (output == DELIVER_UNREAD)
		close(ends[0]);
	else
		*from = ends[0];
	return ends[1];
}

static void read_all(int fd, struct bytes *bytes)
{
	char buffer[4096];
	ssize_t got;

	while ((got = read(fd, buffer, sizeof buffer)) > 0 ||
	       (got == -1 && errno == EINTR))
		if (got > 0)
			bytes_add(bytes, buffer, (size_t)got);
	close(fd);
}

/*
 * Starts the monitor, which ends everything in time, so that reading its
 * pipe and the program's always comes to an end.  Returns the former.
 */
static int start_monitor(
    const struct deliver_plan *plan, int from, pid_t *child)
{
	struct outcome outcome = {0};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		err(99, "deliver: pipe");
	*child = fork();
	if (*child == -1)
		err(99, "deliver: fork");
	if (*child == 0) {
		if (from != -1)
			close(from);
		deliver_monitor(plan, &outcome);
		_exit(
		    write(ends[1], &outcome, sizeof outcome) != sizeof outcome);
	}
	close(ends[1]);
	if (plan->input != -1)
		close(plan->input);
	if (plan->output != -1)
		close(plan->output);
	return ends[0];
}

static void run(
    const struct deliver_plan *plan, int from, struct outcome *outcome)
{
	struct bytes output = {0};
	struct bytes result = {0};
	pid_t child;
	int monitor = start_monitor(plan, from, &child);

	if (from != -1)
		read_all(from, &output);
	read_all(monitor, &result);
	waitpid(child, NULL, 0);
	if (result.length != sizeof *outcome)
		errx(99, "deliver: the monitor has failed");
	memcpy(outcome, result.data, sizeof *outcome);
	bytes_free(&result);
	outcome->output = output;
	outcome_parse(outcome);
}

void deliver(const struct delivery *delivery, struct outcome *outcome)
{
	char *remote = deliver_program(), *program;
	struct list arguments = make_arguments(delivery);
	struct list environment = make_environment(delivery, remote);
	char directory[HOME_PATH];
	struct deliver_plan plan = {.delivery = delivery,
	    .arguments = arguments.items,
	    .environment = environment.items,
	    .directory = home_path(delivery->home, "queue/mess", directory),
	    .input = open_input(delivery)};
	int from;

	if (asprintf(&program, "%s%s", remote,
		delivery->tool != NULL ? delivery->tool : "") == -1)
		err(99, "deliver");
	plan.program = program;
	if (access(directory, X_OK) == -1)
		plan.directory = "/";
	plan.output = open_output(delivery->output, &from);
	run(&plan, from, outcome);
	list_free(&arguments);
	list_free(&environment);
	free(program);
	free(remote);
}
