/* SPDX-License-Identifier: ISC */
/* The relay's own part: the module that qmail-remote loads in the child. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "channel.h"
#include "confine.h"
#include "deadline.h"
#include "descriptors.h"
#include "i18n.h"
#include "tls/handshake.h"
#include "tls/copy.h"
#include "tls/relay_module.h"
#include "tls/session.h"

/* How long the server may take to let us say goodbye. */
enum { GOODBYE_MS = 100 };

/* Loads what the settings name, and says whether that went well. */
static struct tls_credentials *load(const struct relay_task *task)
{
	struct relay_welcome welcome = {.ready = false};
	struct failure failure;
	struct tls_credentials *credentials =
	    tls_load(task->settings, task->run_directory, &failure);

	welcome.ready = credentials != NULL;
	if (!welcome.ready)
		snprintf(
		    welcome.reason, sizeof welcome.reason, "%s", failure.text);
	return channel_say(task->channel, &welcome, sizeof welcome)
		   ? credentials
		   : NULL;
}

static bool await_go(const struct relay_task *task)
{
	char go;

	return channel_hear(task->channel, &go, sizeof go, deadline_in(0));
}

static struct tls *shake_hands(
    const struct relay_task *task, struct tls_credentials *credentials)
{
	struct handshake handshake;
	struct tls_peer peer = {.server = task->server,
	    .descriptor = task->connection,
	    .listener = task->channel,
	    .deadline = deadline_in(task->settings->timeout_connect)};
	struct tls *tls = tls_start(credentials, &peer, &handshake);

	return channel_say(task->channel, &handshake, sizeof handshake) ? tls
									: NULL;
}

/* Nobody listens any more once the session has been handed over. */
static void explain_end(const struct relay_task *task, const struct tls *tls)
{
	struct reason reason = {.english = ""};

	tls_explain_end(tls, &reason);
	channel_say(task->channel, &reason, sizeof reason);
}

static void say_goodbye(struct tls *tls, int connection)
{
	struct deadline deadline = deadline_in_ms(GOODBYE_MS);
	struct pollfd waiting = {.fd = connection, .events = POLLOUT};

	while (!tls_say_goodbye(tls))
		if (deadline_poll(&waiting, 1, deadline) <= 0)
			return;
}

/* From here on the relay copies and does nothing else. */
static void confine(const struct relay_task *task)
{
	const int kept[] = {task->connection, task->local, task->channel};

	i18n_load();
	if (!descriptors_keep(kept, sizeof kept / sizeof kept[0]))
		_exit(0);
	confine_rights();
}

static void run(const struct relay_task *task)
{
	struct tls_credentials *credentials;
	struct transport server, local;
	struct tls *tls;

	confine_memory();
	credentials = load(task);
	if (credentials == NULL || !await_go(task))
		return;
	tls = shake_hands(task, credentials);
	if (tls == NULL)
		return;
	server = tls_transport(tls);
	local = transport_descriptors(task->local, task->local);
	confine(task);
	relay_copy(&server, &local);
	explain_end(task, tls);
	say_goodbye(tls, task->connection);
}

const struct relay_module relay_module = {{PACKAGE_VERSION}, run};
