/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/order.h"

#include <limits.h>
#include <stdlib.h>

#include "xalloc.h"

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

static bool contains(const struct servers *servers, const struct ip *ip)
{
	for (size_t i = 0; i < servers->count; i++)
		if (ip_equal(&servers->list[i].ip, ip))
			return true;
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
    const struct exchanger *exchanger, const struct ip *ip, uint16_t port)
{
	if (ip == NULL || contains(servers, ip))
		return;
	servers->list[servers->count++] =
	    (struct server){.ip = *ip, .port = port, .exchanger = exchanger};
}

static void add_interleaved(
    struct servers *servers, const struct exchanger *exchanger, uint16_t port)
{
	const struct ip *v6, *v4;
	size_t v6_index = 0, v4_index = 0;

	do {
		v6 = next_address(exchanger, 6, &v6_index);
		v4 = next_address(exchanger, 4, &v4_index);
		add_server(servers, exchanger, v6, port);
		add_server(servers, exchanger, v4, port);
	} while (v6 != NULL || v4 != NULL);
}

struct servers order_servers(const struct exchangers *exchangers, uint16_t port)
{
	struct servers servers = {0};
	size_t total = 0;

	for (size_t i = 0; i < exchangers->count; i++)
		total += exchangers->list[i].address_count;
	servers.list = xcalloc(total, sizeof *servers.list);
	for (size_t i = 0; i < exchangers->count; i++)
		add_interleaved(&servers, &exchangers->list[i], port);
	return servers;
}

static bool is_own(const struct ip *ip, const struct ip *own, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (ip_equal(ip, &own[i]))
			return true;
	return false;
}

void order_drop_loops(
    struct servers *servers, const struct ip *own, size_t own_count)
{
	unsigned limit = UINT_MAX;
	size_t kept = 0;

	for (size_t i = 0; i < servers->count; i++) {
		const struct server *server = &servers->list[i];

		if (server->exchanger->preference < limit &&
		    is_own(&server->ip, own, own_count))
			limit = server->exchanger->preference;
	}
	for (size_t i = 0; i < servers->count; i++)
		if (servers->list[i].exchanger->preference < limit)
			servers->list[kept++] = servers->list[i];
	servers->count = kept;
}

void order_drop_own(
    struct servers *servers, const struct ip *own, size_t own_count)
{
	size_t kept = 0;

	for (size_t i = 0; i < servers->count; i++)
		if (!is_own(&servers->list[i].ip, own, own_count))
			servers->list[kept++] = servers->list[i];
	servers->count = kept;
}
