/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/trouble.h"

#include "i18n.h"

void trouble_unconnected(struct failure *failure, bool timed_out)
{
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("Sorry, I wasn't able to establish an SMTP connection. "
	      "(#4.4.1)\n"));
	failure->rank = timed_out ? FAILURE_TIMED_OUT : FAILURE_REFUSED;
}

void trouble_died(struct failure *failure, const char *server)
{
	failure_set(failure, FAILURE_TEMPORARY,
	    _("Connected to %s but connection died. (#4.4.2)\n"), server);
	failure->rank = FAILURE_DIED;
}

void trouble_out_of_step(struct failure *failure, const char *server)
{
	failure_set(failure, FAILURE_TEMPORARY,
	    _("Connected to %s but it replied out of turn. (#4.5.0)\n"),
	    server);
	failure->rank = FAILURE_ANSWERED;
}
