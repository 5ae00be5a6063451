/* SPDX-License-Identifier: ISC */
/* What a confined process still can do, and what it cannot. */
#include "config.h"

#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* What an attempt may need of the time before. */
struct ground {
	int file, socket, listener;
	struct sockaddr_un address;
	void *page;
	pid_t thread, child;
};

/* Attempts return what the system says: -1, or no error. */
static long open_file(const struct ground *ground)
{
	(void)ground;
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static long create_file(const struct ground *ground)
{
	(void)ground;
	return open("created", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long execute(const struct ground *ground)
{
	static char name[] = "true";
	char *arguments[] = {name, NULL};

	(void)ground;
	return execve("/bin/true", arguments, environ);
}

static long start_process(const struct ground *ground)
{
	pid_t child = fork();

	(void)ground;
	if (child == 0)
		_exit(0);
	return child;
}

static long make_socket(const struct ground *ground)
{
	(void)ground;
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static long connect_socket(const struct ground *ground)
{
	return connect(ground->socket, (const void *)&ground->address,
	    sizeof ground->address);
}

static long bind_socket(const struct ground *ground)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "bound");
	return bind(ground->socket, (const void *)&address, sizeof address);
}

static long accept_socket(const struct ground *ground)
{
	return accept(ground->listener, NULL, NULL);
}

/* A descriptor could come with it. */
static long receive_message(const struct ground *ground)
{
	struct msghdr message = {0};

	return recvmsg(ground->socket, &message, MSG_DONTWAIT) == -1 &&
		       errno == ENOSYS
		   ? -1
		   : 0;
}

static long send_signal(const struct ground *ground)
{
	return kill(ground->child, 0);
}

static long signal_itself(const struct ground *ground)
{
	(void)ground;
	return kill(getpid(), 0);
}

static long signal_thread(const struct ground *ground)
{
	return syscall(SYS_tgkill, getpid(), ground->thread, SIGKILL);
}

static long map_code(const struct ground *ground)
{
	(void)ground;
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		   ? -1
		   : 0;
}

static long map_file_as_code(const struct ground *ground)
{
	return mmap(NULL, 4096, PROT_EXEC, MAP_PRIVATE, ground->file, 0) ==
		       MAP_FAILED
		   ? -1
		   : 0;
}

static long make_code(const struct ground *ground)
{
	return mprotect(ground->page, 4096, PROT_READ | PROT_EXEC);
}

static long remove_file(const struct ground *ground)
{
	(void)ground;
	return unlink("file");
}

static long rename_file(const struct ground *ground)
{
	(void)ground;
	return rename("file", "other");
}

static long make_directory(const struct ground *ground)
{
	(void)ground;
	return mkdir("directory", 0700);
}

static long look_at_file(const struct ground *ground)
{
	struct stat status;

	(void)ground;
	return stat("file", &status);
}

static long copy_descriptor(const struct ground *ground)
{
	return dup(ground->file);
}

#define CALL(name, number)                                                     \
	static long name(const struct ground *ground)                          \
	{                                                                      \
		(void)ground;                                                  \
		return syscall(number, 0L, 0L, 0L, 0L, 0L);                    \
	}
CALL(trace, SYS_ptrace)
CALL(read_memory, SYS_process_vm_readv)
CALL(control_process, SYS_prctl)
CALL(change_user, SYS_setuid)
#ifdef SYS_memfd_create
CALL(make_nameless, SYS_memfd_create)
#endif

static const struct attempt {
	const char *name;
	long (*make)(const struct ground *ground);
} attempts[] = {
    {"open", open_file},
    {"create", create_file},
    {"execve", execute},
    {"fork", start_process},
    {"socket", make_socket},
    {"connect", connect_socket},
    {"bind", bind_socket},
    {"accept", accept_socket},
    {"recvmsg", receive_message},
    {"kill", send_signal},
    {"kill itself", signal_itself},
    {"tgkill", signal_thread},
    {"mmap PROT_EXEC", map_code},
    {"mmap a file PROT_EXEC", map_file_as_code},
    {"mprotect PROT_EXEC", make_code},
    {"unlink", remove_file},
    {"rename", rename_file},
    {"mkdir", make_directory},
    {"stat", look_at_file},
    {"dup", copy_descriptor},
    {"ptrace", trace},
    {"process_vm_readv", read_memory},
    {"prctl", control_process},
    {"setuid", change_user},
#ifdef SYS_memfd_create
    {"memfd_create", make_nameless},
#endif
};

static struct home home;
static int told[2];

static void *wait_for_ever(void *unused)
{
	pid_t own = (pid_t)syscall(SYS_gettid);

	(void)unused;
	if (write(told[1], &own, sizeof own) == sizeof own)
		for (;;)
			pause();
	return NULL;
}

static void prepare(struct ground *ground)
{
	pthread_t thread;

	ground->address.sun_family = AF_UNIX;
	snprintf(ground->address.sun_path, sizeof ground->address.sun_path,
	    "listener");
	ground->file = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0700);
	ck_assert_int_eq(ftruncate(ground->file, 4096), 0);
	ground->socket =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ground->listener =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(ground->listener, (const void *)&ground->address,
			     sizeof ground->address),
	    0);
	ck_assert_int_eq(listen(ground->listener, 1), 0);
	ground->page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_int_eq(pipe(told), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_ever, NULL), 0);
	ck_assert_int_eq(read(told[0], &ground->thread, sizeof(pid_t)),
	    (ssize_t)sizeof(pid_t));
	ground->child = getppid();
}

