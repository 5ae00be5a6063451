/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "confine.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confine_filter.h"
#include "i18n.h"

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#ifdef HAVE_CAP_ENTER
#include <sys/capsicum.h>
#endif

/* Where it is lower already it stays so. */
static bool lower(unsigned resource, rlim_t value)
{
	const struct rlimit limit = {value, value};
	struct rlimit present;
	int error;

	if (setrlimit(resource, &limit) == 0)
		return true;
	error = errno;
	if (getrlimit(resource, &present) == 0 && present.rlim_max <= value)
		return true;
	errno = error;
	return false;
}

void confine_memory(void)
{
	lower(RLIMIT_CORE, 0);
#if defined HAVE_SYS_PRCTL_H && defined PR_SET_DUMPABLE
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* What a library may have open at a time. */
enum { CALLING_FILES = 64 };

/* poll needs as many descriptors as it looks at; all of these are taken. */
static bool lower_limits(enum confine_output output)
{
	return lower(RLIMIT_NOFILE, 2) && lower(RLIMIT_NPROC, 0) &&
	       (output == CONFINE_TO_FILES || lower(RLIMIT_FSIZE, 0));
}

/* Returns false with errno. */
static bool filter_calls(enum confine_kind kind)
{
#if defined HAVE_SYS_PRCTL_H && defined PR_SET_NO_NEW_PRIVS
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 && errno != EINVAL)
		return false;
#endif
#ifdef HAVE_SECCOMP
	return confine_filter(kind);
#else
	(void)kind;
	return true;
#endif
}

static bool enter_sandbox(void)
{
#ifdef HAVE_CAP_ENTER
	if (cap_enter() != 0 && errno != ENOSYS)
		return false;
#endif
#ifdef HAVE_PLEDGE
	if (pledge("stdio", NULL) != 0)
		return false;
#endif
	return true;
}

/* The sandboxes of other systems, but for pledge, would let nothing connect. */
static bool enter_sandbox_to_call(void)
{
#ifdef HAVE_PLEDGE
	if (pledge("stdio inet rpath", NULL) != 0)
		return false;
#endif
	return true;
}

/* With errno, where it is false. */
static bool judge(bool good, struct failure *failure)
{
	if (!good)
		failure_set(failure, FAILURE_TEMPORARY,
		    _("Unable to give up rights: %s. (#4.3.0)\n"),
		    strerror(errno));
	return good;
}

bool confine_rights(enum confine_output output, struct failure *failure)
{
	i18n_load();
	return judge(lower_limits(output) && filter_calls(CONFINE_COPYING) &&
			 enter_sandbox(),
	    failure);
}

bool confine_to_calls(struct failure *failure)
{
	return judge(lower(RLIMIT_NOFILE, CALLING_FILES) &&
			 lower(RLIMIT_NPROC, 0) && lower(RLIMIT_FSIZE, 0) &&
			 filter_calls(CONFINE_CALLING) &&
			 enter_sandbox_to_call(),
	    failure);
}
