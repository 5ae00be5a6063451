/* SPDX-License-Identifier: ISC */
/*
 * One type for the addresses of both families.  An IPv4-mapped IPv6 address
 * (::ffff:192.0.2.1) is its IPv4 address as soon as it enters this type, so
 * that comparing, the timeout table and loop protection cannot be fooled.
 */
#ifndef IP_H
#define IP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { IP_TEXT_SIZE = INET6_ADDRSTRLEN };

struct ip {
	uint8_t version;    /* 4 or 6 */
	uint8_t octets[16]; /* network order; the first 4 for IPv4 */
};

/* 4 or 16. */
size_t ip_size(const struct ip *ip);

/*
 * Reads an address without brackets: four decimal numbers up to 255, where
 * leading zeros are decimal as in stock, or IPv6 text without a zone.
 * Returns false when text is neither.
 */
bool ip_parse(struct ip *ip, const char *text);

/* Reads "[192.0.2.1]", "[2001:db8::1]" or "[IPv6:2001:db8::1]". */
bool ip_parse_literal(struct ip *ip, const char *text);

/* Takes an address of the given family in network order. */
void ip_set(struct ip *ip, int family, const void *octets);

/* Takes AF_INET and AF_INET6; false for other families. */
bool ip_from_sockaddr(struct ip *ip, const struct sockaddr *address);

/* Fills address and returns its length. */
socklen_t ip_to_sockaddr(
    const struct ip *ip, uint16_t port, struct sockaddr_storage *address);

/* Writes the address without brackets, and returns text. */
const char *ip_format(const struct ip *ip, char text[IP_TEXT_SIZE]);

bool ip_equal(const struct ip *a, const struct ip *b);

/* Whether it is of the network's version, and its first bits are the same. */
bool ip_within(const struct ip *ip, const struct ip *network, unsigned bits);

/* Whether it leads from this machine to itself: 127.0.0.0/8, ::1. */
bool ip_is_loopback(const struct ip *ip);

#endif
