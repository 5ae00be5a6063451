/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "dns/domain.h"
#include "dns/resolver.h"
#include "i18n.h"
#include "report.h"
#include "servers/inquiry.h"
#include "servers/local.h"
#include "servers/order.h"
#include "xalloc.h"

/* Seconds: a domain whose servers choke on TXT still gets its mail. */
enum { STS_PATIENCE = 10 };

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

/* The administrator's mistake, or that of whose host it is: mail waits. */
static bool blame_route(
    struct failure *failure, const struct route *route, char *reason)
{
	failure_set(failure, FAILURE_TEMPORARY,
	    _("%s, line %lu: %s. (#4.4.4)\n"), route->file, route->line,
	    reason);
	failure->file = xstrdup(route->file);
	failure->line = route->line;
	failure->reason = reason;
	return false;
}

static bool no_such_relay(struct failure *failure, const struct route *route)
{
	char copy[DOMAIN_MAX + 3];

	return blame_route(failure, route,
	    xasprintf(_("the relay %s does not exist, or has no IP address"),
		report_safe(copy, sizeof copy, route->name)));
}

/* The route leads to where control/ipme forbids to go. */
static bool relay_is_own(struct failure *failure, const struct route *route)
{
	char copy[DOMAIN_MAX + 3], text[IP_TEXT_SIZE];
	char *file = control_path("control/ipme");
	char *reason = xasprintf(_("the relay %s is this machine, says %s"),
	    route->kind == ROUTE_ADDRESS
		? ip_format(&route->ip, text)
		: report_safe(copy, sizeof copy, route->name),
	    file);

	free(file);
	return blame_route(failure, route, reason);
}

/* Who leaves only one family. */
static char *name_origin(const struct lookup *lookup)
{
	enum address_family family = lookup->settings->address_family;
	int version = lookup->source->use_v4 ? 4 : 6;
	char *file, *text;

	if (family == FAMILY_IPV4_ONLY || family == FAMILY_IPV6_ONLY)
		return control_path("control/addressfamily");
	file = control_path(source_file(version)->path);
	text = xasprintf(_("%s line %lu"), file,
	    version == 4 ? lookup->source->v4.number
			 : lookup->source->v6.number);
	free(file);
	return text;
}

/* There may be addresses of the other family. */
static bool no_family(struct failure *failure, const struct lookup *lookup)
{
	char *origin = name_origin(lookup);

	failure_set(failure, FAILURE_TEMPORARY,
	    _("Sorry, I couldn't find a server with an %s address, and %s "
	      "leaves no others. (#4.4.4)\n"),
	    lookup->source->use_v4 ? "IPv4" : "IPv6", origin);
	free(origin);
	return false;
}

static bool is_partial(const struct source *source)
{
	return !source->use_v4 || !source->use_v6;
}

/* For exchangers without any address; those left out may have one. */
static bool no_address(struct failure *failure, const struct lookup *lookup,
    const struct exchangers *exchangers)
{
	if (exchangers->incomplete || exchangers->cut)
		return dns_is_silent(failure);
	if (is_partial(lookup->source))
		return no_family(failure, lookup);
	if (lookup->route->kind != ROUTE_NONE)
		return no_such_relay(failure, lookup->route);
	failure_set(failure, FAILURE_PERMANENT, "%s",
	    _("Sorry, I couldn't find a mail exchanger or IP address. "
	      "(#5.4.4)\n"));
	return false;
}

/* A better exchanger than us may be among those not found out now. */
static bool only_own(struct failure *failure, const struct lookup *lookup,
    const struct exchangers *exchangers)
{
	if (exchangers->incomplete)
		return dns_is_silent(failure);
	if (lookup->route->kind != ROUTE_NONE)
		return relay_is_own(failure, lookup->route);
	if (is_partial(lookup->source))
		return no_family(failure, lookup);
	failure_set(failure, FAILURE_PERMANENT, "%s",
	    _("Sorry. Although I'm listed as a best-preference MX or A for "
	      "that host,\nit isn't in my control/locals file, so I don't "
	      "treat it as local. (#5.4.6)\n"));
	return false;
}

