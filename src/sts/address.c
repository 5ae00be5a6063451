/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/address.h"

#include <stddef.h>
#include <string.h>

/* The first bits of some addresses. */
struct prefix {
	uint8_t octets[16];
	unsigned bits;
};

static const struct prefix closed_v4[] = {
    {{0}, 8},	      /* unspecified, and this network */
    {{10}, 8},	      /* private (RFC 1918) */
    {{100, 64}, 10},  /* shared (RFC 6598) */
    {{127}, 8},	      /* loopback */
    {{169, 254}, 16}, /* link-local (RFC 3927) */
    {{172, 16}, 12},  /* private */
    {{192, 168}, 16}, /* private */
    {{224}, 4},	      /* multicast */
    {{240}, 4},	      /* reserved, and broadcast */
};

static const struct prefix closed_v6[] = {
    {{0}, 128},		/* unspecified */
    {{[15] = 1}, 128},	/* loopback */
    {{0xfe, 0x80}, 10}, /* link-local */
    {{0xfe, 0xc0}, 10}, /* private, of old (RFC 3879) */
    {{0xfc, 0x00}, 7},	/* unique-local (RFC 4193) */
    {{0xff, 0x00}, 8},	/* multicast */
};

/* IPv6 with IPv4 inside, and at which octet. */
static const struct {
	struct prefix prefix;
	size_t at;
} embedding[] = {
    {{{0}, 96}, 12},			    /* compatible */
    {{{[10] = 0xff, [11] = 0xff}, 96}, 12}, /* mapped */
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},   /* NAT64 (RFC 6052) */
    {{{0x20, 0x02}, 16}, 2},		    /* 6to4 (RFC 3056) */
};

static bool begins(const struct ip *ip, const struct prefix *prefix)
{
	size_t whole = prefix->bits / 8;
	unsigned rest = prefix->bits % 8;

	if (memcmp(ip->octets, prefix->octets, whole) != 0)
		return false;
	return rest == 0 ||
	       (ip->octets[whole] ^ prefix->octets[whole]) >> (8 - rest) == 0;
}

static bool is_among(
    const struct ip *ip, const struct prefix *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (begins(ip, &prefixes[i]))
			return true;
	return false;
}

static bool is_public_v4(const struct ip *ip)
{
	return !is_among(ip, closed_v4, sizeof closed_v4 / sizeof closed_v4[0]);
}

bool sts_address_is_public(const struct ip *ip)
{
	struct ip inner;

	if (ip->version == 4)
		return is_public_v4(ip);
	if (is_among(ip, closed_v6, sizeof closed_v6 / sizeof closed_v6[0]))
		return false;
	for (size_t i = 0; i < sizeof embedding / sizeof embedding[0]; i++) {
		if (!begins(ip, &embedding[i].prefix))
			continue;
		ip_set(&inner, AF_INET, ip->octets + embedding[i].at);
		return is_public_v4(&inner);
	}
	return true;
}
