/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "relay.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "confine.h"
#include "deadline.h"
#include "stream.h"
#include "xalloc.h"

/* How long one side may take the rest once the other has ended. */
enum { ENDING_MS = 900, GOODBYE_MS = 100 };

/* Bytes on their way in one direction. */
struct channel {
	size_t start, end;
	bool closed;	   /* its source has ended */
	char bytes[16384]; /* one TLS record */
};

struct relay {
	struct tls *tls;
	struct transport server, local;
	struct channel to_server, to_local;
	bool deaf;   /* the server takes nothing, but may have spoken */
	bool broken; /* nobody is there to take what is left */
	bool ending;
	struct deadline deadline; /* of the ending */
};

static bool is_empty(const struct channel *channel)
{
	return channel->start == channel->end;
}

/* Moves bytes once.  Returns whether anything happened; *wait as transport. */
static bool fill(
    struct channel *channel, const struct transport *source, short *wait)
{
	ssize_t size;

	*wait = 0;
	if (channel->closed || !is_empty(channel))
		return false;
	size =
	    source->read(source, channel->bytes, sizeof channel->bytes, wait);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	channel->start = 0;
	channel->end = size > 0 ? (size_t)size : 0;
	channel->closed = size <= 0;
	return true;
}

static bool drain(struct relay *relay, struct channel *channel,
    const struct transport *target, short *wait)
{
	ssize_t size;

	*wait = 0;
	if (is_empty(channel))
		return false;
	size = target->write(target, channel->bytes + channel->start,
	    channel->end - channel->start, wait);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (size > 0) {
		channel->start += (size_t)size;
		return true;
	}
	channel->start = channel->end;
	channel->closed = true;
	if (channel == &relay->to_server)
		relay->deaf = true;
	else
		relay->broken = true;
	return true;
}

/* What each descriptor is waited for; both sides may want to write. */
struct wishes {
	short server, local;
};

static bool move(struct relay *relay, struct wishes *wishes)
{
	short from_server, from_local, to_server, to_local;
	bool moved;

	moved = fill(&relay->to_local, &relay->server, &from_server);
	moved |= fill(&relay->to_server, &relay->local, &from_local);
	moved |= drain(relay, &relay->to_local, &relay->local, &to_local);
	moved |= drain(relay, &relay->to_server, &relay->server, &to_server);
	wishes->server = (short)(from_server | to_server);
	wishes->local = (short)(from_local | to_local);
	return moved;
}

static bool is_over(const struct relay *relay)
{
	if (relay->broken)
		return true;
	if (relay->to_local.closed)
		return is_empty(&relay->to_local);
	return relay->to_server.closed && is_empty(&relay->to_server) &&
	       !relay->deaf;
}

/* One side has ended: the other one has little time to take the rest. */
static void begin_ending(struct relay *relay)
{
	if (!relay->ending)
		relay->deadline = deadline_in_ms(ENDING_MS);
	relay->ending = true;
}

/*
 * Waits until something can move.  A side of which nothing is wanted is
 * watched for its end all the same, until that is known.  Returns false when
 * the time is over.
 */
static bool await(struct relay *relay, const struct wishes *wishes)
{
	struct pollfd descriptors[2] = {
	    {.fd = relay->server.read_descriptor, .events = wishes->server},
	    {.fd = relay->local.read_descriptor, .events = wishes->local}};

	for (int i = 0; i < 2; i++)
		if (descriptors[i].events == 0 && relay->ending)
			descriptors[i].fd = -1;
	if (deadline_passed(relay->deadline) ||
	    deadline_poll(descriptors, 2, relay->deadline) <= 0)
		return false;
	for (int i = 0; i < 2; i++)
		if (descriptors[i].revents & (POLLHUP | POLLERR))
			begin_ending(relay);
	return true;
}

static void copy(struct relay *relay)
{
	struct wishes wishes;

	relay->deadline = deadline_in(0);
	do {
		while (move(relay, &wishes)) {
			if (is_over(relay))
				return;
			if (relay->to_local.closed || relay->to_server.closed)
				begin_ending(relay);
		}
	} while (await(relay, &wishes));
}

static void say_goodbye(struct relay *relay)
{
	struct deadline deadline = deadline_in_ms(GOODBYE_MS);
	struct pollfd waiting = {
	    .fd = relay->server.write_descriptor, .events = POLLOUT};

	while (!tls_say_goodbye(relay->tls))
		if (deadline_poll(&waiting, 1, deadline) <= 0)
			return;
}

static _Noreturn void run(struct tls *tls, int connection, int local)
{
	struct relay *relay;

	/* First of all: what is reported from here on goes nowhere. */
	if (!confine_descriptors(connection, local))
		_exit(0);
	relay = xcalloc(1, sizeof *relay);
	relay->tls = tls;
	relay->server = tls_transport(tls);
	relay->local = transport_descriptors(local, local);
	confine_rights();
	copy(relay);
	say_goodbye(relay);
	_exit(0);
}

int relay_start(struct tls *tls, int connection)
{
	int pair[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		close(pair[0]);
		run(tls, connection, pair[1]);
	}
	close(pair[1]);
	close(connection);
	if (child < 0) {
		int error = errno;

		close(pair[0]);
		errno = error;
		return -1;
	}
	return pair[0];
}