static bool inquire(struct servers *servers, const struct lookup *lookup,
    struct resolver *resolver, struct failure *failure)
{
	struct inquiry inquiry = {.next_hop = servers->next_hop,
	    .relay = lookup->route->kind == ROUTE_NAME,
	    .port = lookup->route->port,
	    .use_v4 = lookup->source->use_v4,
	    .use_v6 = lookup->source->use_v6,
	    .dane = lookup->dane,
	    .sts = lookup->sts,
	    .sts_patience = STS_PATIENCE};

	switch (inquiry_make(servers, resolver, &inquiry)) {
	case INQUIRY_FAILED: return dns_is_silent(failure);
	case INQUIRY_NO_HOST:
		domain_set_unknown(failure, servers->next_hop);
		return false;
	case INQUIRY_NULL_MX:
		return accepts_no_mail(failure, servers->next_hop);
	case INQUIRY_DONE: break;
	}
	return true;
}

static bool ask_dns(struct servers *servers, const struct lookup *lookup,
    struct failure *failure)
{
	struct resolver_options options = {
	    .timeout = lookup->settings->timeout_dns,
	    .deadline = lookup->deadline,
	    .validates = lookup->dane};
	struct resolver *resolver = resolver_open(&options, failure);
	bool good;

	if (resolver == NULL)
		return false;
	good = inquire(servers, lookup, resolver, failure);
	resolver_close(resolver);
	return good;
}

/* An address needs no DNS; one of a family left out does not exist. */
static bool take_literal(struct servers *servers, const struct lookup *lookup,
    const struct ip *literal)
{
	struct exchanger *exchanger =
	    exchangers_add(&servers->exchangers, NULL, 0);

	exchanger->secure = true;
	if (literal->version == 4 ? lookup->source->use_v4
				  : lookup->source->use_v6)
		exchanger_add_address(exchanger, literal);
	return true;
}

/*
 * Whether there is what has a meaning of its own in an address (RFC 5322,
 * section 3.2.3), such as the brackets of a literal that is none: no host has
 * such a name.  c-ares 1.34 would not ask for it, and only say that it failed.
 */
static bool is_no_name(const char *host)
{
	return strpbrk(host, "()<>[]:;@,\"") != NULL;
}

/* The next hop is an address, or the DNS knows the exchangers. */
static bool find_exchangers(struct servers *servers,
    const struct lookup *lookup, struct failure *failure)
{
	const struct route *route = lookup->route;
	struct ip literal;

	if (route->kind == ROUTE_ADDRESS)
		return take_literal(servers, lookup, &route->ip);
	if (route->kind == ROUTE_NAME) {
		servers->next_hop = xstrdup(route->name);
		return ask_dns(servers, lookup, failure);
	}
	if (ip_parse_literal(&literal, lookup->host) ||
	    ip_parse(&literal, lookup->host))
		return take_literal(servers, lookup, &literal);
	servers->next_hop = domain_to_ascii(lookup->host, failure);
	if (servers->next_hop == NULL)
		return false;
	if (!is_no_name(servers->next_hop))
		return ask_dns(servers, lookup, failure);
	domain_set_unknown(failure, servers->next_hop);
	return false;
}

/*
 * Loop protection: drops what would lead back to this machine.  Returns false
 * when its addresses cannot be found out.
 */
static bool drop_own(struct servers *servers, const struct lookup *lookup)
{
	const struct settings *settings = lookup->settings;
	struct local local;
	bool known = true;

	local_set(&local, settings->ipme.list, settings->ipme.count);
	if (lookup->route->kind != ROUTE_NONE)
		order_drop_own(servers, &local);
	else if ((known = local_add_interfaces(&local)))
		order_drop_loops(servers, &local);
	local_free(&local);
	return known;
}

bool lookup_servers(struct servers *servers, const struct lookup *lookup,
    struct failure *failure)
{
	struct listing listing = {.port = lookup->route->port,
	    .v4_first = lookup->source->v4_first,
	    .by_name = lookup->by_name};

	*servers = (struct servers){0};
	if (!find_exchangers(servers, lookup, failure))
		return false;
	order_servers(servers, &listing);
	if (servers->count == 0)
		return no_address(failure, lookup, &servers->exchangers);
	if (!drop_own(servers, lookup)) {
		failure_set_system(failure);
		return false;
	}
	order_keep_best(servers);
	return servers->count > 0 ||
	       only_own(failure, lookup, &servers->exchangers);
}
