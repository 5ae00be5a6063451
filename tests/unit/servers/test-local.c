/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/local.h"

#include <ifaddrs.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static bool has(const struct local *local, const char *text)
{
	struct ip ip;

	ck_assert(ip_parse(&ip, text));
	return local_has(local, &ip);
}

/* Whether this machine bears the address: it can be bound. */
static bool is_borne(const char *text)
{
	struct sockaddr_storage address;
	struct ip ip;
	socklen_t length;
	int descriptor;
	bool borne;

	ck_assert(ip_parse(&ip, text));
	length = ip_to_sockaddr(&ip, 0, &address);
	descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	borne = descriptor >= 0 &&
		bind(descriptor, (struct sockaddr *)&address, length) == 0;
	close(descriptor);
	return borne;
}

START_TEST(by_interface)
{
	struct local local;

	local_set(&local, NULL, 0);
	ck_assert(!has(&local, "127.0.0.1"));
	ck_assert(local_add_interfaces(&local));
	ck_assert(!has(&local, "192.0.2.1"));
	if (is_borne("127.0.0.1"))
		ck_assert(has(&local, "127.0.0.1"));
	if (is_borne("::1"))
		ck_assert(has(&local, "::1"));
	local_free(&local);
}
END_TEST

/* An interface that is down bears its addresses all the same. */
START_TEST(down)
{
	struct ifaddrs *interfaces;
	struct local local;
	struct ip ip;

	local_set(&local, NULL, 0);
	ck_assert(local_add_interfaces(&local));
	local.loopback = false;
	ck_assert_int_eq(getifaddrs(&interfaces), 0);
	for (struct ifaddrs *at = interfaces; at != NULL; at = at->ifa_next)
		if (at->ifa_addr != NULL && ip_from_sockaddr(&ip, at->ifa_addr))
			ck_assert(local_has(&local, &ip));
	freeifaddrs(interfaces);
	local_free(&local);
}
END_TEST

/* Whatever the interfaces bear. */
static const struct loopback {
	const char *address;
	const char *bits;
	bool own;
} loopbacks[] = {
    {"0.0.0.0", "8", true},
    {"::", "8", true},
    {"127.0.0.1", "8", true},
    {"127.0.0.2", "8", true},
    {"127.255.255.255", "8", true},
    {"126.255.255.255", "8", false},
    {"128.0.0.1", "8", false},
    {"::ffff:127.3.2.1", "8", true},
    {"::1", "8", true},
    {"::2", "8", false},
    {"::7f00:2", "8", false},
    {"127.0.0.1", "32", true},
    {"127.0.0.2", "32", false},
    {"127.0.0.2", "31", false},
    {"127.0.0.3", "30", true},
    {"127.0.0.4", "30", false},
};

START_TEST(by_network)
{
	const struct loopback *loopback = &loopbacks[_i];
	struct local local = {.loopback = true};

	setenv("QR_TEST_LOOPBACK_BITS", loopback->bits, 1);
	ck_assert_int_eq(has(&local, loopback->address), loopback->own);
	local.loopback = false;
	ck_assert(!has(&local, loopback->address));
}
END_TEST

/* What was there stays. */
START_TEST(addition)
{
	struct local local;
	struct ip known;

	ck_assert(ip_parse(&known, "192.0.2.1"));
	local_set(&local, &known, 1);
	ck_assert(has(&local, "192.0.2.1"));
	ck_assert(local_add_interfaces(&local));
	ck_assert(has(&local, "192.0.2.1"));
	ck_assert(!has(&local, "2001:db8::77"));
	local_free(&local);
	ck_assert(!has(&local, "192.0.2.1"));
}
END_TEST

SUITE("local")
{
	tcase_add_test(tcase, by_interface);
	tcase_add_test(tcase, down);
	tcase_add_loop_test(tcase, by_network, 0, COUNT(loopbacks));
	tcase_add_test(tcase, addition);
}
