/* SPDX-License-Identifier: ISC */
/* Mail exchangers and their addresses, as the DNS gives them. */
#ifndef DNS_EXCHANGERS_H
#define DNS_EXCHANGERS_H

#include <stdbool.h>
#include <stddef.h>

#include "ip.h"

/* One mail exchanger; the list that holds it owns name and addresses. */
struct exchanger {
	char *name; /* A-labels in lower case; NULL for an address literal */
	unsigned preference;
	struct ip *addresses;
	size_t address_count;
};

struct exchangers {
	struct exchanger *list;
	size_t count;
	bool incomplete; /* a lookup failed for now: there may be more */
};

/* Adds an exchanger without addresses, and owns name from then on. */
struct exchanger *exchangers_add(
    struct exchangers *exchangers, char *name, unsigned preference);

void exchanger_add_address(struct exchanger *exchanger, const struct ip *ip);

#endif
