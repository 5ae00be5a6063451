/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/host.h"

#include "dns/resolver.h"
#include "paths.h"
#include "servers/inquiry.h"
#include "servers/local.h"
#include "sts/address.h"

/* Of each family, so that neither leaves no room for the other. */
enum { FAMILY_MAX = STS_ADDRESSES_MAX / 2 };

/* local is NULL when this machine's own addresses are not known. */
static bool is_callable(const struct local *local, const struct ip *ip)
{
	if (path_local_policies())
		return true;
	return local != NULL && sts_address_is_public(ip) &&
	       !local_has(local, ip);
}

static void take_family(struct sts_call *call,
    const struct exchanger *exchanger, const struct local *local,
    uint8_t version)
{
	size_t taken = 0;

	for (size_t i = 0; i < exchanger->address_count; i++) {
		const struct ip *ip = &exchanger->addresses[i];

		if (ip->version == version && taken < FAMILY_MAX &&
		    is_callable(local, ip)) {
			call->addresses[call->address_count++] = *ip;
			taken++;
		}
	}
}

static void take_addresses(struct sts_call *call,
    const struct exchanger *exchanger, const struct settings *settings,
    const struct source *source)
{
	uint8_t first = source->v4_first ? 4 : 6;
	struct local local, *known = NULL;

	local_set(&local, settings->ipme.list, settings->ipme.count);
	if (local_add_interfaces(&local))
		known = &local;
	call->address_count = 0;
	take_family(call, exchanger, known, first);
	take_family(call, exchanger, known, first == 4 ? 6 : 4);
	local_free(&local);
}

/* A family that the source has not is not asked for. */
static void look_up(struct servers *servers, struct resolver *resolver,
    const char *host, const struct source *source)
{
	struct inquiry inquiry = {.next_hop = host,
	    .relay = true,
	    .use_v4 = source->use_v4,
	    .use_v6 = source->use_v6};

	inquiry_make(servers, resolver, &inquiry);
}

enum sts_host sts_host_find(struct sts_call *call,
    const struct settings *settings, const struct source *source,
    struct deadline deadline)
{
	struct resolver_options options = {
	    .timeout = settings->timeout_dns, .deadline = deadline};
	struct servers servers = {0};
	struct resolver *resolver = NULL;
	struct failure failure;

	if (!deadline_passed(deadline))
		resolver = resolver_open(&options, &failure);
	if (resolver == NULL)
		return STS_HOST_UNKNOWN;
	look_up(&servers, resolver, call->host, source);
	resolver_close(resolver);
	take_addresses(call, &servers.exchangers.list[0], settings, source);
	if (call->address_count > 0)
		return STS_HOST_OPEN;
	return servers.exchangers.incomplete ? STS_HOST_UNKNOWN
					     : STS_HOST_CLOSED;
}
