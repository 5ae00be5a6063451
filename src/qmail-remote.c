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

#include "session/open.h"
#include "deadline.h"
#include "mail/envelope.h"
#include "i18n.h"
#include "servers/lookup.h"
#include "paths.h"
#include "startup.h"
#include "report.h"
#include "session/handoff.h"
#include "route/settings.h"
#include "xalloc.h"

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

/*
 * Finds the servers for the request by the route of its host.  Returns false
 * with the failure.
 */
static bool find_servers(struct servers *servers, const struct request *request,
    const struct settings *settings, struct deadline deadline,
    struct failure *failure)
{
	enum address_family family = settings->address_family;
	struct source source = {.use_v4 = family != FAMILY_IPV6_ONLY,
	    .use_v6 = family != FAMILY_IPV4_ONLY,
	    .v4_first = family == FAMILY_IPV4};
	struct route route;
	struct lookup lookup = {.host = request->host,
	    .route = &route,
	    .settings = settings,
	    .source = &source,
	    .deadline = deadline,
	    .by_name = settings->strictness == TLS_VERIFIED};

	return route_find(&route, request, path_run(), failure) &&
	       lookup_servers(servers, &lookup, failure);
}

/* Hands the session to qmail-remote-io; returns only with the failure. */
static void hand_over(const struct settings *settings,
    const struct opening *opening, struct envelope *envelope,
    struct failure *failure)
{
	bool clear = opening->relay.process == 0;
	int connection = clear ? opening->connection : opening->relay.local;
	struct session session = {.timeout = settings->timeout_remote,
	    .min_rate = settings->minrate,
	    .server = opening->server,
	    .capabilities = opening->capabilities,
	    .tls = opening->tls,
	    .clear_reason = clear ? opening->clear_reason : NULL,
	    .sender = envelope->sender,
	    .recipient_count = envelope->recipient_count,
	    .recipients = envelope->recipients};

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
	static struct settings settings;
	struct attempts attempts = {.settings = &settings};
	struct request request;
	struct envelope envelope;
	struct servers servers;
	struct failure failure;

	if (!prepare(argc, argv, &request, &failure) ||
	    !settings_read(&settings, &failure) ||
	    (settings.strictness == TLS_VERIFIED &&
		!settings_have_anchors(&settings, &failure)))
		report_failure(&failure);
	attempts.run_directory = path_run();
	attempts.tcpto = tcpto_in(path_run());
	attempts.deadline = deadline_in(settings.timeout_delivery);

	if (envelope_check_sender(request.sender, &failure) &&
	    find_servers(
		&servers, &request, &settings, attempts.deadline, &failure) &&
	    open_session(&attempts, &servers, &opening, &failure) &&
	    envelope_for_server(
		&envelope, &request, opening.capabilities.set, &failure))
		hand_over(&settings, &opening, &envelope, &failure);
	report_failure(&failure);
}
