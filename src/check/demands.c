/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/demands.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "session/demand.h"

/* A relay with all that it may turn out to have. */
static struct exchanger make_exchanger(const struct route *route, bool dane)
{
	struct exchanger exchanger = {.name = route->name, .secure = true};

	if (dane && route->name != NULL) {
		exchanger.tlsa.status = TLSA_RECORDS;
		exchanger.tlsa.base = route->name;
	}
	return exchanger;
}

static bool may_have_dane(
    const struct settings *settings, const struct policy *policy)
{
	return settings->dane || policy->level == POLICY_DANE ||
	       policy->level == POLICY_DANE_ONLY;
}

/* What tlspolicy says wrongly is told there. */
static void check_route(const struct settings *settings,
    const struct route *route, struct faults *faults)
{
	char *next_hop = route_next_hop(route, "");
	struct policy policy;
	struct terms terms = {.settings = settings,
	    .run_directory = path_run(),
	    .policy = &policy,
	    .route = route,
	    .next_hop = next_hop};
	struct exchanger exchanger;
	struct server server = {.ip = route->ip, .port = route->port};
	struct demand demand;
	struct failure failure;

	if (policy_find(&policy, next_hop, settings, path_run(), &failure)) {
		exchanger =
		    make_exchanger(route, may_have_dane(settings, &policy));
		server.exchanger = &exchanger;
		if (!demand_for(&demand, &terms, &server, &failure) &&
		    failure.file == NULL) {
			failure.line = route->line;
			faults_take(faults, route->file, &failure);
		}
	}
	free(next_hop);
}

/* The name of this machine leads to it, which needs no TLS. */
static bool is_here(const struct route *route)
{
	return route->name != NULL && strcmp(route->name, "localhost") == 0;
}

void demands_check(const struct settings *settings, const struct needs *needs,
    struct faults *faults)
{
	for (size_t i = 0; i < needs->relay_count; i++)
		if (!is_here(&needs->relays[i]))
			check_route(settings, &needs->relays[i], faults);
}
