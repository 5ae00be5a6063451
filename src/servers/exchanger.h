/* SPDX-License-Identifier: ISC */
/* Mail exchangers, and the servers at their addresses. */
#ifndef SERVERS_EXCHANGER_H
#define SERVERS_EXCHANGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/answer.h"
#include "dns/tlsa.h"
#include "ip.h"

/* One mail exchanger; the list that holds it owns all that it points to. */
struct exchanger {
	char *name; /* A-labels in lower case; NULL for an address literal */
	unsigned preference;
	struct ip *addresses;
	size_t address_count;
	/* Whether the MX answer that names it was secure; so is what the
	   administrator says in a route. */
	bool secure;
	struct tlsa tlsa;
	char *expanded; /* the name at the end of its alias chain, or NULL */
};

struct exchangers {
	struct exchanger *list;
	size_t count;
	bool incomplete; /* a lookup failed for now: there may be more */
	bool cut;	 /* there are worse ones, which nobody looked up */
};

/* One address of one exchanger, which knows all else about it. */
struct server {
	struct ip ip;
	uint16_t port;
	const struct exchanger *exchanger;
};

/* One record of type TXT; any bytes, with a NUL behind them. */
struct text {
	char *bytes;
	size_t size;
};

/* The records _mta-sts.NEXTHOP TXT; ANSWER_FAILED when they were not asked. */
struct texts {
	enum answer_status status;
	struct text *list;
	size_t count;
};

/* Where to send a message: what was found out about its next hop. */
struct servers {
	struct server *list; /* in the order in which to try them */
	size_t count;
	struct exchangers exchangers;
	/* The relay of the route, else the host; NULL for an address. */
	char *next_hop;
	char *expanded; /* the name at the end of its alias chain, or NULL */
	bool mx_secure; /* the MX answer was, or a route names the relay */
	struct texts sts;
};

/*
 * Adds an exchanger without addresses, and owns name from then on.  Those that
 * were there may move.
 */
struct exchanger *exchangers_add(
    struct exchangers *exchangers, char *name, unsigned preference);

void exchanger_add_address(struct exchanger *exchanger, const struct ip *ip);

/* How reports call a server: its exchanger's name, without a dot at its end, or
   its address.  The caller frees it. */
char *server_name(const struct server *server);

/* Drops all but the first so many, and notes whether there were more. */
void exchangers_keep(struct exchangers *exchangers, size_t count);

#endif
