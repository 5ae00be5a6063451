/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/local.h"

#include <ifaddrs.h>
#include <net/if.h>

#include "xalloc.h"

static void add(struct ip **own, size_t *count, const struct ip *ip)
{
	*own = xrealloc(*own, *count + 1, sizeof **own);
	(*own)[(*count)++] = *ip;
}

bool own_add_interfaces(struct ip **own, size_t *count)
{
	static const char *const unspecified[] = {"0.0.0.0", "::"};
	struct ifaddrs *interfaces;
	struct ip ip;

	for (size_t i = 0; i < 2; i++)
		if (ip_parse(&ip, unspecified[i]))
			add(own, count, &ip);
	if (getifaddrs(&interfaces) != 0)
		return false;
	for (struct ifaddrs *at = interfaces; at != NULL; at = at->ifa_next)
		if (at->ifa_addr != NULL && (at->ifa_flags & IFF_UP) &&
		    ip_from_sockaddr(&ip, at->ifa_addr))
			add(own, count, &ip);
	freeifaddrs(interfaces);
	return true;
}
