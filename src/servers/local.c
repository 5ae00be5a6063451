/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/local.h"

#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "xalloc.h"

void local_set(struct local *local, const struct ip *known, size_t count)
{
	*local = (struct local){
	    .list = xcalloc(count, sizeof *local->list), .count = count};
	if (count > 0)
		memcpy(local->list, known, count * sizeof *known);
}

static void add(struct local *local, const struct ip *ip)
{
	local->list =
	    xrealloc(local->list, local->count + 1, sizeof *local->list);
	local->list[local->count++] = *ip;
}

bool local_add_interfaces(struct local *local)
{
	struct ifaddrs *interfaces;
	struct ip ip;

	local->loopback = true;
	if (getifaddrs(&interfaces) != 0)
		return false;
	for (struct ifaddrs *at = interfaces; at != NULL; at = at->ifa_next)
		if (at->ifa_addr != NULL && ip_from_sockaddr(&ip, at->ifa_addr))
			add(local, &ip);
	freeifaddrs(interfaces);
	return true;
}

/* An unspecified address, or one of the loopback networks. */
static bool is_loopback(const struct ip *ip)
{
	static const struct ip v4 = {.version = 4, .octets = {127, 0, 0, 1}};
	static const struct ip v6 = {.version = 6, .octets = {[15] = 1}};
	static const struct ip any[] = {{.version = 4}, {.version = 6}};

	return ip_equal(ip, &any[0]) || ip_equal(ip, &any[1]) ||
	       ip_within(ip, &v4, path_loopback_bits()) || ip_equal(ip, &v6);
}

bool local_has(const struct local *local, const struct ip *ip)
{
	if (local->loopback && is_loopback(ip))
		return true;
	for (size_t i = 0; i < local->count; i++)
		if (ip_equal(ip, &local->list[i]))
			return true;
	return false;
}

void local_free(struct local *local)
{
	free(local->list);
	*local = (struct local){0};
}
