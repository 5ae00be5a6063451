/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-io: speaks the SMTP transaction in a session that qmail-remote
 * has set up.  Run by qmail-remote only; session/handoff.h has the arguments.
 */
#include "config.h"

#include "confine.h"
#include "i18n.h"
#include "mail/message.h"
#include "mail/transaction.h"
#include "report.h"
#include "session/handoff.h"
#include "startup.h"

/* The secret of the route is here only so that no report repeats it. */
static bool take_secret(struct session *session)
{
	return session->secret == 0 ||
	       mask_take_over(&session->mask, session->secret);
}

int main(int argc, char **argv)
{
	static struct verdict verdict;
	struct reports recipients = {0};
	struct message message;
	struct session session;
	struct failure *failure = &verdict.failure;
	bool input_closed;

	if (!process_start(argc, argv,
		N_("qmail-remote-io is run by qmail-remote, not by hand"),
		&input_closed, failure))
		report_failure(failure);
	if (!handoff_read(&session, argc, argv))
		failure_set(failure, FAILURE_TEMPORARY, "%s",
		    _("qmail-remote-io was run by another program than its "
		      "qmail-remote. (#4.3.5)\n"));
	else if (input_closed)
		failure_set_unreadable_message(failure);
	else if (!take_secret(&session))
		failure_set_system(failure);
	else if (message_open(&message, 0, failure) &&
		 confine_rights(CONFINE_TO_FILES, failure))
		transaction_run(&session, &message, &recipients, &verdict);
	report_message(&recipients, verdict.accepted, failure);
}