/* Exits with 1 when one of the attempts has succeeded, with its name. */
static _Noreturn void try_them(
    const struct attempt *list, int count, const struct ground *ground)
{
	for (int i = 0; i < count; i++)
		if (list[i].make(ground) != -1) {
			dprintf(1, "%s\n", list[i].name);
			_exit(1);
		}
	_exit(0);
}

static void attempt_all(const void *unused)
{
	struct ground ground = {0};
	struct failure failure;

	(void)unused;
	prepare(&ground);
	if (!confine_rights(CONFINE_TO_SOCKETS, &failure))
		_exit(2);
	try_them(attempts, COUNT(attempts), &ground);
}

static long own_file(const struct ground *ground)
{
	return fcntl(ground->socket, F_SETOWN, ground->child);
}

static long truncate_file(const struct ground *ground)
{
	(void)ground;
	return open("file", O_RDONLY | O_TRUNC | O_CLOEXEC);
}

static long make_link(const struct ground *ground)
{
	(void)ground;
	return symlink("file", "link");
}

/* What a process cannot do either that calls others. */
static const struct attempt attempts_of_callers[] = {
    {"create", create_file},
    {"truncate", truncate_file},
    {"symlink", make_link},
    {"execve", execute},
    {"fork", start_process},
    {"socket", make_socket},
    {"accept", accept_socket},
    {"kill", send_signal},
    {"kill itself", signal_itself},
    {"tgkill", signal_thread},
    {"F_SETOWN", own_file},
    {"mmap PROT_EXEC", map_code},
    {"mmap a file PROT_EXEC", map_file_as_code},
    {"mprotect PROT_EXEC", make_code},
    {"unlink", remove_file},
    {"rename", rename_file},
    {"mkdir", make_directory},
    {"ptrace", trace},
    {"process_vm_readv", read_memory},
    {"prctl", control_process},
    {"setuid", change_user},
};

static void attempt_as_caller(const void *unused)
{
	struct ground ground = {0};
	struct failure failure;

	(void)unused;
	prepare(&ground);
	if (!confine_to_calls(&failure))
		_exit(2);
	try_them(attempts_of_callers, COUNT(attempts_of_callers), &ground);
}

START_TEST(forbidden_to_callers)
{
	struct bytes output;

	ck_assert_int_eq(unlink("listener") == 0 || errno == ENOENT, 1);
	ck_assert_int_eq(unit_run(attempt_as_caller, NULL, &output), 0);
	ck_assert_uint_eq(output.length, 0);
}
END_TEST

/* What it lives by: a connection, and files to read. */
static void call_somebody(const void *unused)
{
	struct sockaddr_in nobody = {
	    .sin_family = AF_INET, .sin_port = htons(1)};
	struct failure failure;
	int caller, file;

	(void)unused;
	nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!confine_to_calls(&failure))
		_exit(2);
	caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (caller < 0 || fcntl(caller, F_SETFL, O_NONBLOCK) != 0)
		_exit(3);
	if (connect(caller, (const void *)&nobody, sizeof nobody) != -1 ||
	    (errno != ECONNREFUSED && errno != EINPROGRESS))
		_exit(4);
	file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	if (file < 0 || read(file, &nobody, 1) != 1)
		_exit(5);
	_exit(0);
}

START_TEST(allowed_to_callers)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(call_somebody, NULL, &output), 0);
}
END_TEST

START_TEST(forbidden)
{
	struct bytes output;

	ck_assert_int_eq(unlink("listener") == 0 || errno == ENOENT, 1);
	ck_assert_int_eq(unit_run(attempt_all, NULL, &output), 0);
	ck_assert_uint_eq(output.length, 0);
}
END_TEST

