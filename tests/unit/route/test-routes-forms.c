/* SPDX-License-Identifier: ISC */
/* Relays and keys of control/smtproutes, as they are written. */
#include "config.h"

#include "route/routes.h"

#include <check.h>

#include "route-text.h"
#include "route/key.h"
#include "suite.h"
#include "unit.h"

/* Stock's port: digits up to the first byte that is none. */
static const struct relay_form {
	const char *relay, *route; /* NULL: it makes no sense */
} relays[] = {
    {"", "-"},
    {"mx.example.org", "mx.example.org:25"},
    {"MX.Example.ORG", "mx.example.org:25"},
    {"mx.example.org:26", "mx.example.org:26"},
    {"mx:1", "mx:1"},
    {"mx:65535", "mx:65535"},
    {"mx:0026", "mx:26"},
    {"mx:26\r", "mx:26"},
    {"mx:26x", "mx:26"},
    {"mx:26:27", "mx:26"},
    {"mx:26 user pass", "mx:26"},
    {"192.0.2.1", "[192.0.2.1]:25"},
    {"192.0.2.1:26", "[192.0.2.1]:26"},
    {"[192.0.2.1]", "[192.0.2.1]:25"},
    {"[192.0.2.1]:26", "[192.0.2.1]:26"},
    {"[2001:DB8:0::1]", "[2001:db8::1]:25"},
    {"[2001:db8::1]:26", "[2001:db8::1]:26"},
    {"[IPv6:2001:db8::1]", "[2001:db8::1]:25"},
    {"[ipv6:2001:db8::1]:26", "[2001:db8::1]:26"},
    {"[::ffff:192.0.2.1]:26", "[192.0.2.1]:26"},
    {"b\xc3\xbc"
     "cher.example:26",
	"xn--bcher-kva.example:26"},
    {"mx.example.org.", "mx.example.org.:25"},
    {"mx:", NULL},
    {"mx:0", NULL},
    {"mx:00", NULL},
    {"mx:65536", NULL},
    {"mx:4294967321", NULL},
    {"mx:18446744073709551641", NULL},
    {"mx:-1", NULL},
    {"mx:+25", NULL},
    {"mx: 25", NULL},
    {"mx:smtp", NULL},
    {":25", NULL},
    {":", NULL},
    {" mx", NULL},
    {"mx one", NULL},
    {"mx\tone", NULL},
    {"mx\r", NULL},
    {"mx one:25", NULL},
    {"mx..org", NULL},
    {".org", NULL},
    {"b\xfc"
     "cher.example",
	NULL},
    {"127.0.256.7", NULL},
    {"1.2.3", NULL},
    {"1.2.3.4.5", NULL},
    {"2001:db8::1", NULL},
    {"::1", NULL},
    {"[::1", NULL},
    {"[]", NULL},
    {"[]:25", NULL},
    {"[mx.example.org]", NULL},
    {"[mx.example.org]:25", NULL},
    {"[192.0.2.1]x", NULL},
    {"[192.0.2.1]25", NULL},
    {"[192.0.2.256]", NULL},
    {"[::1]x:25", NULL},
    {"[::1]:", NULL},
    {"[::1]:0", NULL},
    {"[fe80::1%lo]", NULL},
    {"[IPv6:192.0.2.1]", NULL},
};

START_TEST(one_relay)
{
	const struct relay_form *form = &relays[_i];
	struct route route;
	struct failure failure;
	bool good = routes_parse_relay(&route, form->relay, &failure);

	ck_assert_msg(good == (form->route != NULL), "%s", form->relay);
	if (good)
		ck_assert_str_eq(route_text(&route), form->route);
}
END_TEST

START_TEST(key)
{
	static const char *const keys[][2] = {{"Example.ORG", "example.org"},
	    {".Example.ORG", ".example.org"}, {"", ""}, {".", "."},
	    {"[192.0.2.1]", "[192.0.2.1]"},
	    {"[IPv6:2001:DB8:0:0::1]", "[2001:db8::1]"},
	    {"Not A Name", "not a name"}, {".\xc3\x9c.org", ".xn--tda.org"},
	    {"\xff.ORG", "\xff.org"}};

	struct failure failure;

	for (int i = 0; i < COUNT(keys); i++)
		ck_assert_str_eq(key_of_host(keys[i][0], &failure), keys[i][1]);
}
END_TEST

SUITE("routes-forms")
{
	tcase_add_loop_test(tcase, one_relay, 0, COUNT(relays));
	tcase_add_test(tcase, key);
}
