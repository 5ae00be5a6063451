/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/order.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

/* More than any message needs. */
enum { SERVERS_MAX = 30 };

/* The splitmix64 generator: good enough to share out load. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t value = *state += 0x9e3779b97f4a7c15;

	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
	value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
	return value ^ (value >> 31);
}

/* Below limit, without favour. */
static size_t random_below(uint64_t *state, size_t limit)
{
	uint64_t unfair = UINT64_MAX - UINT64_MAX % limit;
	uint64_t value;

	do
		value = next_random(state);
	while (value >= unfair);
	return (size_t)(value % limit);
}

static int compare_preference(const void *left, const void *right)
{
	const struct exchanger *a = left, *b = right;

	return (a->preference > b->preference) -
	       (a->preference < b->preference);
}

static void shuffle(struct exchanger *list, size_t count, uint64_t *state)
{
	for (size_t left = count; left > 1; left--) {
		size_t chosen = random_below(state, left);
		struct exchanger last = list[left - 1];

		list[left - 1] = list[chosen];
		list[chosen] = last;
	}
}

void order_exchangers(struct exchangers *exchangers, uint64_t seed)
{
	struct exchanger *list = exchangers->list;
	size_t start = 0;

	if (exchangers->count == 0)
		return;
	qsort(list, exchangers->count, sizeof *list, compare_preference);
	for (size_t i = 1; i <= exchangers->count; i++) {
		if (i < exchangers->count &&
		    list[i].preference == list[start].preference)
			continue;
		shuffle(list + start, i - start, &seed);
		start = i;
	}
}

/* Whether it is the same exchanger, or another by the same name. */
static bool is_namesake(const struct exchanger *a, const struct exchanger *b)
{
	return a == b || (a->name != NULL && b->name != NULL &&
			     strcmp(a->name, b->name) == 0);
}

static bool contains(const struct servers *servers,
    const struct exchanger *exchanger, const struct ip *ip, bool by_name)
{
	for (size_t i = 0; i < servers->count; i++) {
		const struct server *server = &servers->list[i];

		if (ip_equal(&server->ip, ip) &&
		    (!by_name || is_namesake(server->exchanger, exchanger)))
			return true;
	}
	return false;
}

/* The next address of that version from *index on, or NULL. */
static const struct ip *next_address(
    const struct exchanger *exchanger, unsigned version, size_t *index)
{
	while (*index < exchanger->address_count) {
		const struct ip *ip = &exchanger->addresses[(*index)++];

		if (ip->version == version)
			return ip;
	}
	return NULL;
}

static void add_server(struct servers *servers,
    const struct exchanger *exchanger, const struct ip *ip,
    const struct listing *listing)
{
	if (ip == NULL || contains(servers, exchanger, ip, listing->by_name))
		return;
	servers->list[servers->count++] = (struct server){
	    .ip = *ip, .port = listing->port, .exchanger = exchanger};
}

static void add_interleaved(struct servers *servers,
    const struct exchanger *exchanger, const struct listing *listing)
{
	unsigned former = listing->v4_first ? 4 : 6, latter = 10 - former;
	size_t former_index = 0, latter_index = 0;
	const struct ip *one, *other;

	do {
		one = next_address(exchanger, former, &former_index);
		other = next_address(exchanger, latter, &latter_index);
		add_server(servers, exchanger, one, listing);
		add_server(servers, exchanger, other, listing);
	} while (one != NULL || other != NULL);
}

void order_servers(struct servers *servers, const struct listing *listing)
{
	const struct exchangers *exchangers = &servers->exchangers;
	size_t total = 0;

	for (size_t i = 0; i < exchangers->count; i++)
		total += exchangers->list[i].address_count;
	servers->count = 0;
	servers->list = xcalloc(total, sizeof *servers->list);
	for (size_t i = 0; i < exchangers->count; i++)
		add_interleaved(servers, &exchangers->list[i], listing);
}

void order_drop_loops(struct servers *servers, const struct local *local)
{
	unsigned limit = UINT_MAX;
	size_t kept = 0;

	for (size_t i = 0; i < servers->count; i++) {
		const struct server *server = &servers->list[i];

		if (server->exchanger->preference < limit &&
		    local_has(local, &server->ip))
			limit = server->exchanger->preference;
	}
	for (size_t i = 0; i < servers->count; i++)
		if (servers->list[i].exchanger->preference < limit)
			servers->list[kept++] = servers->list[i];
	servers->count = kept;
}

void order_drop_own(struct servers *servers, const struct local *local)
{
	size_t kept = 0;

	for (size_t i = 0; i < servers->count; i++)
		if (!local_has(local, &servers->list[i].ip))
			servers->list[kept++] = servers->list[i];
	servers->count = kept;
}

void order_keep_best(struct servers *servers)
{
	if (servers->count > SERVERS_MAX)
		servers->count = SERVERS_MAX;
}
