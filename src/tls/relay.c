/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/relay.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "deadline.h"
#include "descriptors.h"
#include "i18n.h"
#include "paths.h"

/*
 * How long the relay may take to load what it needs, which can mean to
 * compile a directory of trust anchors; and beyond its own deadlines.
 */
enum { LOADING_SECONDS = 60, SPARE_SECONDS = 2 };

static _Noreturn void become_relay(const struct relay_task *task)
{
	const int kept[] = {task->connection, task->local, task->channel};
	struct relay_welcome refusal = {.ready = false};
	const struct relay_module *module;
	struct failure failure;

	/* First of all: what is reported from here on goes nowhere. */
	if (!descriptors_keep(kept, sizeof kept / sizeof kept[0]))
		_exit(0);
	module = (const struct relay_module *)module_load(
	    path_relay(), "relay_module", &failure);
	if (module != NULL) {
		module->run(task);
		_exit(0);
	}
	snprintf(refusal.reason, sizeof refusal.reason, "%s", failure.text);
	channel_say(task->channel, &refusal, sizeof refusal);
	_exit(0);
}

static bool open_both(int local[2], int channel[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		local) != 0)
		return false;
	if (channel_open(channel))
		return true;
	close(local[0]);
	close(local[1]);
	return false;
}

bool relay_start(
    struct relay *relay, struct relay_task task, struct failure *failure)
{
	int local[2], channel[2];

	*relay = (struct relay){.process = 0};
	failure_set_system(failure);
	if (!open_both(local, channel))
		return false;
	task.local = local[1];
	task.channel = channel[1];
	/* With SIGCHLD ignored the kernel would reap the relay, and its number
	   could be another's when it is killed. */
	signal(SIGCHLD, SIG_DFL);
	relay->process = fork();
	if (relay->process == 0)
		become_relay(&task);
	close(local[1]);
	close(channel[1]);
	relay->local = local[0];
	relay->channel = channel[0];
	if (relay->process > 0)
		return true;
	close(local[0]);
	close(channel[0]);
	relay->process = 0;
	return false;
}

static void set_refused(struct failure *failure, struct relay_welcome *welcome)
{
	welcome->reason[sizeof welcome->reason - 1] = '\0';
	failure_set(failure, FAILURE_TEMPORARY, "%s", welcome->reason);
}

bool relay_await(const struct relay *relay, struct failure *failure)
{
	struct relay_welcome welcome;

	if (!channel_hear(relay->channel, &welcome, sizeof welcome,
		deadline_in(LOADING_SECONDS)))
		failure_set_system(failure);
	else if (welcome.ready)
		return true;
	else
		set_refused(failure, &welcome);
	return false;
}

static void end_texts(struct reason *reason)
{
	reason->english[sizeof reason->english - 1] = '\0';
	reason->local[sizeof reason->local - 1] = '\0';
}

/* For a relay that ends without a word: killed, or out of memory. */
static void set_lost(struct reason *reason)
{
	reason_set(reason, N_("the TLS relay ended early"));
}

void relay_shake_hands(
    struct relay *relay, unsigned long timeout, struct handshake *handshake)
{
	const char go = 0;
	unsigned long patience = timeout > 0 ? timeout + SPARE_SECONDS : 0;

	if (!channel_say(relay->channel, &go, sizeof go) ||
	    !channel_hear(relay->channel, handshake, sizeof *handshake,
		deadline_in(patience))) {
		*handshake = (struct handshake){.done = false};
		set_lost(&handshake->reason);
	}
	end_texts(&handshake->reason);
	handshake->summary[sizeof handshake->summary - 1] = '\0';
	relay->established = handshake->done;
}

void relay_explain_end(const struct relay *relay, struct reason *reason)
{
	struct pollfd spoken = {.fd = relay->channel, .events = POLLIN};

	if (poll(&spoken, 1, 0) == 0)
		reason_set(reason, N_("no answer within timeoutremote"));
	else if (!channel_hear(relay->channel, reason, sizeof *reason,
		     deadline_in(SPARE_SECONDS)))
		set_lost(reason);
	end_texts(reason);
}

/* The channel is closed when the relay has taken its leave. */
static void await_leave(const struct relay *relay)
{
	struct deadline deadline = deadline_in(SPARE_SECONDS);
	struct reason reason;
	char nothing;

	if (channel_hear(relay->channel, &reason, sizeof reason, deadline))
		channel_hear(
		    relay->channel, &nothing, sizeof nothing, deadline);
}

void relay_abandon(struct relay *relay)
{
	if (relay->process == 0)
		return;
	close(relay->local);
	if (relay->established)
		await_leave(relay);
	kill(relay->process, SIGKILL);
	waitpid(relay->process, NULL, 0);
	close(relay->channel);
	relay->process = 0;
}
