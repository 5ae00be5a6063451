/* SPDX-License-Identifier: ISC */
/* Which addresses a policy is fetched from. */
#ifndef STS_ADDRESS_H
#define STS_ADDRESS_H

#include <stdbool.h>

#include "ip.h"

/*
 * Whether a policy host of anybody's choosing may have this address: it is none
 * of loopback, unspecified, private, link-local, shared, unique-local,
 * multicast and 240/4.  An IPv4 address inside one of IPv6 (mapped, compatible,
 * NAT64, 6to4) is looked at instead of that.  Ranges for documentation are
 * allowed.
 */
bool sts_address_is_public(const struct ip *ip);

#endif