/* What TLS and an SMTP session live by. */
static void work(const void *unused)
{
	char *large, byte = 'x';
	struct failure failure;
	FILE *file = tmpfile();
	int ends[2];

	(void)unused;
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	if (!confine_rights(CONFINE_TO_FILES, &failure))
		_exit(2);
	large = malloc(64 << 20);
	if (large == NULL)
		_exit(3);
	memset(large, 'x', 64 << 20);
	free(large);
	if (send(ends[0], &byte, 1, MSG_NOSIGNAL) != 1 ||
	    recv(ends[1], &byte, 1, 0) != 1)
		_exit(4);
	if (write(fileno(file), "text", 4) != 4 ||
	    lseek(fileno(file), 0, SEEK_SET) != 0 ||
	    read(fileno(file), &byte, 1) != 1 ||
	    pread(fileno(file), &byte, 1, 2) != 1)
		_exit(5);
	if (mprotect(malloc(1), 0, PROT_READ) != 0 && errno == ENOSYS)
		_exit(6);
	_exit(0);
}

START_TEST(allowed)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(work, NULL, &output), 0);
}
END_TEST

/* The first filter lets no second one be set, and that is noticed. */
static void confine_twice(const void *unused)
{
	struct failure failure = {.text = NULL};

	(void)unused;
	if (!confine_rights(CONFINE_TO_FILES, &failure))
		_exit(2);
	if (confine_rights(CONFINE_TO_FILES, &failure))
		_exit(3);
	_exit(failure.class == FAILURE_TEMPORARY &&
		      strstr(failure.text, "(#4.3.0)\n") != NULL
		  ? 0
		  : 4);
}

START_TEST(refused)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(confine_twice, NULL, &output), 0);
}
END_TEST

/*
 * The calls that may do something, and those that no filter sees, on some
 * platforms; others have calls that these have not.
 */
static const long plain[] = {
#if defined __x86_64__ || defined __aarch64__ || defined __riscv
    SYS_read,
    SYS_write,
    SYS_ppoll,
    SYS_recvfrom,
    SYS_sendto,
    SYS_pread64,
    SYS_readv,
    SYS_writev,
    SYS_lseek,
    SYS_close,
    SYS_brk,
    SYS_mmap,
    SYS_mprotect,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_getpid,
    SYS_getrusage,
    SYS_rt_sigreturn,
    SYS_restart_syscall,
    SYS_exit,
    SYS_exit_group,
    SYS_futex,
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_getrandom,
#endif
#ifdef __x86_64__
    SYS_poll,
    SYS_time,
    335 /* uretprobe */,
    336 /* uprobe */,
#endif
};

static bool is_plain(long call)
{
	for (size_t i = 0; i < COUNT(plain); i++)
		if (plain[i] == call)
			return true;
	return false;
}

/* Beyond the last number that any kernel knows. */
enum { NUMBERS = 1024 };

static void try_all_others(const void *unused)
{
	struct failure failure;

	(void)unused;
	if (!confine_rights(CONFINE_TO_SOCKETS, &failure))
		_exit(2);
	for (long call = 0; call < NUMBERS; call++)
		if (!is_plain(call) &&
		    (syscall(call, -1L, -1L, -1L, -1L, -1L, -1L) != -1 ||
			errno != ENOSYS)) {
			dprintf(1, "%ld\n", call);
			_exit(1);
		}
	_exit(0);
}

START_TEST(every_number)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(try_all_others, NULL, &output), 0);
	ck_assert_uint_eq(output.length, 0);
}
END_TEST

static void enter(void)
{
	unit_enter_home(&home);
}

/* Elsewhere there are limits only, which tests/e2e/tls-processes looks at. */
#ifdef HAVE_SECCOMP
enum { FILTERED = 1 };
#else
enum { FILTERED = 0 };
#endif

/* "make coverage" lets more pass: tests/support/coverage.c. */
#ifdef COVERAGE
enum { WIDENED = 1 };
#else
enum { WIDENED = 0 };
#endif

SUITE("confine")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, allowed);
	tcase_add_test(tcase, allowed_to_callers);
	if (FILTERED)
		tcase_add_test(tcase, refused);
	if (FILTERED && !WIDENED) {
		tcase_add_test(tcase, forbidden);
		tcase_add_test(tcase, forbidden_to_callers);
		if (COUNT(plain) > 1)
			tcase_add_test(tcase, every_number);
	}
}
