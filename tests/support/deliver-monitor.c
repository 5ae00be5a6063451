/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "deliver-monitor.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "patience.h"
#include "record.h"

enum {
	SECOND = 1000000, /* microseconds */
	DEFAULT_SECONDS = 90,
	STRAY_SECONDS = 20,
	DESCRIPTORS = 1024,
};

struct monitor {
	struct outcome *outcome;
	pid_t program;
	pid_t feeder; /* writes the message into a pipe; or 0 */
	int64_t began;
	int64_t deadline; /* of what is waited for at present */
	int64_t stray;	  /* how long others may outlive the program */
	bool program_ended, killed;
};

static void limit_resources(const struct delivery *delivery)
{
	struct rlimit space = {
	    delivery->address_space, delivery->address_space};
	struct rlimit files = {delivery->files, delivery->files};

	if (delivery->address_space > 0 && setrlimit(RLIMIT_AS, &space) == -1)
		err(99, "deliver: setrlimit");
	if (delivery->files > 0 && setrlimit(RLIMIT_NOFILE, &files) == -1)
		err(99, "deliver: setrlimit");
}

static void place(int fd, int target)
{
	if (fd == -1)
		close(target);
	else if (dup2(fd, target) == -1)
		err(99, "deliver: dup2");
}

static void mount_over(const char *directory, const char *place)
{
	if (place != NULL &&
	    mount(directory, place, NULL, MS_BIND | MS_REC, NULL) == -1)
		err(99, "deliver: %s", place);
}

/*
 * An installed program knows no home but its own: the test's takes its place,
 * for this process and its children, which only root can do.
 */
static void take_place(const struct home *home)
{
	const char *place = getenv("QR_TEST_INSTALLED_HOME");
	char run[HOME_PATH], programs[HOME_PATH], own[HOME_PATH];

	if (place == NULL)
		return;
	/* Where the test has taken it away, an empty one. */
	if (access(home_path(home, "run/qmail-remote", run), F_OK) == -1)
		home_path(home, "run", run);
	home_path(home, "bin", programs);
	snprintf(own, sizeof own, "%s/bin", place);
	if (unshare(CLONE_NEWNS) == -1 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1)
		err(99, "deliver: no namespace");
	mount_over(run, getenv("QR_TEST_INSTALLED_RUN"));
	if (mkdir(programs, 0700) == 0 || errno == EEXIST)
		mount_over(own, programs);
	mount_over(home->path, place);
}

static _Noreturn void run(const struct deliver_plan *plan, int input)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	take_place(plan->delivery->home);
	if (chdir(plan->directory) == -1)
		err(99, "deliver: %s", plan->directory);
	limit_resources(plan->delivery);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	place(input, STDIN_FILENO);
	place(plan->output, STDOUT_FILENO);
	place(plan->output, STDERR_FILENO);
	for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++)
		close(fd);
	execve(plan->program, plan->arguments, plan->environment);
	_exit(99);
}

static pid_t start(void)
{
	pid_t child = fork();

	if (child == -1)
		err(99, "deliver: fork");
	return child;
}

/* Starts a process that writes the message.  Returns the end to read. */
static int feed(const struct delivery *delivery, pid_t *feeder)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		err(99, "deliver: pipe");
	*feeder = start();
	if (*feeder == 0) {
		close(ends[0]);
		signal(SIGPIPE, SIG_DFL);
		deliver_write_message(ends[1], delivery);
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

/* Kills the program, its group and whatever else has come to us. */
static void kill_all(struct monitor *monitor)
{
	char path[64];
	FILE *list;
	int child;

	monitor->killed = true;
	kill(-monitor->program, SIGKILL);
	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	list = fopen(path, "re");
	while (list != NULL && fscanf(list, "%d", &child) == 1)
		kill(child, SIGKILL);
	if (list != NULL)
		fclose(list);
}

static int64_t microseconds(struct timeval time)
{
	return (int64_t)time.tv_sec * SECOND + time.tv_usec;
}

static void count_usage(struct outcome *outcome, const struct rusage *usage)
{
	outcome->cpu +=
	    microseconds(usage->ru_utime) + microseconds(usage->ru_stime);
	if (outcome->memory < usage->ru_maxrss)
		outcome->memory = usage->ru_maxrss;
}

static void take_child(struct monitor *monitor, pid_t child, int status,
    const struct rusage *usage)
{
	struct outcome *outcome = monitor->outcome;
	int64_t now = record_now();

	if (child == monitor->feeder)
		return;
	count_usage(outcome, usage);
	outcome->lingered = now - monitor->began;
	if (child == monitor->program) {
		outcome->status = status;
		outcome->elapsed = outcome->lingered;
		monitor->program_ended = true;
		monitor->deadline = now + monitor->stray;
		if (monitor->feeder > 0)
			kill(monitor->feeder, SIGKILL);
	} else if (monitor->killed) {
		outcome->strays++;
	}
}

/* Waits for the next SIGCHLD, which is blocked.  False: out of time. */
static bool wait_until(int64_t deadline)
{
	int64_t left = deadline - record_now();
	struct timespec time = {.tv_sec = (time_t)(left / SECOND),
	    .tv_nsec = (long)(left % SECOND * 1000)};
	sigset_t set;

	if (left <= 0)
		return false;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	return sigtimedwait(&set, NULL, &time) != -1 || errno == EINTR;
}

static void wait_for_all(struct monitor *monitor)
{
	for (;;) {
		struct rusage usage;
		int status;
		pid_t child = wait4(-1, &status, WNOHANG, &usage);

		if (child == -1)
			return;
		if (child > 0) {
			take_child(monitor, child, status, &usage);
		} else if (!wait_until(monitor->deadline)) {
			if (monitor->killed)
				errx(99, "deliver: cannot kill it");
			monitor->outcome->timed_out = !monitor->program_ended;
			monitor->deadline += monitor->stray;
			kill_all(monitor);
		}
	}
}

void deliver_monitor(const struct deliver_plan *plan, struct outcome *outcome)
{
	struct monitor monitor = {.outcome = outcome};
	unsigned seconds = plan->delivery->seconds;
	int input = plan->input;
	struct rusage own;
	sigset_t child;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	getrusage(RUSAGE_SELF, &own);
	outcome->memory_before = own.ru_maxrss;
	if (plan->delivery->input == DELIVER_PIPE)
		input = feed(plan->delivery, &monitor.feeder);
	monitor.began = record_now();
	monitor.deadline =
	    monitor.began +
	    patience(seconds > 0 ? seconds : DEFAULT_SECONDS) * (int64_t)SECOND;
	monitor.stray =
	    patience(seconds > 0 ? seconds : STRAY_SECONDS) * (int64_t)SECOND;
	monitor.program = start();
	if (monitor.program == 0)
		run(plan, input);
	if (input != -1)
		close(input);
	if (plan->output != -1)
		close(plan->output);
	wait_for_all(&monitor);
}
