/* SPDX-License-Identifier: ISC */
/*
 * All that is decided about a request before the first server is called, step
 * by step: each step fills in its part, which later ones only read.
 */
#ifndef SESSION_PLAN_H
#define SESSION_PLAN_H

#include "deadline.h"
#include "failure.h"
#include "route/policy.h"
#include "route/request.h"
#include "route/routes.h"
#include "route/settings.h"
#include "route/source.h"
#include "servers/exchanger.h"
#include "session/demand.h"
#include "sts/fetch.h"
#include "tcpto.h"

/* Steps, in their order. */
enum plan_step {
	PLAN_SETTINGS,
	PLAN_ROUTE,
	PLAN_POLICY,
	PLAN_SOURCE,
	PLAN_SERVERS,
	PLAN_STS,
	PLAN_DONE
};

struct plan {
	enum plan_step step; /* the one under way, or that failed */
	const char *run_directory;
	bool offline; /* set before: nobody is called, but for the DNS */
	struct settings settings;
	struct deadline deadline; /* timeoutdelivery */
	struct route route;
	char *next_hop; /* as route_next_hop has it */
	struct policy policy;
	struct source source;
	struct servers servers;
	struct sts sts;
	struct terms terms; /* the above, for demand.h */
	struct tcpto tcpto;
};

/*
 * Takes all steps.  But for offline the plan starts as zeros.  The plan lives
 * as long as the process, at its place. Returns false with the failure of the
 * step that could not be taken.
 */
bool plan_make(struct plan *plan, const struct request *request,
    const char *run_directory, struct failure *failure);

/* Whether TLSA records count, for which the resolver has to validate; known
   from the policy on. */
bool plan_wants_dane(const struct plan *plan);

#endif
