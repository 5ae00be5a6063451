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

#include "ip.h"
#include "servers/exchanger.h"

/*
 * Sorts by preference; equal ones get into random order (RFC 5321 section
 * 5.1), all orders being equally likely.  seed determines the order.
 */
void order_exchangers(struct exchangers *exchangers, uint64_t seed);

/*
 * All addresses in the order of their exchangers; of one exchanger IPv6 and
 * IPv4 take turns, IPv6 first.  An address that was there before is left out.
 * The servers point to the exchangers.
 */
struct servers order_servers(
    const struct exchangers *exchangers, uint16_t port);

/*
 * Loop protection.  Drops each server whose preference is not better than
 * the best one at which one of own stands: whoever is listed there too would
 * only send the message back to us (RFC 5321 section 5.1).
 */
void order_drop_loops(
    struct servers *servers, const struct ip *own, size_t own_count);

/* Drops just the servers that are in own, as stock does with a route. */
void order_drop_own(
    struct servers *servers, const struct ip *own, size_t own_count);

#endif
