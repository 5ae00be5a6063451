/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/stagger.h"

#include <string.h>

void stagger_start(struct stagger *stagger, const struct servers *servers,
    int64_t patience, int64_t end)
{
	*stagger = (struct stagger){
	    .servers = servers, .patience = patience, .end = end};
}

static int64_t add(int64_t time, int64_t milliseconds)
{
	return milliseconds > INT64_MAX - time ? INT64_MAX
					       : time + milliseconds;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long a server that was called is waited for before the next one. */
static int64_t gap(const struct server *called, const struct server *next)
{
	if (next->exchanger == called->exchanger)
		return STAGGER_SAME_MS;
	if (next->exchanger->preference == called->exchanger->preference)
		return STAGGER_EQUAL_MS;
	return STAGGER_WORSE_MS;
}

/* When the next server is to be called. */
static int64_t due(const struct stagger *stagger)
{
	const struct server *list = stagger->servers->list;

	if (stagger->next == stagger->servers->count)
		return INT64_MAX;
	if (stagger->count == 0 || stagger->at_once)
		return INT64_MIN;
	return add(stagger->last.at,
	    gap(&list[stagger->last.server], &list[stagger->next]));
}

/* When the oldest of those under way has had its time. */
static int64_t expiry(const struct stagger *stagger)
{
	return stagger->count > 0 ? add(stagger->calls[0].at, stagger->patience)
				  : INT64_MAX;
}

struct stagger_advice stagger_ask(const struct stagger *stagger, int64_t now)
{
	int64_t expires = expiry(stagger), calls = due(stagger);

	if (now >= stagger->end)
		return (struct stagger_advice){.step = STAGGER_OVER};
	if (now >= expires)
		return (struct stagger_advice){
		    .step = STAGGER_EXPIRE, .server = stagger->calls[0].server};
	if (now >= calls)
		return (struct stagger_advice){
		    .step = STAGGER_CALL, .server = stagger->next};
	if (stagger->count == 0)
		return (struct stagger_advice){.step = STAGGER_OVER};
	return (struct stagger_advice){.step = STAGGER_WAIT,
	    .until = earlier(stagger->end, earlier(expires, calls))};
}

static void forget(struct stagger *stagger, size_t server)
{
	struct stagger_call *call = stagger->calls;

	for (size_t i = 0; i < stagger->count; i++, call++) {
		if (call->server != server)
			continue;
		stagger->count--;
		memmove(call, call + 1, (stagger->count - i) * sizeof *call);
		return;
	}
}

static void append(struct stagger *stagger, size_t server, int64_t now)
{
	stagger->last = (struct stagger_call){server, now};
	stagger->calls[stagger->count++] = stagger->last;
	stagger->at_once = false;
}

bool stagger_call(struct stagger *stagger, int64_t now, size_t *oldest)
{
	bool full = stagger->count == STAGGER_MAX;

	if (full) {
		*oldest = stagger->calls[0].server;
		forget(stagger, *oldest);
	}
	append(stagger, stagger->next++, now);
	return full;
}

void stagger_pass_over(struct stagger *stagger)
{
	stagger->next++;
}

void stagger_failed(struct stagger *stagger, size_t server)
{
	forget(stagger, server);
	stagger->at_once = true;
}

void stagger_succeeded(struct stagger *stagger, size_t server)
{
	forget(stagger, server);
}

void stagger_renew(struct stagger *stagger, size_t server, int64_t now)
{
	forget(stagger, server);
	append(stagger, server, now);
}
