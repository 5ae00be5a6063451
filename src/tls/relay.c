/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/relay.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "deadline.h"
#include "descriptors.h"
#include "i18n.h"
#include "parcel.h"
#include "paths.h"
#include "tls/relay_module.h"

/*
 * How long the relay may take to load what it needs, which can mean to
 * compile a directory of trust anchors; and beyond its own deadlines.
 */
enum { LOADING_SECONDS = 60, SPARE_SECONDS = 2 };

static _Noreturn void become_relay(const struct relay_ends *ends)
{
	const int kept[] = {ends->connection, ends->local, ends->channel};
	const struct relay_module *module;
	struct parcel refusal = {0};
	struct failure failure;

	/* First of all: what is reported from here on goes nowhere. */
	if (!descriptors_keep(kept, sizeof kept / sizeof kept[0]))
		_exit(0);
	module = (const struct relay_module *)module_load(
	    path_relay(), "relay_module", &failure);
	if (module != NULL) {
		module->run(ends);
		_exit(0);
	}
	parcel_put_version(&refusal);
	parcel_put_text(&refusal, failure.text);
	parcel_say(&refusal, ends->channel);
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

/* Returns false when the process cannot be had. */
static bool fork_relay(struct relay *relay, const struct relay_ends *ends)
{
	/* With SIGCHLD ignored the kernel would reap the relay, and its number
	   could be another's when it is killed. */
	signal(SIGCHLD, SIG_DFL);
	relay->process = fork();
	if (relay->process == 0)
		become_relay(ends);
	return relay->process > 0;
}

static bool say_task(const struct relay *relay, const struct tls_task *task)
{
	struct parcel parcel = {0};
	bool said;

	tls_task_put(&parcel, task);
	said = parcel_say(&parcel, relay->channel);
	parcel_free(&parcel);
	return said;
}

bool relay_start(struct relay *relay, const struct tls_task *task,
    int connection, struct failure *failure)
{
	int local[2], channel[2];
	bool started;

	*relay = (struct relay){.process = 0};
	failure_set_system(failure);
	if (!open_both(local, channel))
		return false;
	started = fork_relay(
	    relay, &(struct relay_ends){connection, local[1], channel[1]});
	close(local[1]);
	close(channel[1]);
	relay->local = local[0];
	relay->channel = channel[0];
	if (started && say_task(relay, task))
		return true;
	if (started) {
		relay_abandon(relay);
		return false;
	}
	close(local[0]);
	close(channel[0]);
	relay->process = 0;
	return false;
}

bool relay_await(const struct relay *relay, struct failure *failure)
{
	struct deadline deadline = deadline_in(LOADING_SECONDS);
	struct parcel parcel;
	const char *refusal;

	if (parcel_hear(&parcel, relay->channel, RELAY_WORDS_MAX, deadline)) {
		parcel_take_version(&parcel);
		refusal = parcel_take_text(&parcel);
		if (parcel_is_empty(&parcel) && refusal == NULL)
			return true;
		if (parcel_is_empty(&parcel)) {
			failure_set(failure, FAILURE_TEMPORARY, "%s", refusal);
			return false;
		}
	}
	failure_set_system(failure);
	return false;
}

/* For a relay that ends without a word: killed, or out of memory. */
static void set_lost(struct reason *reason)
{
	reason_set(reason, N_("the TLS relay ended early"));
}

/* The relay keeps the deadline; it is given a little longer to say so. */
static struct deadline spare(struct deadline deadline)
{
	if (deadline.at < INT64_MAX - SPARE_SECONDS * 1000)
		deadline.at += SPARE_SECONDS * 1000;
	return deadline;
}

static bool say_deadline(const struct relay *relay, struct deadline deadline)
{
	struct parcel parcel = {0};
	bool said;

	parcel_put_number(&parcel, (uint64_t)deadline.at);
	said = parcel_say(&parcel, relay->channel);
	parcel_free(&parcel);
	return said;
}

void relay_shake_hands(
    struct relay *relay, struct deadline deadline, struct handshake *handshake)
{
	struct parcel parcel;

	if (!say_deadline(relay, deadline) ||
	    !parcel_hear(
		&parcel, relay->channel, TLS_HANDSHAKE_SIZE, spare(deadline)) ||
	    !handshake_take(&parcel, handshake)) {
		*handshake = (struct handshake){.done = false};
		set_lost(&handshake->reason);
	}
	relay->established = handshake->done;
}

void relay_explain_end(const struct relay *relay, struct reason *reason)
{
	struct pollfd spoken = {.fd = relay->channel, .events = POLLIN};
	struct parcel parcel;

	set_lost(reason);
	if (poll(&spoken, 1, 0) == 0)
		reason_set(reason, N_("no answer within timeoutremote"));
	else if (parcel_hear(&parcel, relay->channel, RELAY_WORDS_MAX,
		     deadline_in(SPARE_SECONDS)))
		reason_take(&parcel, reason);
}

/* The channel is closed when the relay has taken its leave. */
static void await_leave(const struct relay *relay)
{
	struct deadline deadline = deadline_in(SPARE_SECONDS);
	struct parcel reason;
	char nothing;

	if (parcel_hear(&reason, relay->channel, RELAY_WORDS_MAX, deadline))
		channel_hear(
		    relay->channel, &nothing, sizeof nothing, deadline);
	parcel_free(&reason);
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
