/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/host.h"

#include <stdlib.h>

#include "dns/resolve.h"
#include "paths.h"
#include "servers/local.h"
#include "sts/address.h"
#include "xalloc.h"

/* Of each family, so that neither leaves no room for the other. */
enum { FAMILY_MAX = STS_ADDRESSES_MAX / 2 };

/* What must not be called. */
struct barred {
	bool known;
	struct ip *own;
	size_t own_count;
	const struct settings *settings;
};

static bool contains(const struct ip *list, size_t count, const struct ip *ip)
{
	for (size_t i = 0; i < count; i++)
		if (ip_equal(&list[i], ip))
			return true;
	return false;
}

static bool is_callable(const struct barred *barred, const struct ip *ip)
{
	if (path_local_policies())
		return true;
	return barred->known && sts_address_is_public(ip) &&
	       !contains(barred->own, barred->own_count, ip) &&
	       !contains(
		   barred->settings->ipme, barred->settings->ipme_count, ip);
}

static void take_family(struct sts_call *call,
    const struct exchanger *exchanger, const struct barred *barred,
    uint8_t version)
{
	size_t taken = 0;

	for (size_t i = 0; i < exchanger->address_count; i++) {
		const struct ip *ip = &exchanger->addresses[i];

		if (ip->version == version && taken < FAMILY_MAX &&
		    is_callable(barred, ip)) {
			call->addresses[call->address_count++] = *ip;
			taken++;
		}
	}
}

static void take_addresses(struct sts_call *call,
    const struct exchanger *exchanger, const struct settings *settings,
    const struct source *source)
{
	struct barred barred = {.settings = settings};
	uint8_t first = source->v4_first ? 4 : 6;

	barred.known = own_add_interfaces(&barred.own, &barred.own_count);
	call->address_count = 0;
	if (first == 4 ? source->use_v4 : source->use_v6)
		take_family(call, exchanger, &barred, first);
	if (first == 4 ? source->use_v6 : source->use_v4)
		take_family(call, exchanger, &barred, first == 4 ? 6 : 4);
	free(barred.own);
}

/* Whole seconds that are left, of both limits; 0 when there are none. */
static unsigned long time_left(
    const struct settings *settings, struct deadline deadline)
{
	int64_t left = deadline_left_ms(deadline) / 1000;
	unsigned long limit = settings->timeout_dns;

	return limit == 0 || (int64_t)limit > left ? (unsigned long)left
						   : limit;
}

enum sts_host sts_host_find(struct sts_call *call,
    const struct settings *settings, const struct source *source,
    struct deadline deadline)
{
	unsigned long seconds = time_left(settings, deadline);
	struct exchangers exchangers = {0};
	struct resolver *resolver = NULL;
	struct failure failure;

	if (seconds > 0)
		resolver =
		    resolve_open(seconds, getenv("DNSCACHEIP"), &failure);
	if (resolver == NULL)
		return STS_HOST_UNKNOWN;
	exchangers_add(&exchangers, xstrdup(call->host), 0);
	resolve_addresses(resolver, &exchangers);
	resolve_close(resolver);
	take_addresses(call, &exchangers.list[0], settings, source);
	if (call->address_count > 0)
		return STS_HOST_OPEN;
	return exchangers.incomplete ? STS_HOST_UNKNOWN : STS_HOST_CLOSED;
}
