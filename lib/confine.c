/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "confine.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#ifdef HAVE_CAP_ENTER
#include <sys/capsicum.h>
#endif
#ifdef HAVE_SECCOMP
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "confine_arch.h"

/*
 * Reading, writing, waiting, memory, the clock, randomness and the end, as
 * far as the platform has such a call.
 */
static const unsigned allowed[] = {
    SYS_read,
    SYS_readv,
    SYS_write,
    SYS_writev,
    SYS_close,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_mprotect,
    SYS_brk,
    SYS_getpid,
    SYS_getrusage,
    SYS_rt_sigreturn,
    SYS_restart_syscall,
    SYS_exit,
    SYS_exit_group,
#ifdef SYS_recvfrom
    SYS_recvfrom,
    SYS_sendto,
    SYS_recvmsg,
    SYS_sendmsg,
    SYS_shutdown,
#endif
#ifdef SYS_socketcall
    /* No new socket comes of it: RLIMIT_NOFILE is against that. */
    SYS_socketcall,
#endif
#ifdef SYS_recv
    SYS_recv,
    SYS_send,
#endif
#ifdef SYS_poll
    SYS_poll,
#endif
#ifdef SYS_ppoll
    SYS_ppoll,
#endif
#ifdef SYS_ppoll_time64
    SYS_ppoll_time64,
#endif
#ifdef SYS_mmap
    SYS_mmap,
#endif
#ifdef SYS_mmap2
    SYS_mmap2,
#endif
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
};

enum {
	ALLOWED = sizeof allowed / sizeof allowed[0],
	BEFORE = 3, /* instructions in front of those for each call */
	AFTER = 2
};
_Static_assert(ALLOWED + 1 <= UINT8_MAX, "a jump has eight bits");

/*
 * Calls by another architecture's numbers, which one machine can have beside
 * its own, fail as do all that are not allowed: as if the system could not do
 * it.  The session may be lost, but not the process in the middle of something.
 */
static void filter_calls(void)
{
	struct sock_filter code[BEFORE + ALLOWED + AFTER] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CONFINE_ARCH, 0, ALLOWED + 1),
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	const struct sock_fprog program = {BEFORE + ALLOWED + AFTER, code};

	for (unsigned i = 0; i < ALLOWED; i++)
		code[BEFORE + i] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			allowed[i], (unsigned char)(ALLOWED - i), 0);
	code[BEFORE + ALLOWED] = (struct sock_filter)BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
	code[BEFORE + ALLOWED + 1] =
	    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
#endif

static void lower(int resource, rlim_t value)
{
	const struct rlimit limit = {value, value};

	setrlimit(resource, &limit);
}

void confine_memory(void)
{
	lower(RLIMIT_CORE, 0);
#if defined HAVE_SYS_PRCTL_H && defined PR_SET_DUMPABLE
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void confine_rights(void)
{
	/* poll needs as many as it looks at; all of these are taken. */
	lower(RLIMIT_NOFILE, 2);
	lower(RLIMIT_NPROC, 0);
	lower(RLIMIT_FSIZE, 0);
#if defined HAVE_SYS_PRCTL_H && defined PR_SET_NO_NEW_PRIVS
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
#ifdef HAVE_SECCOMP
	filter_calls();
#endif
#ifdef HAVE_CAP_ENTER
	cap_enter();
#endif
#ifdef HAVE_PLEDGE
	if (pledge("stdio", NULL) != 0)
		_exit(0);
#endif
}
