/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/hops.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "route/key.h"
#include "route/policy.h"
#include "xalloc.h"

struct hops_route {
	char *key; /* "" but for a host */
	char *hop; /* in the form of keys of tlspolicy */
	const char *file;
	unsigned long line;
};

struct hops_policy {
	char *key;
	unsigned long line;
};

static bool is_host(const char *key)
{
	return *key != '\0' && *key != '.';
}

void hops_add_route(
    struct hops *hops, const char *key, const struct route *route)
{
	struct failure failure;
	char *name = route_next_hop(route, "");
	char *hop = key_of_next_hop(name, &failure);

	free(name);
	if (hop == NULL)
		return;
	hops->routes =
	    xrealloc(hops->routes, hops->route_count + 1, sizeof *hops->routes);
	hops->routes[hops->route_count++] = (struct hops_route){
	    .key = xstrdup(key != NULL && is_host(key) ? key : ""),
	    .hop = hop,
	    .file = route->file,
	    .line = route->line};
}

void hops_add_policy(struct hops *hops, const char *key, unsigned long line)
{
	if (!is_host(key))
		return;
	hops->policies = xrealloc(
	    hops->policies, hops->policy_count + 1, sizeof *hops->policies);
	hops->policies[hops->policy_count++] =
	    (struct hops_policy){.key = xstrdup(key), .line = line};
}

static int compare_keys(const void *a, const void *b)
{
	const struct hops_route *one = a, *other = b;

	return strcmp(one->key, other->key);
}

static int compare_hops(const void *a, const void *b)
{
	const struct hops_route *one = a, *other = b;

	return strcmp(one->hop, other->hop);
}

static void check_policy(const struct hops *hops,
    const struct hops_policy *policy, struct faults *faults)
{
	const struct hops_route wanted = {.key = policy->key};
	const struct hops_route *route = bsearch(&wanted, hops->routes,
	    hops->route_count, sizeof *hops->routes, compare_keys);

	if (route != NULL)
		faults_add(faults, FAULT_WARNING, policy_file()->path,
		    policy->line,
		    _("mail for this host goes to the relay %s (%s line %lu), "
		      "whose line counts in place of this one: write its name "
		      "here"),
		    route->hop, route->file, route->line);
}

/* What is a relay as well is looked up for its own sake. */
static void drop_relays(struct hops *hops)
{
	size_t kept = 0;

	qsort(hops->routes, hops->route_count, sizeof *hops->routes,
	    compare_hops);
	for (size_t i = 0; i < hops->policy_count; i++) {
		const struct hops_route wanted = {.hop = hops->policies[i].key};

		if (bsearch(&wanted, hops->routes, hops->route_count,
			sizeof *hops->routes, compare_hops) == NULL)
			hops->policies[kept++] = hops->policies[i];
		else
			free(hops->policies[i].key);
	}
	hops->policy_count = kept;
}

static void free_hops(struct hops *hops)
{
	for (size_t i = 0; i < hops->route_count; i++) {
		free(hops->routes[i].key);
		free(hops->routes[i].hop);
	}
	for (size_t i = 0; i < hops->policy_count; i++)
		free(hops->policies[i].key);
	free(hops->routes);
	free(hops->policies);
}

void hops_check(struct hops *hops, struct faults *faults)
{
	if (hops->route_count > 0 && hops->policy_count > 0) {
		drop_relays(hops);
		qsort(hops->routes, hops->route_count, sizeof *hops->routes,
		    compare_keys);
		for (size_t i = 0; i < hops->policy_count; i++)
			check_policy(hops, &hops->policies[i], faults);
	}
	free_hops(hops);
	*hops = (struct hops){0};
}
