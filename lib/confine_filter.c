/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "confine_filter.h"

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifdef SYS_socketcall
#include <linux/net.h>
#endif

#include "confine_program.h"

/*
 * Reading, writing, waiting, memory, the clock, randomness and the end, as
 * far as the platform has such a call.
 */
static const unsigned allowed[] = {
    SYS_read, SYS_write,
#ifdef SYS_poll
    SYS_poll,
#endif
#ifdef SYS_ppoll
    SYS_ppoll,
#endif
#ifdef SYS_ppoll_time64
    SYS_ppoll_time64,
#endif
#ifdef SYS_recvfrom
    SYS_recvfrom, SYS_sendto,
#endif
#ifdef SYS_recv
    SYS_recv, SYS_send,
#endif
    SYS_pread64, SYS_readv, SYS_writev, SYS_lseek,
#ifdef SYS__llseek
    SYS__llseek,
#endif
    SYS_close, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_getpid,
    SYS_getrusage, SYS_rt_sigreturn, SYS_restart_syscall, SYS_exit,
    SYS_exit_group,
#ifdef SYS_futex
    SYS_futex,
#endif
#ifdef SYS_futex_time64
    SYS_futex_time64,
#endif
#ifdef SYS_clock_gettime
    SYS_clock_gettime,
#endif
#ifdef SYS_clock_gettime64
    SYS_clock_gettime64,
#endif
#ifdef SYS_gettimeofday
    SYS_gettimeofday,
#endif
#ifdef SYS_time
    SYS_time,
#endif
#ifdef SYS_getrandom
    SYS_getrandom,
#endif
#ifdef __s390x__
    SYS_mmap, /* its arguments are in memory, where no filter sees them */
#endif
};

/* Those that are allowed unless they ask for memory that can be run. */
static const unsigned mapping[] = {
    SYS_mprotect,
#ifdef SYS_mmap2
    SYS_mmap2,
#elif !defined __s390x__
    SYS_mmap,
#endif
};

/*
 * What a process needs besides that calls others by a library that is not ours;
 * some of these have a successor that the library tries first.
 */
static const unsigned calling[] = {
#ifdef SYS_connect
    SYS_connect,
    SYS_bind,
    SYS_getsockname,
    SYS_getpeername,
    SYS_setsockopt,
    SYS_getsockopt,
    SYS_shutdown,
    SYS_sendmsg,
    SYS_recvmsg,
    SYS_socketpair,
#endif
#ifdef SYS_select
    SYS_select,
#endif
#ifdef SYS__newselect
    SYS__newselect,
#endif
#ifdef SYS_pselect6
    SYS_pselect6,
#endif
#ifdef SYS_pselect6_time64
    SYS_pselect6_time64,
#endif
#ifdef SYS_pipe
    SYS_pipe,
#endif
    SYS_pipe2,
    SYS_eventfd2,
    SYS_dup,
#ifdef SYS_stat
    SYS_stat,
    SYS_lstat,
#endif
#ifdef SYS_fstat
    SYS_fstat,
#endif
#ifdef SYS_stat64
    SYS_stat64,
    SYS_lstat64,
    SYS_fstat64,
#endif
#ifdef SYS_newfstatat
    SYS_newfstatat,
#endif
#ifdef SYS_fstatat64
    SYS_fstatat64,
#endif
#ifdef SYS_statx
    SYS_statx,
#endif
#ifdef SYS_access
    SYS_access,
#endif
#ifdef SYS_readlink
    SYS_readlink,
#endif
    SYS_faccessat,
    SYS_readlinkat,
    SYS_getdents64,
    SYS_getcwd,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_gettid,
    SYS_uname,
    SYS_sysinfo,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,

#ifdef SYS_nanosleep
    SYS_nanosleep,
#endif
#ifdef SYS_getuid32
    SYS_getuid32,
    SYS_geteuid32,
    SYS_getgid32,
    SYS_getegid32,
#endif
#ifdef SYS_clock_nanosleep
    SYS_clock_nanosleep,
#endif
#ifdef SYS_clock_nanosleep_time64
    SYS_clock_nanosleep_time64,
#endif
};

/* The places of arguments. */
enum {
	MAP_PROTECTION = 2,
	OPEN_FLAGS = 1,
	OPENAT_FLAGS = 2,
	SOCKET_DOMAIN = 0,
	CONTROL_COMMAND = 1 /* of fcntl and ioctl */
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

_Static_assert(COUNT(allowed) + COUNT(calling) <= PROGRAM_CALLS_MAX,
    "a program has room for all calls");

/* One call for all that sockets do, by a number of its own. */
static void allow_socketcall(struct program *program, enum confine_kind kind)
{
#ifdef SYS_socketcall
	static const unsigned kinds[] = {SYS_SEND, SYS_RECV, SYS_SENDTO,
	    SYS_RECVFROM, SYS_SOCKET, SYS_CONNECT, SYS_BIND, SYS_GETSOCKNAME,
	    SYS_GETPEERNAME, SYS_SETSOCKOPT, SYS_GETSOCKOPT, SYS_SHUTDOWN,
	    SYS_SENDMSG, SYS_RECVMSG, SYS_SOCKETPAIR};

	program_allow_among(program, SYS_socketcall, 0, kinds,
	    kind == CONFINE_COPYING ? 4 : COUNT(kinds));
#else
	(void)program;
	(void)kind;
#endif
}

/*
 * Of those that call others: files for reading, sockets of the two families,
 * what waits for nobody.
 */
static void allow_calling(struct program *program)
{
	static const unsigned domains[] = {AF_INET, AF_INET6};
	static const unsigned commands[] = {
	    F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC};
	static const unsigned requests[] = {FIONBIO, FIONREAD};
	const unsigned writing = O_ACCMODE | O_CREAT | O_TRUNC;

	program_allow_without(program, SYS_openat, OPENAT_FLAGS, writing);
#ifdef SYS_open
	program_allow_without(program, SYS_open, OPEN_FLAGS, writing);
#endif
#ifdef SYS_socket
	program_allow_among(
	    program, SYS_socket, SOCKET_DOMAIN, domains, COUNT(domains));
#endif
#ifdef SYS_fcntl64
	program_allow_among(
	    program, SYS_fcntl64, CONTROL_COMMAND, commands, COUNT(commands));
#endif
	program_allow_among(
	    program, SYS_fcntl, CONTROL_COMMAND, commands, COUNT(commands));
	program_allow_among(
	    program, SYS_ioctl, CONTROL_COMMAND, requests, COUNT(requests));
}

/* The calls that are allowed whatever they ask for; all others are refused. */
static void allow_plain(struct program *program, enum confine_kind kind)
{
	unsigned calls[PROGRAM_CALLS_MAX];
	size_t count = COUNT(allowed);

	memcpy(calls, allowed, sizeof allowed);
	if (kind == CONFINE_CALLING) {
		memcpy(calls + count, calling, sizeof calling);
		count += COUNT(calling);
	}
	program_end(program, calls, count);
}

bool confine_filter(enum confine_kind kind)
{
	struct program program;

	program_start(&program);
	for (size_t i = 0; i < COUNT(mapping); i++)
		program_allow_without(
		    &program, mapping[i], MAP_PROTECTION, PROT_EXEC);
	allow_socketcall(&program, kind);
	if (kind == CONFINE_CALLING)
		allow_calling(&program);
	allow_plain(&program, kind);
	return program_set(&program);
}

#endif
