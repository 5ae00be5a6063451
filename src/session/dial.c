/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/dial.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "session/connection.h"
#include "session/trouble.h"
#include "xalloc.h"

/* The connect to one server. */
struct line {
	int descriptor;
	enum tcpto_status status; /* before the call */
	bool parked;		  /* another server was spoken to meanwhile */
	struct dial_call told;
};

/* A server that hangs up shows without being read from, where it can. */
#ifdef POLLRDHUP
enum { HUNG_UP = POLLRDHUP };
#else
enum { HUNG_UP = 0 };
#endif

static int64_t in_milliseconds(unsigned long seconds)
{
	if (seconds == 0 || (uint64_t)seconds > INT64_MAX / 1000)
		return INT64_MAX;
	return (int64_t)seconds * 1000;
}

void dial_start(struct dial *dial, const struct servers *servers,
    const struct dial_settings *settings)
{
	dial->settings = *settings;
	dial->lines = xcalloc(servers->count, sizeof *dial->lines);
	stagger_start(&dial->stagger, servers,
	    in_milliseconds(settings->timeout_connect), settings->deadline.at);
}

/* Starts the connect.  Returns 0 or an errno. */
static int start(const struct dial *dial, struct line *line, size_t index)
{
	const struct server *server = &dial->stagger.servers->list[index];

	line->parked = false;
	return connection_start(&line->descriptor, server,
	    source_address(dial->settings.source, &server->ip));
}

static void hang_up(struct line *line)
{
	if (line->descriptor >= 0)
		close(line->descriptor);
	line->descriptor = -1;
}

/* Remembers whether the server has timed out. */
static void note(
    const struct dial *dial, const struct line *line, size_t server, int error)
{
	bool timed_out = error == ETIMEDOUT;

	if (dial->settings.keep_tcpto)
		return;
	if (timed_out || line->status == TCPTO_KNOWN)
		tcpto_note(dial->settings.tcpto,
		    &dial->stagger.servers->list[server].ip, timed_out);
}

/* Keeps that there is no connection, if nothing tells more. */
static void keep_unconnected(struct failure *worst, bool timed_out)
{
	struct failure failure;

	trouble_unconnected(&failure, timed_out);
	failure_keep(worst, &failure);
}

static void fail(
    struct dial *dial, size_t server, int error, struct failure *worst)
{
	struct line *line = &dial->lines[server];

	hang_up(line);
	line->told.state = DIAL_FAILED;
	line->told.error = error;
	note(dial, line, server, error);
	keep_unconnected(worst, error == ETIMEDOUT);
	stagger_failed(&dial->stagger, server);
}

/* Calls the server that is due, unless it has timed out of late. */
static void call(
    struct dial *dial, size_t server, int64_t now, struct failure *worst)
{
	const struct server *list = dial->stagger.servers->list;
	struct line *line = &dial->lines[server];
	size_t oldest;
	int error;

	line->status = tcpto_look(dial->settings.tcpto, &list[server].ip);
	if (line->status == TCPTO_SKIP) {
		line->told.state = DIAL_PASSED_OVER;
		keep_unconnected(worst, true);
		stagger_pass_over(&dial->stagger);
		return;
	}
	if (stagger_call(&dial->stagger, now, &oldest)) {
		hang_up(&dial->lines[oldest]);
		dial->lines[oldest].told.state = DIAL_DROPPED;
		keep_unconnected(worst, true);
	}
	line->told = (struct dial_call){.state = DIAL_CALLED, .began = now};
	error = start(dial, line, server);
	if (error != 0)
		fail(dial, server, error, worst);
}

/* Whether the server was tired of waiting while another was spoken to. */
static bool has_left(const struct line *line, short events, int error)
{
	if (!line->parked)
		return false;
	if (error == 0)
		return (events & (HUNG_UP | POLLHUP)) != 0;
	return error == ECONNRESET || error == EPIPE;
}

/* Calls anew, once: it is no longer parked. */
static void renew(struct dial *dial, size_t server, struct failure *worst)
{
	struct line *line = &dial->lines[server];
	int error;

	hang_up(line);
	stagger_renew(&dial->stagger, server, deadline_in_ms(0).at);
	error = start(dial, line, server);
	if (error != 0)
		fail(dial, server, error, worst);
}

/* Everything under way, in the form that poll takes. */
static size_t list_polled(
    const struct dial *dial, struct pollfd polled[STAGGER_MAX])
{
	for (size_t i = 0; i < dial->stagger.count; i++)
		polled[i] = (struct pollfd){
		    .fd = dial->lines[dial->stagger.calls[i].server].descriptor,
		    .events = POLLOUT | HUNG_UP};
	return dial->stagger.count;
}

