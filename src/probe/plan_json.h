/* SPDX-License-Identifier: ISC */
/* The parts of a plan in JSON. */
#ifndef PROBE_PLAN_JSON_H
#define PROBE_PLAN_JSON_H

#include <jansson.h>

#include "session/plan.h"

json_t *plan_json_route(const struct route *route);
json_t *plan_json_policy(const struct policy *policy);
json_t *plan_json_exchangers(const struct exchangers *exchangers);

/* null where MTA-STS does not count. */
json_t *plan_json_sts(const struct plan *plan);

#endif
