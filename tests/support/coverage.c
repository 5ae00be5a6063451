/* SPDX-License-Identifier: ISC */
/*
 * Linked into the programs and modules of a coverage build only, with ld's
 * --wrap: gcov writes what it has counted when a process calls exit, but ours
 * end by _exit, exec or SIGKILL, and the relay may not open files any more.
 * So the counts are written before, and the confinement is as wide as that
 * needs.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

void __gcov_dump(void);

int __real___gcov_execv(const char *path, char *const *arguments);
int __wrap___gcov_execv(const char *path, char *const *arguments);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
int __real_kill(pid_t process, int number);
int __wrap_kill(pid_t process, int number);
int __real_prctl(int option, ...);
int __wrap_prctl(int option, ...);
int __real_setrlimit(int resource, const struct rlimit *limit);
int __wrap_setrlimit(int resource, const struct rlimit *limit);

/*
 * Program and module have counts of their own, and each puts its __gcov_dump
 * here: the module finds the program's array, not its own.
 */
extern void (*coverage_writers[4])(void);
void (*coverage_writers[4])(void);

/* The fault tests' library, where it is loaded: gcov is not to fail. */
static void (*fault_pause)(bool pause);

static void pause_faults(bool pause)
{
	if (fault_pause != NULL)
		fault_pause(pause);
}

static void write_counts(void)
{
	pause_faults(true);
	for (size_t i = 0; i < COUNT(coverage_writers); i++)
		if (coverage_writers[i] != NULL)
			coverage_writers[i]();
	pause_faults(false);
}

/* Takes back what __wrap_setrlimit has left of the limits. */
static void widen_limits(void)
{
	static const int resources[] = {RLIMIT_NOFILE, RLIMIT_FSIZE};
	struct rlimit limit;

	for (size_t i = 0; i < COUNT(resources); i++)
		if (getrlimit(resources[i], &limit) == 0) {
			limit.rlim_cur = limit.rlim_max;
			__real_setrlimit(resources[i], &limit);
		}
}

/* Set once the counts are about to be written. */
static volatile sig_atomic_t ending;

static void prepare_end(void)
{
	ending = 1;
	pause_faults(true);
	widen_limits();
}

/* Should it be interrupted where it cannot go on, it ends all the same. */
static void end_politely(int number)
{
	if (ending)
		return;
	signal(SIGALRM, SIG_DFL);
	alarm(2);
	__wrap__exit(128 + number);
}

__attribute__((constructor)) static void start(void)
{
	void *found = dlsym(RTLD_DEFAULT, "fault_pause");
	size_t i = 0;

	memcpy(&fault_pause, &found, sizeof found);
	while (coverage_writers[i] != NULL)
		i++;
	coverage_writers[i] = __gcov_dump;
	if (i > 0)
		return; /* a module */
	atexit(prepare_end);
	if (strcmp(program_invocation_short_name, "qmail-remote-relay") == 0)
		signal(SIGTERM, end_politely);
}

/*
 * The servers of the fault tests are killed while they end, and a file of counts
 * that is half written spoils all that come after.
 */
static bool is_killed_often(void)
{
	return strncmp(program_invocation_short_name, "fault-", 6) == 0;
}

/* Weak: fuzz/replay has its own. */
__attribute__((weak)) _Noreturn void __wrap__exit(int status)
{
	prepare_end();
	if (!is_killed_often())
		write_counts();
	__real__exit(status);
}

int __wrap___gcov_execv(const char *path, char *const *arguments)
{
	write_counts();
	return __real___gcov_execv(path, arguments);
}

/* What qmail-remote kills is its relay, which may have been stopped. */
int __wrap_kill(pid_t process, int number)
{
	if (number != SIGKILL ||
	    strcmp(program_invocation_short_name, "qmail-remote") != 0)
		return __real_kill(process, number);
	__real_kill(process, SIGTERM);
	return __real_kill(process, SIGCONT);
}

/* Only the soft limit, which is the one that counts. */
int __wrap_setrlimit(int resource, const struct rlimit *limit)
{
	struct rlimit soft;

	if (getrlimit(resource, &soft) != 0)
		return -1;
	soft.rlim_cur = limit->rlim_cur;
	return __real_setrlimit(resource, &soft);
}

static int prctl_filter(const struct sock_fprog *program)
{
	static const unsigned calls[] = {
#ifdef SYS_open
	    SYS_open,
#endif
	    SYS_openat,
	    SYS_fcntl,
	    SYS_fstat,
	    SYS_newfstatat,
	    SYS_lseek,
	    SYS_ftruncate,
	    SYS_prlimit64,
	};
	struct sock_filter code[512] = {BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	struct sock_fprog wider = {1, code};

	for (size_t i = 0; i < COUNT(calls); i++) {
		code[wider.len++] = (struct sock_filter)BPF_JUMP(
		    BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
		code[wider.len++] = (struct sock_filter)BPF_STMT(
		    BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	for (size_t i = 0; i < program->len && wider.len < COUNT(code); i++)
		code[wider.len++] = program->filter[i];
	return __real_prctl(
	    PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &wider, 0UL, 0UL);
}

/* The filter, and before it the calls that gcov needs. */
int __wrap_prctl(int option, ...)
{
	unsigned long values[4];
	va_list rest;

	va_start(rest, option);
	for (size_t i = 0; i < COUNT(values); i++)
		values[i] = va_arg(rest, unsigned long);
	va_end(rest);
	if (option == PR_SET_SECCOMP && values[0] == SECCOMP_MODE_FILTER)
		return prctl_filter((const struct sock_fprog *)values[1]);
	return __real_prctl(option, values[0], values[1], values[2], values[3]);
}