/* Deals with one that poll says has ended; true when it is there. */
static bool settle(struct dial *dial, size_t server, short events, int error,
    struct failure *worst)
{
	if (error == 0)
		error = connection_outcome(dial->lines[server].descriptor);
	if (has_left(&dial->lines[server], events, error))
		renew(dial, server, worst);
	else if (error != 0)
		fail(dial, server, error, worst);
	else
		return true;
	return false;
}

/*
 * Waits for those under way.  Of those that are there the first is given, and
 * the others keep.
 */
static bool await(struct dial *dial, struct deadline until, size_t *there,
    struct failure *worst)
{
	struct stagger before = dial->stagger;
	struct pollfd polled[STAGGER_MAX];
	size_t count = list_polled(dial, polled);
	int ready = deadline_poll(polled, (nfds_t)count, until);
	int error = ready < 0 ? errno : 0;
	bool found = false;

	for (size_t i = 0; ready != 0 && i < count; i++) {
		size_t server = before.calls[i].server;

		if (ready > 0 && polled[i].revents == 0)
			continue;
		if (settle(dial, server, polled[i].revents, error, worst) &&
		    !found) {
			*there = server;
			found = true;
		}
	}
	return found;
}

/* Gives a connection away; those still under way are parked. */
static int hand_out(struct dial *dial, size_t server)
{
	struct line *line = &dial->lines[server];
	int descriptor = line->descriptor;

	line->descriptor = -1;
	line->told.state = DIAL_THERE;
	line->told.took =
	    line->parked ? -1 : deadline_in_ms(0).at - line->told.began;
	note(dial, line, server, 0);
	stagger_succeeded(&dial->stagger, server);
	for (size_t i = 0; i < dial->stagger.count; i++)
		dial->lines[dial->stagger.calls[i].server].parked = true;
	return descriptor;
}

/*
 * Does what is due.  Returns false when nothing is left; otherwise *found
 * says whether there is a connection now.
 */
static bool advance(
    struct dial *dial, size_t *server, bool *found, struct failure *worst)
{
	int64_t now = deadline_in_ms(0).at;
	struct stagger_advice advice = stagger_ask(&dial->stagger, now);

	switch (advice.step) {
	case STAGGER_CALL: call(dial, advice.server, now, worst); break;
	case STAGGER_EXPIRE: fail(dial, advice.server, ETIMEDOUT, worst); break;
	case STAGGER_WAIT:
		*found =
		    await(dial, (struct deadline){advice.until}, server, worst);
		break;
	case STAGGER_OVER: return false;
	}
	return true;
}

bool dial_next(
    struct dial *dial, size_t *server, int *descriptor, struct failure *worst)
{
	bool found = !deadline_passed(dial->settings.deadline) &&
		     dial->stagger.count > 0 &&
		     await(dial, deadline_in_ms(0), server, worst);

	while (!found) {
		if (!advance(dial, server, &found, worst)) {
			if (dial->stagger.next < dial->stagger.servers->count ||
			    dial->stagger.count > 0)
				keep_unconnected(worst, true);
			return false;
		}
	}
	*descriptor = hand_out(dial, *server);
	return true;
}

const struct dial_call *dial_told(const struct dial *dial, size_t server)
{
	return &dial->lines[server].told;
}

/* Waits for one connect.  Returns 0 or an errno. */
static int await_one(const struct dial *dial, const struct line *line)
{
	struct pollfd polled = {.fd = line->descriptor, .events = POLLOUT};
	struct deadline end = dial->settings.deadline;
	struct deadline deadline =
	    deadline_earlier(end, deadline_in(dial->settings.timeout_connect));

	switch (deadline_poll(&polled, 1, deadline)) {
	case -1: return errno;
	case 0: return deadline_passed(end) ? ECANCELED : ETIMEDOUT;
	}
	return connection_outcome(line->descriptor);
}

bool dial_again(
    struct dial *dial, size_t server, int *descriptor, struct failure *failure)
{
	struct line line = {.descriptor = -1, .status = TCPTO_UNKNOWN};
	int error = deadline_passed(dial->settings.deadline)
			? ECANCELED
			: start(dial, &line, server);

	if (error == 0)
		error = await_one(dial, &line);
	*descriptor = line.descriptor;
	if (error == 0)
		return true;
	hang_up(&line);
	note(dial, &line, server, error);
	trouble_unconnected(failure, error == ETIMEDOUT || error == ECANCELED);
	return false;
}

void dial_end(struct dial *dial)
{
	for (size_t i = 0; i < dial->stagger.count; i++)
		hang_up(&dial->lines[dial->stagger.calls[i].server]);
	dial->stagger.count = 0;
	free(dial->lines);
	dial->lines = NULL;
}
