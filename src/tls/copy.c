/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/copy.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "deadline.h"
#include "stream.h"
#include "xalloc.h"

/* How long one side may take the rest once the other has ended. */
enum { ENDING_MS = 900 };

/* Bytes on their way in one direction; as many as one TLS record may have. */
struct flow {
	size_t start, end;
	bool closed; /* its source has ended */
	short wait;  /* what its source has to be waited for, before a read */
	bool greedy; /* a read that is not filled has taken all there was */
	char bytes[16384];
};

struct copy {
	struct transport server, local;
	struct flow to_server, to_local;
	bool deaf;   /* the server takes nothing, but may have spoken */
	bool broken; /* nobody is there to take what is left */
	bool ending;
	struct deadline deadline; /* of the ending */
};

static bool is_empty(const struct flow *flow)
{
	return flow->start == flow->end;
}

static void read_more(struct flow *flow, const struct transport *source)
{
	size_t room = sizeof flow->bytes - flow->end;
	short wait = 0;
	ssize_t size =
	    source->read(source, flow->bytes + flow->end, room, &wait);

	if (size < 0 && errno == EINTR)
		return;
	if (size < 0 && errno == EAGAIN) {
		flow->wait = wait;
	} else if (size > 0) {
		flow->end += (size_t)size;
		if (flow->greedy && (size_t)size < room)
			flow->wait = POLLIN;
	} else {
		flow->closed = true;
	}
}

/*
 * Takes all that is there: what the server sent in several records at once
 * has to arrive at once, or a reply that came too early would not be seen to.
 * Returns whether anything happened; *wait as transport.
 */
static bool fill(struct flow *flow, const struct transport *source, short *wait)
{
	*wait = 0;
	if (flow->closed || !is_empty(flow))
		return false;
	flow->start = flow->end = 0;
	while (
	    flow->wait == 0 && !flow->closed && flow->end < sizeof flow->bytes)
		read_more(flow, source);
	*wait = flow->wait;
	return flow->closed || flow->end > 0;
}

static bool drain(struct copy *copy, struct flow *flow,
    const struct transport *target, short *wait)
{
	ssize_t size;

	*wait = 0;
	if (is_empty(flow))
		return false;
	size = target->write(
	    target, flow->bytes + flow->start, flow->end - flow->start, wait);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (size > 0) {
		flow->start += (size_t)size;
		return true;
	}
	flow->start = flow->end;
	flow->closed = true;
	if (flow == &copy->to_server)
		copy->deaf = true;
	else
		copy->broken = true;
	return true;
}

/* What each descriptor is waited for; both sides may want to write. */
struct wishes {
	short server, local;
};

static bool move(struct copy *copy, struct wishes *wishes)
{
	short from_server, from_local, to_server, to_local;
	bool moved;

	moved = fill(&copy->to_local, &copy->server, &from_server);
	moved |= fill(&copy->to_server, &copy->local, &from_local);
	moved |= drain(copy, &copy->to_local, &copy->local, &to_local);
	moved |= drain(copy, &copy->to_server, &copy->server, &to_server);
	wishes->server = (short)(from_server | to_server);
	wishes->local = (short)(from_local | to_local);
	return moved;
}

static bool is_over(const struct copy *copy)
{
	if (copy->broken)
		return true;
	if (copy->to_local.closed)
		return is_empty(&copy->to_local);
	return copy->to_server.closed && is_empty(&copy->to_server) &&
	       !copy->deaf;
}

/* One side has ended: the other one has little time to take the rest. */
static void begin_ending(struct copy *copy)
{
	if (!copy->ending)
		copy->deadline = deadline_in_ms(ENDING_MS);
	copy->ending = true;
}

/*
 * Waits until something can move.  A side of which nothing is wanted is
 * watched for its end all the same, until that is known.  Returns false when
 * the time is over.
 */
static bool await(struct copy *copy, const struct wishes *wishes)
{
	struct pollfd descriptors[2] = {
	    {.fd = copy->server.read_descriptor, .events = wishes->server},
	    {.fd = copy->local.read_descriptor, .events = wishes->local}};

	for (int i = 0; i < 2; i++)
		if (descriptors[i].events == 0 && copy->ending)
			descriptors[i].fd = -1;
	if (deadline_passed(copy->deadline) ||
	    deadline_poll(descriptors, 2, copy->deadline) <= 0)
		return false;
	for (int i = 0; i < 2; i++)
		if (descriptors[i].revents & (POLLHUP | POLLERR))
			begin_ending(copy);
	if (descriptors[0].revents != 0)
		copy->to_local.wait = 0;
	if (descriptors[1].revents != 0)
		copy->to_server.wait = 0;
	return true;
}

static void run(struct copy *copy)
{
	struct wishes wishes;

	copy->deadline = deadline_in(0);
	do {
		while (move(copy, &wishes)) {
			if (is_over(copy))
				return;
			if (copy->to_local.closed || copy->to_server.closed)
				begin_ending(copy);
		}
	} while (await(copy, &wishes));
}

void relay_copy(const struct transport *server, const struct transport *local)
{
	struct copy *copy = xcalloc(1, sizeof *copy);

	copy->server = *server;
	copy->local = *local;
	copy->to_server.greedy = true;
	run(copy);
	free(copy);
}
