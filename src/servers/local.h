/* SPDX-License-Identifier: ISC */
/* The addresses of this machine, which mail must not be sent to. */
#ifndef SERVERS_LOCAL_H
#define SERVERS_LOCAL_H

#include <stdbool.h>
#include <stddef.h>

#include "ip.h"

struct local {
	struct ip *list;
	size_t count;
	/* Whether the unspecified addresses, which reach this machine too, and
	   the loopback networks are its own. */
	bool loopback;
};

/* Takes a copy of addresses that are known to be this machine's. */
void local_set(struct local *local, const struct ip *known, size_t count);

/*
 * Adds what the interfaces bear (getifaddrs), whether they are up or not, the
 * loopback networks and the unspecified addresses.  Returns false with errno.
 */
bool local_add_interfaces(struct local *local);

bool local_has(const struct local *local, const struct ip *ip);

void local_free(struct local *local);

#endif
