/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/address.h"

#include <stddef.h>

/* Those that have their first bits in common. */
struct network {
	struct ip first;
	unsigned bits;
};

static const struct network closed[] = {
    {{4, {0}}, 8},	   /* unspecified, and this network */
    {{4, {10}}, 8},	   /* private (RFC 1918) */
    {{4, {100, 64}}, 10},  /* shared (RFC 6598) */
    {{4, {127}}, 8},	   /* loopback */
    {{4, {169, 254}}, 16}, /* link-local (RFC 3927) */
    {{4, {172, 16}}, 12},  /* private */
    {{4, {192, 168}}, 16}, /* private */
    {{4, {224}}, 4},	   /* multicast */
    {{4, {240}}, 4},	   /* reserved, and broadcast */

    {{6, {0}}, 128},	     /* unspecified */
    {{6, {[15] = 1}}, 128},  /* loopback */
    {{6, {0xfe, 0x80}}, 10}, /* link-local */
    {{6, {0xfe, 0xc0}}, 10}, /* private, of old (RFC 3879) */
    {{6, {0xfc, 0x00}}, 7},  /* unique-local (RFC 4193) */
    {{6, {0xff, 0x00}}, 8},  /* multicast */
};

/* IPv6 with IPv4 inside, and at which octet. */
static const struct {
	struct network network;
	size_t at;
} embedding[] = {
    {{{6, {0}}, 96}, 12},			 /* compatible */
    {{{6, {[10] = 0xff, [11] = 0xff}}, 96}, 12}, /* mapped */
    {{{6, {0x00, 0x64, 0xff, 0x9b}}, 96}, 12},	 /* NAT64 (RFC 6052) */
    {{{6, {0x20, 0x02}}, 16}, 2},		 /* 6to4 (RFC 3056) */
};

static bool is_in(const struct ip *ip, const struct network *network)
{
	return ip_within(ip, &network->first, network->bits);
}

static bool is_closed(const struct ip *ip)
{
	for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
		if (is_in(ip, &closed[i]))
			return true;
	return false;
}

bool sts_address_is_public(const struct ip *ip)
{
	struct ip inner;

	if (is_closed(ip))
		return false;
	for (size_t i = 0; i < sizeof embedding / sizeof embedding[0]; i++) {
		if (!is_in(ip, &embedding[i].network))
			continue;
		ip_set(&inner, AF_INET, ip->octets + embedding[i].at);
		return !is_closed(&inner);
	}
	return true;
}
