/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/resolver_servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "dns/nameserver.h"
#include "i18n.h"
#include "ip.h"
#include "paths.h"
#include "report.h"
#include "xalloc.h"

/* Returns false when DNSCACHEIP is no address. */
static bool use_servers(ares_channel channel, const char *servers)
{
	char *list = nameserver_for_ares(servers);
	bool good = list != NULL &&
		    ares_set_servers_ports_csv(channel, list) == ARES_SUCCESS;

	free(list);
	return good;
}

static bool conf_trusts(void)
{
	FILE *conf = fopen(path_resolv_conf(), "re");
	bool trusts = conf != NULL && nameserver_conf_trusts(conf);

	if (conf != NULL)
		fclose(conf);
	return trusts;
}

/* The caller calls ares_free_data. */
static struct ares_addr_port_node *get_servers(ares_channel channel)
{
	struct ares_addr_port_node *servers = NULL;

	if (ares_get_servers_ports(channel, &servers) != ARES_SUCCESS)
		report_out_of_memory();
	return servers;
}

/* Finds a server that anybody on the way to it could speak for. */
static bool find_distant(ares_channel channel, struct ip *distant)
{
	struct ares_addr_port_node *servers = get_servers(channel);
	bool found = false;

	for (struct ares_addr_port_node *at = servers; at && !found;
	     at = at->next) {
		ip_set(distant, at->family, &at->addr);
		found = !ip_is_loopback(distant);
	}
	ares_free_data(servers);
	return found;
}

static bool is_believed(
    ares_channel channel, bool of_conf, struct failure *failure)
{
	char text[IP_TEXT_SIZE];
	struct ip distant;

	if (!find_distant(channel, &distant) || (of_conf && conf_trusts()))
		return true;
	failure_set(failure, FAILURE_TEMPORARY,
	    _("DANE needs a validating DNS resolver on this machine, or "
	      "\"options trust-ad\" in %s for those named there; %s is in "
	      "use. (#4.3.0)\n"),
	    path_resolv_conf(), ip_format(&distant, text));
	return false;
}

bool resolver_servers_choose(
    ares_channel channel, bool validates, struct failure *failure)
{
	const char *cache = getenv("DNSCACHEIP");
	bool of_conf = cache == NULL || *cache == '\0';
	char copy[IP_TEXT_SIZE + 8];

	if (of_conf || use_servers(channel, cache))
		return !validates || is_believed(channel, of_conf, failure);
	failure_set(failure, FAILURE_TEMPORARY,
	    _("The environment variable DNSCACHEIP, \"%s\", is not an IP "
	      "address or one with a port. (#4.3.0)\n"),
	    report_readable(copy, sizeof copy, cache));
	return false;
}

/* "127.0.0.1", or "[::1]:5353" with a port that is not 53. */
static char *describe(const struct ares_addr_port_node *server)
{
	enum { PORT = 53 };
	unsigned port = (unsigned)server->udp_port & 0xffff;
	char text[IP_TEXT_SIZE];
	struct ip ip;

	ip_set(&ip, server->family, &server->addr);
	ip_format(&ip, text);
	if (port == 0 || port == PORT)
		return xstrdup(text);
	return xasprintf(
	    server->family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, port);
}

char *resolver_servers_list(ares_channel channel)
{
	struct ares_addr_port_node *servers = get_servers(channel);
	char *list = xstrdup("");

	for (struct ares_addr_port_node *at = servers; at; at = at->next) {
		char *before = list, *server = describe(at);

		list = xasprintf(
		    "%s%s%s", before, *before != '\0' ? ", " : "", server);
		free(before);
		free(server);
	}
	ares_free_data(servers);
	return list;
}
