/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/lookup.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_GETRANDOM
#include <sys/random.h>
#endif

#include "dns/domain.h"
#include "i18n.h"
#include "report.h"
#include "route/key.h"
#include "servers/local.h"
#include "servers/order.h"
#include "paths.h"
#include "dns/resolve.h"
#include "xalloc.h"

/* More exchangers than anybody needs: the least preferred are left out. */
enum { EXCHANGERS_MAX = 128 };

static bool no_such_host(struct failure *failure, const char *host)
{
	char copy[DOMAIN_MAX + 3];

	failure_set(failure, FAILURE_PERMANENT,
	    _("Sorry, I couldn't find any host named %s. (#5.1.2)\n"),
	    report_safe(copy, sizeof copy, host));
	return false;
}

static bool dns_is_silent(struct failure *failure)
{
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("Sorry, I couldn't find any host by that name. (#4.1.2)\n"));
	return false;
}

static bool accepts_no_mail(struct failure *failure, const char *host)
{
	char copy[DOMAIN_MAX + 3];

	failure_set(failure, FAILURE_PERMANENT,
	    _("Sorry, the domain %s accepts no mail (its only MX says so). "
	      "(#5.1.10)\n"),
	    report_safe(copy, sizeof copy, host));
	return false;
}

/* For exchangers without any address. */
static bool no_address(
    struct failure *failure, const struct exchangers *exchangers)
{
	if (exchangers->incomplete)
		return dns_is_silent(failure);
	failure_set(failure, FAILURE_PERMANENT, "%s",
	    _("Sorry, I couldn't find a mail exchanger or IP address. "
	      "(#5.4.4)\n"));
	return false;
}

static uint64_t random_seed(void)
{
	uint64_t seed = 0;

#ifdef HAVE_GETRANDOM
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == sizeof seed)
		return seed;
#elif defined HAVE_GETENTROPY
	if (getentropy(&seed, sizeof seed) == 0)
		return seed;
#endif
	seed = (uintptr_t)&seed ^ (uint64_t)time(NULL);
	return seed;
}

static void keep_best(struct exchangers *exchangers)
{
	order_exchangers(exchangers, random_seed());
	while (exchangers->count > EXCHANGERS_MAX)
		free(exchangers->list[--exchangers->count].name);
}

/* MX of host, or host itself where it has none (RFC 5321 section 5.1). */
static bool find_exchangers(struct resolver *resolver, const char *host,
    struct exchangers *exchangers, struct failure *failure)
{
	switch (resolve_exchangers(resolver, host, exchangers)) {
	case ANSWER_FAILED: return dns_is_silent(failure);
	case ANSWER_NO_HOST: return no_such_host(failure, host);
	case ANSWER_NULL_MX: return accepts_no_mail(failure, host);
	case ANSWER_NO_DATA:
		exchangers_add(exchangers, xstrdup(host), 0);
		break;
	case ANSWER_DATA: keep_best(exchangers); break;
	}
	resolve_addresses(resolver, exchangers);
	return true;
}

/* The relay of a route is a name by itself: no MX. */
static bool find_relay(struct resolver *resolver, const char *name,
    struct exchangers *exchangers, struct failure *failure)
{
	exchangers_add(exchangers, xstrdup(name), 0);
	if (resolve_addresses(resolver, exchangers) == ANSWER_NO_HOST)
		return no_such_host(failure, name);
	return true;
}

/* Seconds for all lookups, which begin the delivery. */
static unsigned long lookup_timeout(const struct settings *settings)
{
	unsigned long dns = settings->timeout_dns;
	unsigned long delivery = settings->timeout_delivery;

	return dns == 0 || (delivery > 0 && delivery < dns) ? delivery : dns;
}

static bool ask_dns(struct exchangers *exchangers, const char *host,
    const struct route *route, const struct settings *settings,
    struct failure *failure)
{
	struct resolver *resolver = resolve_open(
	    lookup_timeout(settings), getenv("DNSCACHEIP"), failure);
	bool good;

	if (resolver == NULL)
		return false;
	good = route->kind == ROUTE_NAME
		   ? find_relay(resolver, route->name, exchangers, failure)
		   : find_exchangers(resolver, host, exchangers, failure);
	resolve_close(resolver);
	return good;
}

/*
 * Loop protection: drops what would lead back to this machine.  Returns false
 * when its addresses cannot be found out.
 */
static bool drop_own(
    struct servers *servers, bool routed, const struct settings *settings)
{
	size_t count = settings->ipme_count;
	struct ip *own = xcalloc(count, sizeof *own);
	bool known = true;

	if (count > 0)
		memcpy(own, settings->ipme, count * sizeof *own);
	if (routed)
		order_drop_own(servers, own, count);
	else if ((known = own_add_interfaces(&own, &count)))
		order_drop_loops(servers, own, count);
	free(own);
	return known;
}

/* A better exchanger than us may be among those not found out now. */
static bool only_own(struct failure *failure, bool incomplete)
{
	if (incomplete)
		return dns_is_silent(failure);
	failure_set(failure, FAILURE_PERMANENT, "%s",
	    _("Sorry. Although I'm listed as a best-preference MX or A for "
	      "that host,\nit isn't in my control/locals file, so I don't "
	      "treat it as local. (#5.4.6)\n"));
	return false;
}

/*
 * The host is an address, or its route leads to one: that is the server.
 * Otherwise the DNS knows the exchangers.
 */
static bool find_all(struct exchangers *exchangers, const char *host,
    const struct route *route, const struct settings *settings,
    struct failure *failure)
{
	struct ip literal;

	if (route->kind == ROUTE_ADDRESS)
		literal = route->ip;
	else if (route->kind == ROUTE_NAME ||
		 (!ip_parse_literal(&literal, host) &&
		     !ip_parse(&literal, host)))
		return ask_dns(exchangers, host, route, settings, failure);
	exchanger_add_address(exchangers_add(exchangers, NULL, 0), &literal);
	return true;
}

bool lookup_servers(struct servers *servers, const char *host,
    const struct settings *settings, const char *run_directory,
    struct failure *failure)
{
	struct exchangers exchangers = {0};
	struct route route;
	struct ip literal;
	char *name = ip_parse_literal(&literal, host)
			 ? key_of_host(host, failure)
			 : domain_to_ascii(host, failure);

	if (name == NULL)
		return false;
	if (!routes_find(&route, run_directory, name, failure) ||
	    !find_all(&exchangers, name, &route, settings, failure))
		return false;
	*servers = order_servers(&exchangers, route.port);
	if (servers->count == 0)
		return no_address(failure, &exchangers);
	if (!drop_own(servers, route.kind != ROUTE_NONE, settings)) {
		failure_set_system(failure);
		return false;
	}
	return servers->count > 0 || only_own(failure, exchangers.incomplete);
}
