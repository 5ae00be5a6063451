/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote: finds a server for a message and sets up a session with it,
 * which qmail-remote-io then uses.
 *
 *     qmail-remote host sender recip [recip ...]
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "mail/envelope.h"
#include "paths.h"
#include "report.h"
#include "session/attempt.h"
#include "session/handoff.h"
#include "session/open.h"
#include "startup.h"

/*
 * Secures the process, reads the request and goes to the home of qmail.
 * Returns false with the failure.
 */
static bool prepare(
    int argc, char **argv, struct request *request, struct failure *failure)
{
	bool input_closed;

	if (!process_start(argc, argv,
		N_("qmail-remote host sender recip [recip ...] <message"),
		&input_closed, failure))
		return false;
	process_survive();
	if (argc < 4) {
		failure_set(failure, FAILURE_PERMANENT, "%s",
		    _("I (qmail-remote) was invoked improperly. (#5.3.5)\n"));
		return false;
	}
	if (input_closed) {
		failure_set_unreadable_message(failure);
		return false;
	}
	*request = (struct request){.host = argv[1],
	    .sender = argv[2],
	    .recipients = argv + 3,
	    .recipient_count = (size_t)(argc - 3)};
	if (chdir(path_home()) == 0)
		return true;
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("Unable to switch to home directory. (#4.3.0)\n"));
	return false;
}

/* Hands the session to qmail-remote-io; returns only with the failure. */
static void hand_over(const struct plan *plan, const struct opening *opening,
    const struct envelope *envelope, struct failure *failure)
{
	bool clear = opening->relay.process == 0;
	int connection = clear ? opening->connection : opening->relay.local;
	struct session session = {.timeout = plan->settings.timeout_remote,
	    .min_rate = plan->settings.minrate,
	    .server = opening->address,
	    .capabilities = opening->capabilities,
	    .requiretls = plan->policy.requiretls,
	    .tls = attempt_notes(&plan->terms, opening),
	    .clear_reason = clear ? opening->clear_reason : NULL,
	    .sender = envelope->sender,
	    .recipient_count = envelope->recipient_count,
	    .recipients = envelope->recipients};

	if (plan->route.credentials != NULL) {
		session.secret =
		    mask_hand_over(plan->route.credentials->secret);
		if (session.secret < 0) {
			failure_set_system(failure);
			return;
		}
	}
	/* The connection is closed on exec, which frees a number for the
	   program's loader; its duplicate stays open. */
	session.input = session.output = dup(connection);
	if (session.input < 0) {
		failure_set_system(failure);
		return;
	}
	execv(path_io(), handoff_write(&session, "qmail-remote-io"));
	failure_set(failure, FAILURE_TEMPORARY,
	    _("Unable to run %s: %s. (#4.3.0)\n"), path_io(), strerror(errno));
}

int main(int argc, char **argv)
{
	static struct opening opening;
	static struct plan plan;
	struct request request;
	struct envelope envelope;
	struct failure failure;

	if (prepare(argc, argv, &request, &failure) &&
	    envelope_check_sender(request.sender, &failure) &&
	    plan_make(&plan, &request, path_run(), &failure) &&
	    open_session(&plan, &opening, &failure) &&
	    envelope_for_server(
		&envelope, &request, opening.capabilities.set, &failure))
		hand_over(&plan, &opening, &envelope, &failure);
	report_failure(&failure);
}
