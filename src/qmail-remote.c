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

#include "session/attempt.h"
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
 * Secures the process, checks the arguments and goes to the home of qmail.
 * Returns false with the failure.
 */
static bool prepare(int argc, char **argv, struct failure *failure)
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
	if (chdir(path_home()) == 0)
		return true;
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("Unable to switch to home directory. (#4.3.0)\n"));
	return false;
}

/*
 * Tries all servers in order, as long as patience lasts: a domain can name
 * thousands that keep silent.  Returns false with the most telling failure.
 */
static bool try_servers(struct attempts *attempts,
    const struct servers *servers, enum tls_policy policy,
    struct opening *opening, struct failure *worst)
{
	struct deadline patience = deadline_in(path_patience());

	for (size_t i = 0; i < servers->count; i++) {
		struct failure failure = {.rank = FAILURE_NONE};

		if (i > 0 && deadline_passed(patience))
			return false;
		switch (attempt_server(
		    attempts, &servers->list[i], policy, opening, &failure)) {
		case ATTEMPT_READY: return true;
		case ATTEMPT_HOPELESS: report_failure(&failure);
		case ATTEMPT_FAILED: failure_keep(worst, &failure);
		}
	}
	return false;
}

/* What the settings ask of a server in the first pass. */
static enum tls_policy first_policy(const struct settings *settings)
{
	if (settings->trustanchors == NULL)
		return TLS_POLICY_NEVER;
	switch (settings->strictness) {
	case TLS_OPPORTUNISTIC: return TLS_POLICY_TRY;
	case TLS_PREFERRED: return TLS_POLICY_REQUIRE;
	case TLS_VERIFIED: break;
	}
	return TLS_POLICY_VERIFY;
}

/*
 * Passes over all servers: where TLS is only preferred, a second one in
 * clear.  Returns false with the most telling failure.
 */
static bool open_session(struct attempts *attempts,
    const struct servers *servers, struct opening *opening,
    struct failure *failure)
{
	enum tls_policy policy = first_policy(attempts->settings);
	struct failure worst = {.rank = FAILURE_NONE};

	if (try_servers(attempts, servers, policy, opening, &worst))
		return true;
	if (policy == TLS_POLICY_REQUIRE &&
	    try_servers(attempts, servers, TLS_POLICY_NEVER, opening, &worst))
		return true;
	*failure = worst;
	return false;
}

/* Hands the session to qmail-remote-io; returns only with the failure. */
static void hand_over(const struct settings *settings,
    const struct opening *opening, struct envelope *envelope,
    struct failure *failure)
{
	bool clear = opening->relay.process == 0;
	int connection = clear ? opening->connection : opening->relay.local;
	struct session session = {.timeout = settings->timeout_remote,
	    .server = opening->server,
	    .capabilities = opening->capabilities,
	    .tls = opening->handshake.summary,
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
	struct envelope envelope;
	struct servers servers;
	struct failure failure;

	if (!prepare(argc, argv, &failure) ||
	    !settings_read(&settings, &failure))
		report_failure(&failure);
	attempts.run_directory = path_run();
	attempts.tcpto.v4_file = "queue/lock/tcpto";
	attempts.tcpto.v6_file = xasprintf("%s/tcpto6", path_run());

	if (envelope_check_sender(argv[2], &failure) &&
	    lookup_servers(
		&servers, argv[1], &settings, path_run(), &failure) &&
	    open_session(&attempts, &servers, &opening, &failure)) {
		if (envelope_for_server(&envelope, argv[2], argv + 3,
			(size_t)(argc - 3), opening.capabilities.set, &failure))
			hand_over(&settings, &opening, &envelope, &failure);
	}
	report_failure(&failure);
}
