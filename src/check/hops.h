/* SPDX-License-Identifier: ISC */
/*
 * Lines of tlspolicy for hosts whose mail a route sends to a relay: it is the
 * relay's line that counts.
 */
#ifndef CHECK_HOPS_H
#define CHECK_HOPS_H

#include <stddef.h>

#include "faults.h"
#include "route/routes.h"

struct hops {
	struct hops_route *routes;
	struct hops_policy *policies;
	size_t route_count, policy_count;
};

/* A line of smtproutes for this key, or of authsenders for the key NULL. */
void hops_add_route(
    struct hops *hops, const char *key, const struct route *route);

/* A line of tlspolicy. */
void hops_add_policy(struct hops *hops, const char *key, unsigned long line);

/* Adds the policies that never count to faults, and frees what was added. */
void hops_check(struct hops *hops, struct faults *faults);

#endif
