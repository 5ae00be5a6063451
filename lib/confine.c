/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "confine.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "i18n.h"

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#ifdef HAVE_CAP_ENTER
#include <sys/capsicum.h>
#endif
#ifdef HAVE_SECCOMP
#include "confine_filter.h"
#endif

static bool lower(int resource, rlim_t value)
{
	const struct rlimit limit = {value, value};

	return setrlimit(resource, &limit) == 0;
}

void confine_memory(void)
{
	lower(RLIMIT_CORE, 0);
#if defined HAVE_SYS_PRCTL_H && defined PR_SET_DUMPABLE
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* poll needs as many descriptors as it looks at; all of these are taken. */
static bool lower_limits(enum confine_output output)
{
	return lower(RLIMIT_NOFILE, 2) && lower(RLIMIT_NPROC, 0) &&
	       (output == CONFINE_TO_FILES || lower(RLIMIT_FSIZE, 0));
}

/* Returns false with errno. */
static bool filter_calls(void)
{
#ifdef HAVE_SECCOMP
	return confine_filter();
#else
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

/* Returns false with errno. */
static bool give_up(enum confine_output output)
{
	if (!lower_limits(output))
		return false;
#if defined HAVE_SYS_PRCTL_H && defined PR_SET_NO_NEW_PRIVS
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 && errno != EINVAL)
		return false;
#endif
	return filter_calls() && enter_sandbox();
}

bool confine_rights(enum confine_output output, struct failure *failure)
{
	i18n_load();
	if (give_up(output))
		return true;
	failure_set(failure, FAILURE_TEMPORARY,
	    _("Unable to give up rights: %s. (#4.3.0)\n"), strerror(errno));
	return false;
}
