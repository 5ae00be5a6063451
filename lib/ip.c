/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "ip.h"

#include <arpa/inet.h>
#include <string.h>

#include "ascii.h"

size_t ip_size(const struct ip *ip)
{
	return ip->version == 4 ? 4 : 16;
}

/* Returns what follows the number, or NULL. */
static const char *parse_octet(uint8_t *octet, const char *text)
{
	unsigned value = 0;
	const char *digit = text;

	while (*digit >= '0' && *digit <= '9') {
		value = value * 10 + (unsigned)(*digit++ - '0');
		if (value > 255)
			return NULL;
	}
	*octet = (uint8_t)value;
	return digit == text ? NULL : digit;
}

static bool parse_v4(struct ip *ip, const char *text)
{
	uint8_t octets[4];

	for (int i = 0; i < 4; i++) {
		if (i > 0 && *text++ != '.')
			return false;
		text = parse_octet(&octets[i], text);
		if (text == NULL)
			return false;
	}
	if (*text != '\0')
		return false;
	ip_set(ip, AF_INET, octets);
	return true;
}

bool ip_parse(struct ip *ip, const char *text)
{
	struct in6_addr address;

	if (parse_v4(ip, text))
		return true;
	if (inet_pton(AF_INET6, text, &address) != 1)
		return false;
	ip_set(ip, AF_INET6, &address);
	return true;
}

bool ip_parse_literal(struct ip *ip, const char *text)
{
	char inner[IP_TEXT_SIZE];
	size_t length = strlen(text);
	bool tagged = false;

	if (length < 2 || text[0] != '[' || text[length - 1] != ']')
		return false;
	text += 1;
	length -= 2;
	if (length >= 5 && ascii_is_word(text, 5, "IPv6:")) {
		tagged = true;
		text += 5;
		length -= 5;
	}
	if (length >= sizeof inner)
		return false;
	memcpy(inner, text, length);
	inner[length] = '\0';
	if (tagged && strchr(inner, ':') == NULL)
		return false;
	return ip_parse(ip, inner);
}

void ip_set(struct ip *ip, int family, const void *octets)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	memset(ip, 0, sizeof *ip);
	if (family == AF_INET6 && memcmp(octets, mapped, sizeof mapped) == 0) {
		family = AF_INET;
		octets = (const uint8_t *)octets + sizeof mapped;
	}
	ip->version = family == AF_INET ? 4 : 6;
	memcpy(ip->octets, octets, ip_size(ip));
}

bool ip_from_sockaddr(struct ip *ip, const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in v4;

		memcpy(&v4, address, sizeof v4);
		ip_set(ip, AF_INET, &v4.sin_addr);
		return true;
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;

		memcpy(&v6, address, sizeof v6);
		ip_set(ip, AF_INET6, &v6.sin6_addr);
		return true;
	}
	return false;
}

socklen_t ip_to_sockaddr(
    const struct ip *ip, uint16_t port, struct sockaddr_storage *address)
{
	memset(address, 0, sizeof *address);
	if (ip->version == 4) {
		struct sockaddr_in v4 = {
		    .sin_family = AF_INET, .sin_port = htons(port)};

		memcpy(&v4.sin_addr, ip->octets, 4);
		memcpy(address, &v4, sizeof v4);
		return sizeof v4;
	}
	struct sockaddr_in6 v6 = {
	    .sin6_family = AF_INET6, .sin6_port = htons(port)};

	memcpy(&v6.sin6_addr, ip->octets, 16);
	memcpy(address, &v6, sizeof v6);
	return sizeof v6;
}

const char *ip_format(const struct ip *ip, char text[IP_TEXT_SIZE])
{
	int family = ip->version == 4 ? AF_INET : AF_INET6;

	if (inet_ntop(family, ip->octets, text, IP_TEXT_SIZE) == NULL)
		text[0] = '\0';
	return text;
}

bool ip_equal(const struct ip *a, const struct ip *b)
{
	return a->version == b->version &&
	       memcmp(a->octets, b->octets, ip_size(a)) == 0;
}

bool ip_within(const struct ip *ip, const struct ip *network, unsigned bits)
{
	size_t octets = bits / 8;
	unsigned differ;

	if (ip->version != network->version ||
	    memcmp(ip->octets, network->octets, octets) != 0)
		return false;
	if (bits % 8 == 0)
		return true;
	differ = (unsigned)ip->octets[octets] ^ network->octets[octets];
	return differ >> (8 - bits % 8) == 0;
}

bool ip_is_loopback(const struct ip *ip)
{
	static const struct ip v4 = {.version = 4, .octets = {127}};
	static const struct ip v6 = {.version = 6, .octets = {[15] = 1}};

	return ip_within(ip, &v4, 8) || ip_equal(ip, &v6);
}
