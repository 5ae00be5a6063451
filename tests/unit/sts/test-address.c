/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/address.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* First and last of each range, and their neighbours. */
static const struct form {
	const char *text;
	bool public;
} v4[] = {
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.0", false},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.0.0", false},
    {"169.254.169.254", false},
    {"169.254.255.255", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.0.2.1", true},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"198.51.100.1", true},
    {"203.0.113.1", true},
    {"223.255.255.255", true},
    {"224.0.0.0", false},
    {"239.255.255.255", false},
    {"240.0.0.0", false},
    {"255.255.255.255", false},
};

static const struct form v6[] = {
    {"::", false},
    {"::1", false},
    {"2001:db8::1", true},
    {"2606:4700::1", true},
    {"3fff::1", true},
    {"64:ff9b:1::7f00:1", true},
    {"fbff:ffff::1", true},
    {"fc00::", false},
    {"fd00::1", false},
    {"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
    {"fe00::1", true},
    {"fe7f:ffff::1", true},
    {"fe80::", false},
    {"fe80::1", false},
    {"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
    {"fec0::1", false},
    {"feff:ffff::1", false},
    {"ff00::", false},
    {"ff02::1", false},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
};

static void check(const char *text, bool public)
{
	struct ip ip;

	ck_assert_msg(ip_parse(&ip, text), "%s", text);
	ck_assert_msg(sts_address_is_public(&ip) == public, "%s", text);
}

START_TEST(plain_v4)
{
	check(v4[_i].text, v4[_i].public);
}
END_TEST

START_TEST(plain_v6)
{
	check(v6[_i].text, v6[_i].public);
}
END_TEST

/* Octets that did not go through ip.h, which knows mapped ones as IPv4. */
static void check_octets(
    const uint8_t *prefix, size_t size, const struct ip *inner, bool public)
{
	struct ip ip = {.version = 6};

	memcpy(ip.octets, prefix, size);
	memcpy(ip.octets + size, inner->octets, 4);
	ck_assert_int_eq(sts_address_is_public(&ip), public);
}

START_TEST(embedded)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
	static const uint8_t to4[2] = {0x20, 0x02};
	static const uint8_t compatible[12] = {0};
	char text[IP_TEXT_SIZE + 16];
	struct ip inner;

	ck_assert(ip_parse(&inner, v4[_i].text));
	check_octets(mapped, sizeof mapped, &inner, v4[_i].public);
	check_octets(nat64, sizeof nat64, &inner, v4[_i].public);
	check_octets(to4, sizeof to4, &inner, v4[_i].public);
	check_octets(compatible, sizeof compatible, &inner, v4[_i].public);
	snprintf(text, sizeof text, "::ffff:%s", v4[_i].text);
	check(text, v4[_i].public);
	snprintf(text, sizeof text, "64:ff9b::%s", v4[_i].text);
	check(text, v4[_i].public);
}
END_TEST

SUITE("sts_address")
{
	tcase_add_loop_test(tcase, plain_v4, 0, COUNT(v4));
	tcase_add_loop_test(tcase, plain_v6, 0, COUNT(v6));
	tcase_add_loop_test(tcase, embedded, 0, COUNT(v4));
}
