/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-io: speaks the SMTP transaction in a session that qmail-remote
 * has set up.  Run by qmail-remote only; session.h has the arguments.
 */
#include "config.h"

#include <signal.h>

#include "descriptors.h"
#include "i18n.h"
#include "message.h"
#include "options.h"
#include "paths.h"
#include "report.h"
#include "session.h"
#include "transaction.h"

int main(int argc, char **argv)
{
	static struct report report;
	static struct message message;
	struct session session;
	bool input_closed;

	if (!descriptors_secure(&input_closed)) {
		report_set(&report, 'Z', "%s",
		    _("System resources temporarily unavailable. (#4.3.0)\n"));
		report_end(&report);
	}
	i18n_start(path_locale());
	options_answer(argc, argv,
	    _("qmail-remote-io is run by qmail-remote, not by hand"));
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);

	if (!session_from_arguments(&session, argc, argv))
		report_set(&report, 'Z', "%s",
		    _("qmail-remote-io was run by another program than its "
		      "qmail-remote. (#4.3.5)\n"));
	else if (input_closed)
		report_set(&report, 'Z', "%s",
		    _("Unable to read message. (#4.3.0)\n"));
	else if (message_open(&message, 0, &report))
		transaction_run(&session, &message, &report);
	report_end(&report);
}
