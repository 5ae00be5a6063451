/* SPDX-License-Identifier: ISC */
/* Which servers are tried, in which order, and which are this machine. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "scene.h"
#include "suite.h"

#define BUSY "greeting failed.\nRemote host said: 421 4.3.2 busy\n"
#define OWN                                                                    \
	"Sorry. Although I'm listed as a best-preference MX or A for that "    \
	"host,\nit isn't in my control/locals file, so I don't treat it as "   \
	"local. (#5.4.6)\n"

#define OWN_RELAY "/control/ipme. (#4.4.4)\n"

/* Addresses of both families, and in between this machine. */
#define RELAY                                                                  \
	"relay.test A 127.0.0.2\nrelay.test A 127.0.0.3\n"                     \
	"relay.test A 127.0.0.4\nrelay.test AAAA ::1\n"
#define OWN_AT_20(line)                                                        \
	"a.test MX 10 mx1.a.test\na.test MX 20 mx2.a.test\n"                   \
	"a.test MX 20 mx3.a.test\na.test MX 30 mx4.a.test\n"                   \
	"mx1.a.test A 127.0.0.2\nmx3.a.test A 127.0.0.4\n"                     \
	"mx4.a.test A 127.0.0.5\n" line

static const struct row {
	const char *zone;
	const char *host; /* NULL: a.test */
	const char *visits;
	const char *routes, *ipme;
	bool ipv6; /* must be there */
} rows[] = {
    /* IPv6 and IPv4 take turns. */
    {RELAY, .visits = "::1 127.0.0.2 127.0.0.3 127.0.0.4",
	.routes = ":relay.test\n", .ipv6 = true},
    {RELAY "a.test MX 1 relay.test\n",
	.visits = "127.0.0.2 127.0.0.3 127.0.0.4",
	.routes = "a.test:relay.test\n", .ipme = "::1\n", .ipv6 = true},

    /* This machine by its interfaces. */
    {OWN_AT_20("mx2.a.test A 127.0.0.1\n"), .visits = "127.0.0.2"},
    {OWN_AT_20("mx2.a.test AAAA ::1\n"), .visits = "127.0.0.2", .ipv6 = true},
    {OWN_AT_20("mx2.a.test A 0.0.0.0\n"), .visits = "127.0.0.2"},
    {OWN_AT_20("mx2.a.test AAAA ::\n"), .visits = "127.0.0.2"},
    {OWN_AT_20("mx2.a.test AAAA ::ffff:127.0.0.1\n"), .visits = "127.0.0.2"},
    {OWN_AT_20("mx4.a.test A 127.0.0.1\nmx2.a.test NS x.test\n"
	       "a.test MX 15 mx2.a.test\n"),
	.visits = "127.0.0.2 127.0.0.4"},
    {"a.test MX 10 mx1.a.test\nmx1.a.test A 127.0.0.1\n"
     "mx1.a.test A 127.0.0.2\n",
	.visits = ""},
    {"a.test A 127.0.0.1\n", .visits = ""},

    /* This machine by control/ipme. */
    {OWN_AT_20("mx2.a.test A 127.0.0.3\n"), .visits = "127.0.0.2",
	.ipme = "# others\n\n 192.0.2.1 \n127.0.0.3\n"},
    {OWN_AT_20("mx2.a.test AAAA ::ffff:127.0.0.3\n"), .visits = "127.0.0.2",
	.ipme = "127.0.0.3\n"},
    {OWN_AT_20("mx2.a.test A 127.0.0.3\n"), .visits = "127.0.0.2",
	.ipme = "::ffff:127.0.0.3"},
    {OWN_AT_20("mx2.a.test A 127.0.0.3\n"), .visits = "",
	.ipme = "127.0.0.2\n"},

    /* With a route only control/ipme counts, and each address by itself. */
    {RELAY, .visits = "::1", .routes = ":[::1]\n", .ipv6 = true},
    {RELAY, .visits = "::1", .routes = ":[IPv6:0:0::1]\n", .ipv6 = true},
    {RELAY, .visits = "::1 127.0.0.2 127.0.0.4", .routes = ":relay.test\n",
	.ipme = "127.0.0.3\n", .ipv6 = true},
    {RELAY, .visits = "", .routes = ":127.0.0.3\n", .ipme = "127.0.0.3\n"},
    {RELAY "own.test A 127.0.0.3\n", .visits = "", .routes = ":own.test\n",
	.ipme = "127.0.0.3\n"},
    {RELAY, .visits = "", .routes = ":[::1]\n", .ipme = "::1\n"},

    /* Literals. */
    {"", "[127.0.0.3]", .visits = "127.0.0.3"},
    {"", "127.0.0.3", .visits = "127.0.0.3"},
    {"", "[IPv6:::ffff:127.0.0.3]", .visits = "127.0.0.3"},
    {"", "[ipv6:::FFFF:7f00:3]", .visits = "127.0.0.3"},
    {"", "::ffff:127.0.0.3", .visits = "127.0.0.3"},
    {"", "[127.0.0.1]", .visits = ""},
    {"", "127.0.0.1", .visits = ""},
    {"", "[0.0.0.0]", .visits = ""},
    {"", "[::]", .visits = ""},
    {"", "[::1]", .visits = "", .ipv6 = true},
    {"", "::1", .visits = "", .ipv6 = true},
    {"", "[IPv6:::1]", .visits = "", .ipv6 = true},
    {"", "[::ffff:127.0.0.1]", .visits = ""},
    {"", "[127.0.0.3]", .visits = "", .ipme = "127.0.0.3\n"},
    {"", "[IPv6:::1]", .visits = "::1", .routes = "[::1]:[::1]\n",
	.ipv6 = true},
    {"", "[127.0.0.3]", .visits = "127.0.0.2",
	.routes = "[127.0.0.3]:127.0.0.2\n"},
};

