/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "confine_filter.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef SYS_socketcall
#include <linux/net.h>
#endif

#include "confine_arch.h"

/*
 * Reading, writing, waiting, memory, the clock, randomness and the end, as
 * far as the platform has such a call; those that are frequent come first.
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
    SYS_pread64,
    SYS_readv, SYS_writev, SYS_lseek,
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

enum { ARGUMENT_PROTECTION = 2, CODE_MAX = 160 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

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

/* Goes on behind the next instructions unless that is equal. */
static void put_unless_equal_skip(
    struct filter *filter, unsigned value, unsigned char skipped)
{
	put(filter, (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

static void put_allowed(struct filter *filter, unsigned call)
{
	put_unless_equal_skip(filter, call, 1);
	put_return(filter, SECCOMP_RET_ALLOW);
}

static void put_mapping(struct filter *filter, unsigned call)
{
	put_unless_equal_skip(filter, call, 4);
	put_load_argument(filter, ARGUMENT_PROTECTION);
	put(filter, (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0));
	put_return(filter, SECCOMP_RET_ALLOW);
	put_refusal(filter);
}

/* One call for all that sockets do, by a number of its own. */
static void put_socketcall(struct filter *filter)
{
#ifdef SYS_socketcall
	static const unsigned kinds[] = {
	    SYS_SEND, SYS_RECV, SYS_SENDTO, SYS_RECVFROM};

	put_unless_equal_skip(
	    filter, SYS_socketcall, (unsigned char)(2 * COUNT(kinds) + 2));
	put_load_argument(filter, 0);
	for (size_t i = 0; i < COUNT(kinds); i++)
		put_allowed(filter, kinds[i]);
	put_refusal(filter);
#else
	(void)filter;
#endif
}

/*
 * Calls by another architecture's numbers, which one machine can have beside
 * its own, fail as do all that are not allowed.  The session may be lost, but
 * not the process in the middle of something.
 */
static void write_filter(struct filter *filter)
{
	put_load(filter, offsetof(struct seccomp_data, arch));
	put_unless_equal_skip(filter, CONFINE_ARCH, 1);
	put(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0));
	put_refusal(filter);
	put_load(filter, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT(allowed); i++)
		put_allowed(filter, allowed[i]);
	for (size_t i = 0; i < COUNT(mapping); i++)
		put_mapping(filter, mapping[i]);
	put_socketcall(filter);
	put_refusal(filter);
}

/* Whether the kernel has been built with such filters. */
static bool is_offered(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 || errno != EINVAL;
}

bool confine_filter(void)
{
	struct filter filter = {.size = 0};
	struct sock_fprog program = {.filter = filter.code};

	write_filter(&filter);
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
