/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/local.h"

#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static bool contains(const struct ip *list, size_t count, const char *text)
{
	struct ip ip;
	bool found = false;

	ck_assert(ip_parse(&ip, text));
	for (size_t i = 0; i < count; i++)
		found = found || ip_equal(&list[i], &ip);
	return found;
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

START_TEST(interfaces)
{
	struct ip *own = NULL;
	size_t count = 0;

	ck_assert(own_add_interfaces(&own, &count));
	ck_assert(contains(own, count, "0.0.0.0"));
	ck_assert(contains(own, count, "::"));
	ck_assert(!contains(own, count, "192.0.2.1"));
	if (is_borne("127.0.0.1"))
		ck_assert(contains(own, count, "127.0.0.1"));
	if (is_borne("::1"))
		ck_assert(contains(own, count, "::1"));
}
END_TEST

/* What was there stays. */
START_TEST(addition)
{
	struct ip *own = NULL;
	size_t count = 0, once;

	ck_assert(own_add_interfaces(&own, &count));
	once = count;
	ck_assert(ip_parse(&own[0], "192.0.2.1"));
	ck_assert(own_add_interfaces(&own, &count));
	ck_assert_uint_eq(count, 2 * once);
	ck_assert(contains(own, 1, "192.0.2.1"));
}
END_TEST

SUITE("own")
{
	tcase_add_test(tcase, interfaces);
	tcase_add_test(tcase, addition);
}