START_TEST(order)
{
	const struct row *row = &rows[_i];
	struct scene scene = {.zone = row->zone};

	if (row->ipv6 && !peer_has_ipv6())
		return;
	scene_crowd(&scene);
	scene_furnish(&scene);
	if (row->routes != NULL)
		home_control(&scene.home, "smtproutes", row->routes);
	if (row->ipme != NULL)
		home_control(&scene.home, "ipme", row->ipme);
	scene_play(&scene, row->host != NULL ? row->host : "a.test");
	scene_expect_visits(&scene, row->visits);
	if (*row->visits != '\0')
		scene_expect(&scene, 'Z', BUSY);
	else if (row->routes != NULL)
		scene_expect(&scene, 'Z', OWN_RELAY);
	else
		scene_expect(&scene, 'D', OWN);
	scene_free(&scene);
}
END_TEST

/*
 * All of 127.0.0.0/8 is this machine where there is no route; with one it is
 * not.
 */
static const struct loop {
	const char *zone, *host, *routes, *visits;
} loops[] = {
    {"a.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n", "a.test", "", ""},
    {"a.test MX 10 mx.a.test\nmx.a.test AAAA ::ffff:127.0.0.2\n", "a.test", "",
	""},
    {"a.test A 127.0.0.3\n", "a.test", "", ""},
    {"", "[127.0.0.2]", "", ""},
    {"", "127.0.0.2", "", ""},
    {"a.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n", "a.test",
	":mx.a.test\n", "127.0.0.2"},
    {"", "a.test", ":127.0.0.2\n", "127.0.0.2"},
};

START_TEST(loopback_network)
{
	static const char *const environment[] = {
	    "QR_TEST_LOOPBACK_BITS=8", NULL};
	const struct loop *loop = &loops[_i];
	struct scene scene = {
	    .zone = loop->zone, .delivery.environment = environment};

	scene_crowd(&scene);
	scene_furnish(&scene);
	home_control(&scene.home, "smtproutes", loop->routes);
	scene_play(&scene, loop->host);
	scene_expect_visits(&scene, loop->visits);
	if (*loop->visits != '\0')
		scene_expect(&scene, 'Z', BUSY);
	else
		scene_expect(&scene, 'D', OWN);
	scene_free(&scene);
}
END_TEST

