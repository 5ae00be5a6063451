/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "xalloc.h"

/* The end of the pipe is standard output; its other number goes on exec. */
static _Noreturn void become_helper(
    const char *program, char **arguments, int output)
{
	char *const environment[] = {NULL};
	struct sts_result result = {.outcome = STS_OUTCOME_MISSING};

	if (descriptors_keep(&output, 1) &&
	    dup2(output, STDOUT_FILENO) == STDOUT_FILENO)
		execve(program, arguments, environment);
	result.text = strerror(errno);
	result.size = strlen(result.text);
	sts_result_write(output, &result);
	_exit(0);
}

/* A descriptor above those that the child puts /dev/null on. */
static bool open_pipe(int ends[2])
{
	int end, error;

	if (pipe(ends) != 0)
		return false;
	end = fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close(ends[1]);
	ends[1] = end;
	if (end >= 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0)
		return true;
	close(ends[0]);
	errno = error;
	return false;
}

/* Reads up to the end, as far as there is time and room. */
static size_t read_all(
    int descriptor, char *bytes, size_t room, struct deadline deadline)
{
	struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
	size_t size = 0;

	while (size < room && deadline_poll(&waiting, 1, deadline) > 0) {
		ssize_t got = read(descriptor, bytes + size, room - size);

		if (got == 0)
			return size;
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0)
			size += (size_t)got;
	}
	return 0;
}

/* It is this process that has no room for it. */
static void set_missing(struct sts_result *result, char *bytes, int error)
{
	int size = snprintf(bytes, STS_REASON_SIZE, "%s", strerror(error));

	*result = (struct sts_result){.outcome = STS_OUTCOME_MISSING,
	    .text = bytes,
	    .size = (size_t)size};
}

/* What it says until it is ended. */
static void hear(pid_t process, int output, struct deadline deadline,
    char *bytes, struct sts_result *result)
{
	size_t size = read_all(output, bytes, STS_RESULT_SIZE_MAX, deadline);

	kill(process, SIGKILL);
	waitpid(process, NULL, 0);
	bytes[size] = '\0';
	sts_result_read(result, bytes, size);
}

char *sts_helper_run(const char *program, const struct sts_call *call,
    struct deadline deadline, struct sts_result *result)
{
	char **arguments = sts_call_to_arguments(call, "qmail-remote-sts");
	char *bytes = xcalloc(STS_RESULT_SIZE_MAX + 1, 1);
	int ends[2], error;
	pid_t process;

	if (!open_pipe(ends)) {
		set_missing(result, bytes, errno);
		return bytes;
	}
	/* Nobody else is to take its end. */
	signal(SIGCHLD, SIG_DFL);
	process = fork();
	error = errno;
	if (process == 0)
		become_helper(program, arguments, ends[1]);
	close(ends[1]);
	if (process > 0)
		hear(process, ends[0], deadline, bytes, result);
	else
		set_missing(result, bytes, error);
	close(ends[0]);
	return bytes;
}
