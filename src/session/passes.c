/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/passes.h"

#include <stdlib.h>

#include "xalloc.h"

/* The credentials of the route; with credentials NULL where it has none. */
static struct auth_task auth_task_of(const struct plan *plan)
{
	return (struct auth_task){.credentials = plan->route.credentials,
	    .relay = plan->next_hop,
	    .port = plan->route.port,
	    .run_directory = plan->run_directory};
}

static struct opening *opening_of_its_own(void)
{
	struct opening *opening = xcalloc(1, sizeof *opening);

	opening->turns = xcalloc(1, sizeof *opening->turns);
	return opening;
}

/* What each server must show; those that cannot are not called at all. */
static void list_trials(struct passes *passes, struct opening *opening)
{
	const struct plan *plan = passes->plan;

	passes->count = plan->servers.count;
	passes->trials = xcalloc(passes->count, sizeof *passes->trials);
	for (size_t i = 0; i < passes->count; i++) {
		struct trial *trial = &passes->trials[i];

		trial->server = plan->servers.list[i];
		trial->opening =
		    opening != NULL ? opening : opening_of_its_own();
		trial->barred = !demand_for(&trial->demand, &plan->terms,
		    &trial->server, &trial->failure);
		if (trial->barred)
			failure_keep(&passes->failure, &trial->failure);
	}
}

/* Starts to dial those whose turn it is in this pass, if there are any. */
static void start_pass(struct passes *passes)
{
	const struct plan *plan = passes->plan;
	const struct dial_settings settings = {
	    .timeout_connect = plan->settings.timeout_connect,
	    .deadline = plan->deadline,
	    .source = &plan->source,
	    .tcpto = &plan->tcpto,
	    .keep_tcpto = passes->all};

	passes->servers.count = 0;
	for (size_t i = 0; i < passes->count; i++) {
		const struct trial *trial = &passes->trials[i];
		size_t at = passes->servers.count;

		if (trial->barred || trial->again != passes->second)
			continue;
		passes->numbers[at] = i;
		passes->servers.list[at] = trial->server;
		passes->servers.count++;
	}
	dial_start(&passes->dial, &passes->servers, &settings);
	passes->dialling = true;
}

static void end_pass(struct passes *passes)
{
	if (!passes->dialling)
		return;
	for (size_t i = 0; i < passes->servers.count; i++)
		passes->trials[passes->numbers[i]].call =
		    *dial_told(&passes->dial, i);
	dial_end(&passes->dial);
	passes->dialling = false;
}

void passes_start(
    struct passes *passes, const struct plan *plan, struct opening *opening)
{
	const struct auth_task auth = auth_task_of(plan);
	size_t most = plan->servers.count;

	*passes = (struct passes){.plan = plan,
	    .all = opening == NULL,
	    .servers = {.list = xcalloc(most, sizeof(struct server))},
	    .numbers = xcalloc(most, sizeof(size_t))};
	passes->decided =
	    auth.credentials != NULL && !auth_prepare(&auth, &passes->failure);
	if (passes->decided)
		return;
	passes->failure = (struct failure){.rank = FAILURE_NONE};
	list_trials(passes, opening);
	start_pass(passes);
}

/*
 * A server whose demand yields is spoken to in clear another time.  One that
 * has offered no TLS may not have been itself: if it offers some then, that is
 * used.
 */
static void give_second_chance(struct passes *passes, struct trial *trial)
{
	if (passes->second || !trial->demand.yields)
		return;
	switch (trial->result) {
	case ATTEMPT_NO_TLS: trial->demand.tls = DEMAND_TRY; break;
	case ATTEMPT_TLS_FAILED: trial->demand.tls = DEMAND_CLEAR; break;
	default: return;
	}
	trial->demand.yields = false;
	trial->again = true;
}

static void try(
    struct passes *passes, struct trial *trial, size_t dialled, int connection)
{
	const struct plan *plan = passes->plan;
	const struct auth_task auth = auth_task_of(plan);
	const struct attempt attempt = {.terms = &plan->terms,
	    .dial = &passes->dial,
	    .server = dialled,
	    .demand = &trial->demand,
	    .auth = auth.credentials != NULL ? &auth : NULL};
	char *reason = trial->again && trial->result == ATTEMPT_TLS_FAILED
			   ? trial->failure.text
			   : NULL;

	opening_prepare(trial->opening, &trial->server,
	    source_helohost(&plan->source, &trial->server.ip, &plan->settings),
	    plan->settings.timeout_remote, plan->deadline);
	/* Who knows it may repeat it before being told. */
	if (auth.credentials != NULL)
		mask_add_secret(
		    &trial->opening->mask, auth.credentials->secret);
	trial->opening->clear_reason = reason;
	trial->tried = true;
	trial->failure = (struct failure){.rank = FAILURE_NONE};
	trial->result = attempt_server(
	    &attempt, connection, trial->opening, &trial->failure);
}

/* What a trial means for the outcome. */
static void judge(struct passes *passes, const struct trial *trial)
{
	if (passes->decided)
		return;
	if (trial->result == ATTEMPT_READY)
		passes->chosen = trial;
	else if (trial->result == ATTEMPT_HOPELESS)
		passes->failure = trial->failure;
	else
		failure_keep(&passes->failure, &trial->failure);
	passes->decided =
	    trial->result == ATTEMPT_READY || trial->result == ATTEMPT_HOPELESS;
}

/* Whether those of the first pass that get another chance are dialled now. */
static bool start_second(struct passes *passes)
{
	if (passes->second || passes->decided)
		return false;
	end_pass(passes);
	passes->second = true;
	start_pass(passes);
	return passes->servers.count > 0;
}

/* Dials on; false when no server of this pass is left. */
static bool dial_on(struct passes *passes, size_t *dialled, int *connection)
{
	struct failure beyond = {.rank = FAILURE_NONE};

	return passes->dialling &&
	       dial_next(&passes->dial, dialled, connection,
		   passes->decided ? &beyond : &passes->failure);
}

const struct trial *passes_next(struct passes *passes)
{
	struct trial *trial;
	size_t dialled;
	int connection;

	/* Refused credentials are not shown to the others either. */
	if (passes->decided && passes->chosen == NULL)
		return NULL;
	if (!dial_on(passes, &dialled, &connection) &&
	    !(start_second(passes) && dial_on(passes, &dialled, &connection))) {
		passes->decided = true;
		return NULL;
	}
	trial = &passes->trials[passes->numbers[dialled]];
	try(passes, trial, dialled, connection);
	judge(passes, trial);
	give_second_chance(passes, trial);
	if (passes->all && trial->result == ATTEMPT_READY)
		opening_leave(trial->opening);
	return trial;
}

void passes_end(struct passes *passes)
{
	end_pass(passes);
	free(passes->servers.list);
	free(passes->numbers);
}
