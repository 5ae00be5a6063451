/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#ifdef HAVE_CAP_ENTER
#include <sys/capsicum.h>
#endif
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

/* Closes the descriptors from first to last. */
static void close_between(int first, int last)
{
	if (first > last)
		return;
#ifdef HAVE_CLOSE_RANGE
	if (close_range((unsigned)first, (unsigned)last, 0) == 0)
		return;
#endif
	for (int descriptor = first; descriptor <= last; descriptor++)
		close(descriptor);
}

static int highest_descriptor(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 65536)
		return 65535;
	return (int)limit.rlim_cur - 1;
}

bool confine_descriptors(int one, int other)
{
	int low = one < other ? one : other;
	int high = one < other ? other : one;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return false;
	for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
		if (dup2(null, descriptor) < 0)
			return false;
	close_between(STDERR_FILENO + 1, low - 1);
	close_between(low + 1, high - 1);
	close_between(high + 1, highest_descriptor());
	return true;
}

#ifdef HAVE_SECCOMP
enum { FILTER_SECONDS = 3 };

/*
 * Reading, writing, waiting, memory, the clock, randomness and the end.  What
 * else a library tries fails as if the system could not do it: the session
 * may be lost, but not the process in the middle of something.
 */
static void filter_calls(void)
{
	static const int allowed[] = {
	    SCMP_SYS(read),
	    SCMP_SYS(readv),
	    SCMP_SYS(recvfrom),
	    SCMP_SYS(recvmsg),
	    SCMP_SYS(write),
	    SCMP_SYS(writev),
	    SCMP_SYS(sendto),
	    SCMP_SYS(sendmsg),
	    SCMP_SYS(recv),
	    SCMP_SYS(send),
	    SCMP_SYS(poll),
	    SCMP_SYS(ppoll),
	    SCMP_SYS(ppoll_time64),
	    SCMP_SYS(close),
	    SCMP_SYS(shutdown),
	    SCMP_SYS(brk),
	    SCMP_SYS(mmap),
	    SCMP_SYS(mmap2),
	    SCMP_SYS(munmap),
	    SCMP_SYS(mremap),
	    SCMP_SYS(madvise),
	    SCMP_SYS(mprotect),
	    SCMP_SYS(futex),
	    SCMP_SYS(clock_gettime),
	    SCMP_SYS(clock_gettime64),
	    SCMP_SYS(gettimeofday),
	    SCMP_SYS(time),
	    SCMP_SYS(getrandom),
	    SCMP_SYS(getpid),
	    SCMP_SYS(getrusage),
	    SCMP_SYS(rt_sigreturn),
	    SCMP_SYS(restart_syscall),
	    SCMP_SYS(exit),
	    SCMP_SYS(exit_group),
	    SCMP_SYS(alarm),
	    SCMP_SYS(setitimer),
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));

	if (filter == NULL)
		return;
	/* Where memory is short, libseccomp may never come back. */
	alarm(FILTER_SECONDS);
	/*
	 * A call that the platform lacks needs no rule; but with half of the
	 * rules the relay might not even be able to end.
	 */
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) ==
		    -ENOMEM)
			_exit(0);
	seccomp_load(filter);
	seccomp_release(filter);
	alarm(0);
}
#endif

void confine_rights(void)
{
	const struct rlimit none = {0, 0}, two = {2, 2};

	/* poll needs as many as it looks at; all of these are taken. */
	setrlimit(RLIMIT_NOFILE, &two);
	setrlimit(RLIMIT_NPROC, &none);
	setrlimit(RLIMIT_FSIZE, &none);
	setrlimit(RLIMIT_CORE, &none);
#if defined HAVE_SYS_PRCTL_H && defined PR_SET_DUMPABLE
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
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
