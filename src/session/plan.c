/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/plan.h"

#include <stdlib.h>

#include "dns/domain.h"
#include "servers/lookup.h"

bool plan_wants_dane(const struct plan *plan)
{
	const struct policy *policy = &plan->policy;
	bool asked = plan->settings.dane || policy->level == POLICY_DANE ||
		     policy->level == POLICY_DANE_ONLY;

	return asked && policy->level != POLICY_NONE && !policy->no_dane;
}

static bool wants_sts(const struct plan *plan)
{
	const struct policy *policy = &plan->policy;

	return plan->settings.mtasts && policy->level != POLICY_NONE &&
	       !policy->no_sts;
}

/* Whether it makes a difference under which exchanger's name an address is
   called. */
static bool counts_names(const struct plan *plan)
{
	return plan->policy.level >= POLICY_VERIFY || plan->policy.requiretls ||
	       plan->route.credentials != NULL || plan_wants_dane(plan) ||
	       wants_sts(plan);
}

static bool find_servers(
    struct plan *plan, const struct request *request, struct failure *failure)
{
	const struct lookup lookup = {.host = request->host,
	    .route = &plan->route,
	    .settings = &plan->settings,
	    .source = &plan->source,
	    .deadline = plan->deadline,
	    .dane = plan_wants_dane(plan),
	    .sts = wants_sts(plan),
	    .by_name = counts_names(plan)};

	return lookup_servers(&plan->servers, &lookup, failure);
}

/* An address has no policy; a dot at the end of a name is no part of it. */
static bool find_sts(struct plan *plan, struct failure *failure)
{
	struct sts_question question = {.texts = &plan->servers.sts,
	    .settings = &plan->settings,
	    .source = &plan->source,
	    .run_directory = plan->run_directory,
	    .deadline = plan->deadline,
	    .offline = plan->offline};
	char *domain;
	bool good;

	if (!wants_sts(plan) || plan->servers.next_hop == NULL)
		return true;
	domain = domain_undotted(plan->servers.next_hop);
	question.domain = domain;
	good = sts_find(&plan->sts, &question, failure);
	free(domain);
	return good;
}

static void draw_up_terms(struct plan *plan)
{
	const struct servers *servers = &plan->servers;

	plan->terms = (struct terms){.settings = &plan->settings,
	    .run_directory = plan->run_directory,
	    .policy = &plan->policy,
	    .route = &plan->route,
	    .sts = plan->sts.present ? &plan->sts.policy : NULL,
	    .next_hop =
		servers->next_hop != NULL ? servers->next_hop : plan->next_hop,
	    .expanded = servers->expanded};
}

static bool find_policy(
    struct plan *plan, const struct request *request, struct failure *failure)
{
	plan->next_hop = route_next_hop(&plan->route, request->host);
	return policy_find(&plan->policy, plan->next_hop, &plan->settings,
	    plan->run_directory, failure);
}

static bool find_source(
    struct plan *plan, const struct request *request, struct failure *failure)
{
	return source_find(
		   &plan->source, request->sender, &plan->settings, failure) &&
	       source_check(&plan->source, failure);
}

static bool take_step(
    struct plan *plan, const struct request *request, struct failure *failure)
{
	switch (plan->step) {
	case PLAN_SETTINGS: return settings_read(&plan->settings, failure);
	case PLAN_ROUTE:
		plan->deadline = deadline_in(plan->settings.timeout_delivery);
		return route_find(
		    &plan->route, request, plan->run_directory, failure);
	case PLAN_POLICY: return find_policy(plan, request, failure);
	case PLAN_SOURCE: return find_source(plan, request, failure);
	case PLAN_SERVERS: return find_servers(plan, request, failure);
	case PLAN_STS: return find_sts(plan, failure);
	case PLAN_DONE: draw_up_terms(plan); break;
	}
	return true;
}

bool plan_make(struct plan *plan, const struct request *request,
    const char *run_directory, struct failure *failure)
{
	*plan = (struct plan){.offline = plan->offline,
	    .run_directory = run_directory,
	    .tcpto = tcpto_in(run_directory)};
	for (; take_step(plan, request, failure); plan->step++)
		if (plan->step == PLAN_DONE)
			return true;
	return false;
}
