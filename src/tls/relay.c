/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "deadline.h"
#include "i18n.h"
#include "parcel.h"
#include "paths.h"
#include "tls/anchor_files.h"
#include "tls/protocol.h"

/* The analyzer wants posix_spawn, which costs more than all else here. */
#if !defined HAVE_VFORK || defined __clang_analyzer__
#define vfork fork
#endif

/*
 * How long the relay may take to load what it needs, which can mean to
 * compile a directory of trust anchors; and beyond its own deadlines.
 */
enum { LOADING_SECONDS = 60, SPARE_SECONDS = 2 };

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

/*
 * Becomes the program, with those descriptors, all of which are above the
 * numbers that it is to find them at.  Until then it has its parent's memory,
 * and so makes system calls only.
 */
static _Noreturn void become_relay(
    const char *program, const int ends[3], volatile int *error)
{
	static char name[] = "qmail-remote-relay";
	char *arguments[] = {name, NULL};
	bool good = true;

	for (int i = 0; i < 3 && good; i++)
		good = dup2(ends[i], RELAY_CONNECTION + i) >= 0;
	if (good)
		execv(program, arguments);
	*error = errno;
	_exit(0);
}

/*
 * Does without the 130 calls by which posix_spawn sets each signal: there is no
 * handler here that would return.  Returns an error number; where vfork is
 * fork, a program that cannot be run is one that ended early.
 */
static int spawn_with(struct relay *relay, const int ends[3])
{
	const char *program = path_relay();
	volatile int error = 0;
	pid_t process = vfork();

	if (process == 0)
		become_relay(program, ends, &error);
	if (process < 0)
		return errno;
	if (error == 0)
		relay->process = process;
	else
		waitpid(process, NULL, 0);
	return error;
}

/* The same, with any descriptors.  Returns an error number. */
static int spawn(struct relay *relay, int connection, int local, int channel)
{
	const int ends[3] = {connection, local, channel};
	int copies[3], error = 0;

	/* With SIGCHLD ignored the kernel would reap the relay, and its number
	   could be another's when it is killed. */
	signal(SIGCHLD, SIG_DFL);
	for (int i = 0; i < 3; i++) {
		copies[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, RELAY_CHANNEL + 1);
		if (copies[i] < 0)
			error = errno;
	}
	if (error == 0)
		error = spawn_with(relay, copies);
	for (int i = 0; i < 3; i++)
		if (copies[i] >= 0)
			close(copies[i]);
	return error;
}

/* A relay that does not hear all of it ends, which shows when it is awaited. */
static void say_task(const struct relay *relay, const struct tls_task *task)
{
	struct parcel parcel = {0};

	tls_task_put(&parcel, task);
	if (!parcel_say(&parcel, relay->channel))
		shutdown(relay->channel, SHUT_WR);
	parcel_free(&parcel);
}

static void set_unable(struct failure *failure, const char *reason)
{
	failure_set(failure, FAILURE_TEMPORARY,
	    _("Unable to run %s: %s. (#4.3.0)\n"), path_relay(), reason);
}

bool relay_start(struct relay *relay, const struct tls_task *task,
    int connection, struct failure *failure)
{
	int local[2], channel[2], error;

	*relay = (struct relay){.process = 0,
	    .anchors = task->anchors,
	    .run_directory = task->run_directory};
	failure_set_system(failure);
	if (!open_both(local, channel))
		return false;
	error = spawn(relay, connection, local[1], channel[1]);
	close(local[1]);
	close(channel[1]);
	relay->local = local[0];
	relay->channel = channel[0];
	if (error == 0) {
		say_task(relay, task);
		return true;
	}
	set_unable(failure, strerror(error));
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

	if (!parcel_hear(&parcel, relay->channel, RELAY_WORDS_MAX, deadline)) {
		set_unable(failure, _("the TLS relay ended early"));
		return false;
	}
	parcel_take_version(&parcel);
	refusal = parcel_take_text(&parcel);
	if (!parcel_is_empty(&parcel))
		set_unable(failure,
		    _("it belongs to another version of qmail-remote"));
	else if (refusal != NULL && *refusal == '\0')
		failure_set_system(failure);
	else if (refusal != NULL)
		failure_set(failure, FAILURE_TEMPORARY, "%s", refusal);
	else
		return true;
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

static bool say_deadline(
    const struct relay *relay, struct deadline deadline, bool of_delivery)
{
	struct parcel parcel = {0};
	bool said;

	parcel_put_number(&parcel, (uint64_t)deadline.at);
	parcel_put_number(&parcel, of_delivery);
	said = parcel_say(&parcel, relay->channel);
	parcel_free(&parcel);
	return said;
}

static bool answer(const struct relay *relay, struct parcel *question)
{
	struct parcel answer = {0};
	bool said;

	if (relay->anchors == NULL)
		return false;
	anchors_answer(&answer, question, relay->anchors, relay->run_directory);
	said = parcel_say(&answer, relay->channel);
	parcel_free(&answer);
	return said;
}

/* Answers what the relay asks until it tells. */
static bool hear_handshake(const struct relay *relay, struct deadline deadline,
    struct handshake *handshake)
{
	struct parcel parcel;

	while (parcel_hear(
	    &parcel, relay->channel, TLS_HANDSHAKE_SIZE, deadline)) {
		if (parcel_take_number(&parcel) == RELAY_TELLS)
			return handshake_take(&parcel, handshake);
		if (!answer(relay, &parcel))
			break;
		parcel_free(&parcel);
	}
	return false;
}

void relay_shake_hands(struct relay *relay, struct deadline deadline,
    bool of_delivery, struct handshake *handshake)
{
	if (!say_deadline(relay, deadline, of_delivery) ||
	    !hear_handshake(relay, spare(deadline), handshake)) {
		*handshake = (struct handshake){.done = false};
		set_lost(&handshake->reason);
	}
	relay->established = handshake->done;
}

void relay_explain_end(
    const struct relay *relay, bool of_delivery, struct reason *reason)
{
	struct pollfd spoken = {.fd = relay->channel, .events = POLLIN};
	struct parcel parcel;

	set_lost(reason);
	if (poll(&spoken, 1, 0) == 0)
		reason_set(reason, of_delivery
				       ? N_("no answer within timeoutdelivery")
				       : N_("no answer within timeoutremote"));
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
