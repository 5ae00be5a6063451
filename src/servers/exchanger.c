/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/exchanger.h"

#include <stdlib.h>

#include "dns/domain.h"
#include "xalloc.h"

struct exchanger *exchangers_add(
    struct exchangers *exchangers, char *name, unsigned preference)
{
	struct exchanger *added;

	exchangers->list = xrealloc(
	    exchangers->list, exchangers->count + 1, sizeof *exchangers->list);
	added = &exchangers->list[exchangers->count++];
	*added = (struct exchanger){.name = name, .preference = preference};
	return added;
}

void exchanger_add_address(struct exchanger *exchanger, const struct ip *ip)
{
	size_t count = exchanger->address_count;

	exchanger->addresses = xrealloc(
	    exchanger->addresses, count + 1, sizeof *exchanger->addresses);
	exchanger->addresses[count] = *ip;
	exchanger->address_count++;
}

void exchangers_keep(struct exchangers *exchangers, size_t count)
{
	exchangers->cut = exchangers->count > count;
	while (exchangers->count > count) {
		struct exchanger *last = &exchangers->list[--exchangers->count];

		free(last->name);
		free(last->expanded);
		free(last->addresses);
		tlsa_free(&last->tlsa);
	}
}

char *server_name(const struct server *server)
{
	char text[IP_TEXT_SIZE];

	return server->exchanger->name != NULL
		   ? domain_undotted(server->exchanger->name)
		   : xstrdup(ip_format(&server->ip, text));
}
