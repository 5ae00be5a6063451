/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/open.h"

#include <stdlib.h>

#include "session/dial.h"
#include "xalloc.h"

/* One server, and how it may be called. */
struct candidate {
	struct server server;
	struct demand demand;
	char *clear_reason; /* why its TLS failed in the first pass, or NULL */
};

/* Those that a pass goes over, in order. */
struct pass {
	const struct plan *plan;
	struct candidate *candidates;
	struct servers servers; /* the same, as they are dialled */
	struct opening *opening;
	struct failure *worst;
};

enum pass_result { PASS_OPEN, PASS_FAILED, PASS_HOPELESS };

static struct pass make_pass(
    const struct plan *plan, struct opening *opening, struct failure *worst)
{
	size_t most = plan->servers.count;

	return (struct pass){.plan = plan,
	    .candidates = xcalloc(most, sizeof(struct candidate)),
	    .servers = {.list = xcalloc(most, sizeof(struct server))},
	    .opening = opening,
	    .worst = worst};
}

static void add_candidate(struct pass *pass, const struct candidate *candidate)
{
	size_t index = pass->servers.count++;

	pass->candidates[index] = *candidate;
	pass->servers.list[index] = candidate->server;
}

static void free_pass(struct pass *pass)
{
	free(pass->candidates);
	free(pass->servers.list);
}

/* Those servers that may be called at all. */
static struct pass first_pass(
    const struct plan *plan, struct opening *opening, struct failure *worst)
{
	const struct servers *servers = &plan->servers;
	struct pass pass = make_pass(plan, opening, worst);

	for (size_t i = 0; i < servers->count; i++) {
		struct candidate candidate = {.server = servers->list[i]};
		struct failure failure;

		if (demand_for(&candidate.demand, &plan->terms,
			&servers->list[i], &failure))
			add_candidate(&pass, &candidate);
		else
			failure_keep(worst, &failure);
	}
	return pass;
}

/* A server whose demand yields is spoken to in clear another time. */
static void give_second_chance(struct pass *second,
    const struct candidate *first, enum attempt_result result, char *reason)
{
	struct candidate candidate = *first;

	if (!first->demand.yields ||
	    (result != ATTEMPT_NO_TLS && result != ATTEMPT_TLS_FAILED))
		return;
	candidate.demand.tls = DEMAND_CLEAR;
	candidate.demand.yields = false;
	candidate.clear_reason = result == ATTEMPT_TLS_FAILED ? reason : NULL;
	add_candidate(second, &candidate);
}

/* The credentials of the route; with credentials NULL where it has none. */
static struct auth_task auth_task_of(const struct plan *plan)
{
	return (struct auth_task){.credentials = plan->route.credentials,
	    .relay = plan->next_hop,
	    .port = plan->route.port,
	    .run_directory = plan->run_directory};
}

static enum attempt_result try_candidate(const struct pass *pass,
    struct dial *dial, size_t index, int connection, struct failure *failure)
{
	const struct plan *plan = pass->plan;
	const struct candidate *candidate = &pass->candidates[index];
	const struct auth_task auth = auth_task_of(plan);
	const struct attempt attempt = {.terms = &plan->terms,
	    .dial = dial,
	    .server = index,
	    .demand = &candidate->demand,
	    .auth = auth.credentials != NULL ? &auth : NULL};

	opening_prepare(pass->opening, &candidate->server,
	    source_helohost(
		&plan->source, &candidate->server.ip, &plan->settings),
	    plan->settings.timeout_remote, plan->deadline);
	/* Who knows it may repeat it before being told. */
	if (auth.credentials != NULL)
		mask_add_secret(&pass->opening->mask, auth.credentials->secret);
	pass->opening->clear_reason = candidate->clear_reason;
	return attempt_server(&attempt, connection, pass->opening, failure);
}

/* Tries what is there to be spoken to, one after the other. */
static enum pass_result try_all(
    const struct pass *pass, struct dial *dial, struct pass *second)
{
	size_t index;
	int connection;

	while (dial_next(dial, &index, &connection, pass->worst)) {
		struct failure failure = {.rank = FAILURE_NONE};
		enum attempt_result result =
		    try_candidate(pass, dial, index, connection, &failure);

		if (result == ATTEMPT_READY)
			return PASS_OPEN;
		if (result == ATTEMPT_HOPELESS) {
			*pass->worst = failure;
			return PASS_HOPELESS;
		}
		failure_keep(pass->worst, &failure);
		if (second != NULL)
			give_second_chance(second, &pass->candidates[index],
			    result, failure.text);
	}
	return PASS_FAILED;
}

static enum pass_result run_pass(const struct pass *pass, struct pass *second)
{
	const struct plan *plan = pass->plan;
	const struct dial_settings settings = {
	    .timeout_connect = plan->settings.timeout_connect,
	    .deadline = plan->deadline,
	    .source = &plan->source,
	    .tcpto = &plan->tcpto};
	struct dial dial;
	enum pass_result result;

	dial_start(&dial, &pass->servers, &settings);
	result = try_all(pass, &dial, second);
	dial_end(&dial);
	return result;
}

bool open_session(
    const struct plan *plan, struct opening *opening, struct failure *failure)
{
	const struct auth_task auth = auth_task_of(plan);
	struct pass first, second;
	enum pass_result result;

	if (auth.credentials != NULL && !auth_prepare(&auth, failure))
		return false;
	*failure = (struct failure){.rank = FAILURE_NONE};
	first = first_pass(plan, opening, failure);
	second = make_pass(plan, opening, failure);
	result = run_pass(&first, &second);
	if (result == PASS_FAILED && second.servers.count > 0)
		result = run_pass(&second, NULL);
	free_pass(&first);
	free_pass(&second);
	return result == PASS_OPEN;
}