#define OTHER_FAMILY "/control/addressfamily leaves no others. (#4.4.4)\n"

/* Both families; the addresses of one may not exist. */
static const struct family {
	const char *family, *zone, *host, *routes;
	const char *visits; /* NULL: none, and nothing but this machine left */
	bool no_a, no_aaaa; /* there were no such questions */
} families[] = {
    {"any\n", RELAY, "a.test", ":relay.test\n",
	"::1 127.0.0.2 127.0.0.3 127.0.0.4", false, false},
    {"ipv6\n", RELAY, "a.test", ":relay.test\n",
	"::1 127.0.0.2 127.0.0.3 127.0.0.4", false, false},
    {"ipv4\n", RELAY, "a.test", ":relay.test\n",
	"127.0.0.2 ::1 127.0.0.3 127.0.0.4", false, false},
    {"ipv4-only\n", RELAY, "a.test", ":relay.test\n",
	"127.0.0.2 127.0.0.3 127.0.0.4", false, true},
    {"ipv6-only\n", RELAY, "a.test", ":relay.test\n", "::1", true, false},
    {"ipv6-only\n", "a.test A 127.0.0.2\n", "a.test", "", NULL, true, false},
    {"ipv4-only\n", "a.test AAAA ::2\n", "a.test", "", NULL, false, true},
    {"ipv4-only\n", "a.test AAAA ::2\n", "a.test", ":a.test\n", NULL, false,
	true},
    {"ipv6-only\n", "a.test MX 1 mx.a.test\n", "a.test", "", NULL, true, false},
    {"ipv6-only\n",
	"a.test MX 1 mx.a.test\nmx.a.test A 127.0.0.2\n"
	"a.test MX 2 own.a.test\nown.a.test AAAA ::1\n",
	"a.test", "", NULL, true, false},
    {"ipv6-only\n", "", "[127.0.0.2]", "", NULL, true, true},
    {"ipv4-only\n", "", "[::1]", ":[::1]\n", NULL, true, true},
};

START_TEST(address_families)
{
	const struct family *family = &families[_i];
	struct scene scene = {.zone = family->zone};

	if (!peer_has_ipv6())
		return;
	scene_crowd(&scene);
	scene_furnish(&scene);
	home_control(&scene.home, "addressfamily", family->family);
	home_control(&scene.home, "smtproutes", family->routes);
	scene_play(&scene, family->host);
	scene_expect_visits(
	    &scene, family->visits != NULL ? family->visits : "");
	scene_expect(&scene, 'Z', family->visits != NULL ? BUSY : OTHER_FAMILY);
	ck_assert(!family->no_a || dns_queries(scene.dns, NULL, "A") == 0);
	ck_assert(
	    !family->no_aaaa || dns_queries(scene.dns, NULL, "AAAA") == 0);
	scene_free(&scene);
}
END_TEST

/* A source address of one family, in the line that the report names. */
static const struct sided {
	const char *file, *lines, *zone, *text;
} sided[] = {
    {"outgoingip", "# any\n0.0.0.0\n", "a.test AAAA ::2\n",
	"with an IPv4 address, and @/control/outgoingip line 2 leaves no "
	"others. (#4.4.4)\n"},
    {"outgoingip6", "::\n", "a.test A 127.0.0.2\n",
	"with an IPv6 address, and @/control/outgoingip6 line 1 leaves no "
	"others. (#4.4.4)\n"},
};

START_TEST(families_of_sources)
{
	struct scene scene = {.zone = sided[_i].zone};
	const char *rest = strchr(sided[_i].text, '@') + 1;
	char text[HOME_PATH + 200];

	scene_furnish(&scene);
	home_control(&scene.home, sided[_i].file, sided[_i].lines);
	snprintf(text, sizeof text, "%.*s%s%s",
	    (int)(rest - 1 - sided[_i].text), sided[_i].text, scene.home.path,
	    rest);
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z', text);
	scene_free(&scene);
}
END_TEST

