/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/failure.h"

#include "i18n.h"

void failure_keep(struct failure *kept, const struct failure *latest)
{
	if (latest->rank < kept->rank)
		return;
	if (latest->rank == kept->rank && kept->untrusted && !latest->untrusted)
		return;
	*kept = *latest;
}

void failure_set_unconnected(struct failure *failure, bool timed_out)
{
	failure->rank = timed_out ? FAILURE_TIMED_OUT : FAILURE_REFUSED;
	failure->untrusted = false;
	report_set(&failure->report, 'Z', "%s",
	    _("Sorry, I wasn't able to establish an SMTP connection. "
	      "(#4.4.1)\n"));
}

void failure_set_died(struct failure *failure, const char *server)
{
	failure->rank = FAILURE_DIED;
	failure->untrusted = false;
	report_set(&failure->report, 'Z',
	    _("Connected to %s but connection died. (#4.4.2)\n"), server);
}

void failure_set_out_of_step(struct failure *failure, const char *server)
{
	failure->rank = FAILURE_ANSWERED;
	failure->untrusted = false;
	report_set(&failure->report, 'Z',
	    _("Connected to %s but it replied out of turn. (#4.5.0)\n"),
	    server);
}
