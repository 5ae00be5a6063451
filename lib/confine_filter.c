/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "confine_filter.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifdef SYS_socketcall
#include <linux/net.h>
#endif

#include "confine_arch.h"

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

enum { CODE_MAX = 512, CALLS_MAX = 128 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

_Static_assert(COUNT(allowed) + COUNT(calling) <= CALLS_MAX,
    "a search jumps no further than BPF can");

/* A filter that is being written. */
struct filter {
	struct sock_filter code[CODE_MAX];
	unsigned short size;
};

static void put(struct filter *filter, struct sock_filter instruction)
{
	if (filter->size < CODE_MAX)
		filter->code[filter->size] = instruction;
	filter->size++;
}

static void put_load(struct filter *filter, size_t offset)
{
	put(filter, (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

/* The 32 bits of an argument that matter. */
static void put_load_argument(struct filter *filter, unsigned index)
{
	size_t offset =
	    offsetof(struct seccomp_data, args) + index * sizeof(uint64_t);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	offset += sizeof(uint32_t);
#endif
	put_load(filter, offset);
}

static void put_return(struct filter *filter, unsigned result)
{
	put(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, result));
}

static void put_refusal(struct filter *filter)
{
	put_return(filter, SECCOMP_RET_ERRNO | ENOSYS);
}

static void put_jump(struct filter *filter, unsigned condition, unsigned value,
    size_t if_so, size_t otherwise)
{
	put(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | condition | BPF_K,
			value, (unsigned char)if_so, (unsigned char)otherwise));
}

static void put_allowed(struct filter *filter, unsigned call)
{
	put_jump(filter, BPF_JEQ, call, 0, 1);
	put_return(filter, SECCOMP_RET_ALLOW);
}

/*
 * Goes on at the end if the call is none of these, which are sorted, and one
 * instruction behind it if it is; takes 2 * count - 1 instructions.
 */
static void put_search(
    struct filter *filter, const unsigned *calls, size_t count, size_t end)
{
	size_t half = count / 2, to_end = end - filter->size - 1;

	if (count == 1) {
		put_jump(filter, BPF_JEQ, *calls, to_end + 1, to_end);
		return;
	}
	put_jump(filter, BPF_JGE, calls[half], 2 * half - 1, 0);
	put_search(filter, calls, half, end);
	put_search(filter, calls + half, count - half, end);
}

/* Allowed where the argument has none of the bits. */
static void put_without(
    struct filter *filter, unsigned call, unsigned argument, unsigned bits)
{
	put_jump(filter, BPF_JEQ, call, 0, 4);
	put_load_argument(filter, argument);
	put_jump(filter, BPF_JSET, bits, 1, 0);
	put_return(filter, SECCOMP_RET_ALLOW);
	put_refusal(filter);
}

/* Allowed where the argument is one of these. */
static void put_among(struct filter *filter, unsigned call, unsigned argument,
    const unsigned *values, size_t count)
{
	put_jump(filter, BPF_JEQ, call, 0, 2 * count + 2);
	put_load_argument(filter, argument);
	for (size_t i = 0; i < count; i++)
		put_allowed(filter, values[i]);
	put_refusal(filter);
}

/* One call for all that sockets do, by a number of its own. */
static void put_socketcall(struct filter *filter, enum confine_kind kind)
{
#ifdef SYS_socketcall
	static const unsigned kinds[] = {SYS_SEND, SYS_RECV, SYS_SENDTO,
	    SYS_RECVFROM, SYS_SOCKET, SYS_CONNECT, SYS_BIND, SYS_GETSOCKNAME,
	    SYS_GETPEERNAME, SYS_SETSOCKOPT, SYS_GETSOCKOPT, SYS_SHUTDOWN,
	    SYS_SENDMSG, SYS_RECVMSG, SYS_SOCKETPAIR};

	put_among(filter, SYS_socketcall, 0, kinds,
	    kind == CONFINE_COPYING ? 4 : COUNT(kinds));
#else
	(void)filter;
	(void)kind;
#endif
}

/*
 * Of those that call others: files for reading, sockets of the two families,
 * what waits for nobody.
 */
static void put_calling(struct filter *filter)
{
	static const unsigned domains[] = {AF_INET, AF_INET6};
	static const unsigned commands[] = {
	    F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC};
	static const unsigned requests[] = {FIONBIO, FIONREAD};
	const unsigned writing = O_ACCMODE | O_CREAT | O_TRUNC;

	put_without(filter, SYS_openat, OPENAT_FLAGS, writing);
#ifdef SYS_open
	put_without(filter, SYS_open, OPEN_FLAGS, writing);
#endif
#ifdef SYS_socket
	put_among(filter, SYS_socket, SOCKET_DOMAIN, domains, COUNT(domains));
#endif
#ifdef SYS_fcntl64
	put_among(
	    filter, SYS_fcntl64, CONTROL_COMMAND, commands, COUNT(commands));
#endif
	put_among(
	    filter, SYS_fcntl, CONTROL_COMMAND, commands, COUNT(commands));
	put_among(
	    filter, SYS_ioctl, CONTROL_COMMAND, requests, COUNT(requests));
}

static int compare(const void *a, const void *b)
{
	const unsigned *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

/*
 * The calls that are allowed whatever they ask for.  They are searched by
 * halves, as the kernel runs the filter for each call that it knows when the
 * filter is set, which takes longer than all that comes later.
 */
static void put_plain(struct filter *filter, enum confine_kind kind)
{
	unsigned calls[CALLS_MAX];
	size_t count = COUNT(allowed);

	memcpy(calls, allowed, sizeof allowed);
	if (kind == CONFINE_CALLING) {
		memcpy(calls + count, calling, sizeof calling);
		count += COUNT(calling);
	}
	qsort(calls, count, sizeof *calls, compare);
	put_search(filter, calls, count, filter->size + 2 * count - 1);
	put_refusal(filter);
	put_return(filter, SECCOMP_RET_ALLOW);
}

/*
 * Calls by another architecture's numbers, which one machine can have beside
 * its own, fail as do all that are not allowed.  The session may be lost, but
 * not the process in the middle of something.
 */
static void write_filter(struct filter *filter, enum confine_kind kind)
{
	put_load(filter, offsetof(struct seccomp_data, arch));
	put_jump(filter, BPF_JEQ, CONFINE_ARCH, 1, 0);
	put_refusal(filter);
	put_load(filter, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT(mapping); i++)
		put_without(filter, mapping[i], MAP_PROTECTION, PROT_EXEC);
	put_socketcall(filter, kind);
	if (kind == CONFINE_CALLING)
		put_calling(filter);
	put_plain(filter, kind);
}

/* Whether the kernel has been built with such filters. */
static bool is_offered(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 || errno != EINVAL;
}

bool confine_filter(enum confine_kind kind)
{
	struct filter filter = {.size = 0};
	struct sock_fprog program = {.filter = filter.code};

	write_filter(&filter, kind);
	program.len = filter.size;
	if (filter.size > CODE_MAX) {
		errno = E2BIG;
		return false;
	}
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) ==
		   0 ||
	       !is_offered();
}

#endif
