/* SPDX-License-Identifier: ISC */
/*
 * From mail exchangers to the list of servers to try, in order.  Nothing
 * here asks the network or the system: arrays in, arrays out.
 */
#ifndef SERVERS_ORDER_H
#define SERVERS_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "servers/exchanger.h"
#include "servers/local.h"

/*
 * Sorts by preference; equal ones get into random order (RFC 5321 section
 * 5.1), all orders being equally likely.  seed determines the order.
 */
void order_exchangers(struct exchangers *exchangers, uint64_t seed);

/* How the servers are listed. */
struct listing {
	uint16_t port;
	bool v4_first;
	bool by_name; /* certificates have to bear the exchangers' names */
};

/*
 * Lists all addresses of servers->exchangers, to which the servers point, in
 * the order of these; of one exchanger IPv6 and IPv4 take turns.  An address
 * that was there before is left out, but with by_name only where it was under
 * the same name.
 */
void order_servers(struct servers *servers, const struct listing *listing);

/*
 * Loop protection.  Drops each server whose preference is not better than
 * the best one at which this machine stands: whoever is listed there too would
 * only send the message back to us (RFC 5321 section 5.1).
 */
void order_drop_loops(struct servers *servers, const struct local *local);

/* Drops just the servers that are this machine, as stock does with a route. */
void order_drop_own(struct servers *servers, const struct local *local);

/* Drops all but the best 30. */
void order_keep_best(struct servers *servers);

#endif