/* All 6 orders of three equals come up; each misses with (5/6)^72. */
START_TEST(equals_are_shuffled)
{
	enum { RUNS = 72, EQUALS = 3, ORDERS = 27 };
	struct scene scene = {
	    .zone = "a.test MX 10 mx0.test\na.test MX 10 mx1.test\n"
		    "a.test MX 10 mx2.test\na.test MX 20 mx3.test\n"
		    "mx0.test A 127.0.0.2\nmx1.test A 127.0.0.3\n"
		    "mx2.test A 127.0.0.4\nmx3.test A 127.0.0.5\n"};
	bool seen[ORDERS] = {false};
	unsigned orders = 0;

	scene_crowd(&scene);
	scene_start(&scene);
	for (int i = 0; i < RUNS; i++)
		scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	ck_assert_uint_eq(scene.transcript->count, RUNS * (EQUALS + 1));
	for (size_t i = 0; i < scene.transcript->count; i += EQUALS + 1) {
		const struct transcript_connection *run =
		    &scene.transcript->connections[i];
		unsigned which = 0;

		for (size_t j = 0; j < EQUALS; j++)
			which = EQUALS * which +
				(unsigned)(run[j].address[8] - '2');
		ck_assert_str_eq(run[EQUALS].address, "127.0.0.5");
		orders += !seen[which];
		seen[which] = true;
	}
	ck_assert_uint_eq(orders, 6);
	scene_free(&scene);
}
END_TEST

/*
 * Many exchangers: the answer is larger than 4096 bytes, all questions about
 * the best of them go
 * out before any is answered, and the best one is used.
 */
enum { ENOUGH = 24 };
static const unsigned crowds[] = {1, 20, 40, 100};

START_TEST(many_exchangers)
{
	unsigned count = crowds[_i];
	unsigned asked = count < ENOUGH ? count : ENOUGH;
	struct bytes zone = {0};
	struct scene scene = {.dns_options.hold = 2 * asked};
	char line[256];

	for (unsigned i = 0; i < count; i++) {
		snprintf(line, sizeof line,
		    "a.test MX %u exchanger-%02u."
		    "with-quite-a-long-name-of-its-own-%02u.test\n"
		    "exchanger-%02u.with-quite-a-long-name-of-its-own-%02u.test"
		    " A 127.0.0.%u\n",
		    count - i, i, i, i, i, i + 1 == count ? 2 : 3);
		bytes_add_text(&zone, line);
	}
	scene.zone = zone.data;
	scene_crowd(&scene);
	scene_play(&scene, "a.test");
	scene_expect_visits(
	    &scene, count > 1 ? "127.0.0.2 127.0.0.3" : "127.0.0.2");
	ck_assert(dns_asked_at_once(scene.dns));
	ck_assert_uint_eq(dns_queries(scene.dns, NULL, "A") +
			      dns_queries(scene.dns, NULL, "AAAA"),
	    2 * asked);
	if (count > 1)
		ck_assert_uint_ge(
		    dns_count(scene.dns, &(struct dns_match){.kind = DNS_QUERY,
					     .transport = DNS_TCP}),
		    1);
	scene_free(&scene);
	bytes_free(&zone);
}
END_TEST

LOOPBACK_SUITE("resolve-order")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, order, 0, (int)COUNT(rows));
	tcase_add_loop_test(tcase, loopback_network, 0, (int)COUNT(loops));
	tcase_add_loop_test(tcase, address_families, 0, (int)COUNT(families));
	tcase_add_loop_test(tcase, families_of_sources, 0, 2);
	tcase_add_test(tcase, equals_are_shuffled);
	tcase_add_loop_test(tcase, many_exchangers, 0, (int)COUNT(crowds));
}
