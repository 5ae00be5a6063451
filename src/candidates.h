/* SPDX-License-Identifier: ISC */
/*
 * From mail exchangers to the list of servers to try, in order.  Nothing
 * here asks the network or the system: arrays in, arrays out.
 */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* One address of one exchanger. */
struct server {
	struct ip ip;
	uint16_t port;
	const char *name; /* its exchanger's */
	unsigned preference;
};

struct servers {
	struct server *list;
	size_t count;
};

/* Adds an exchanger without addresses, and owns name from then on. */
struct exchanger *candidates_add_exchanger(
    struct exchangers *exchangers, char *name, unsigned preference);

void candidates_add_address(struct exchanger *exchanger, const struct ip *ip);

/*
 * Sorts by preference; equal ones get into random order (RFC 5321 section
 * 5.1), all orders being equally likely.  seed determines the order.
 */
void candidates_order(struct exchangers *exchangers, uint64_t seed);

/*
 * All addresses in the order of their exchangers; of one exchanger IPv6 and
 * IPv4 take turns, IPv6 first.  An address that was there before is left out.
 * The servers refer to the exchangers' names.
 */
struct servers candidates_list(
    const struct exchangers *exchangers, uint16_t port);

/*
 * Loop protection.  Drops each server whose preference is not better than
 * the best one at which one of own stands: whoever is listed there too would
 * only send the message back to us (RFC 5321 section 5.1).
 */
void candidates_drop_loops(
    struct servers *servers, const struct ip *own, size_t own_count);

/* Drops just the servers that are in own, as stock does with a route. */
void candidates_drop_own(
    struct servers *servers, const struct ip *own, size_t own_count);

#endif
