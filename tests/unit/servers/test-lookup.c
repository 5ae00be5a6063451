/* SPDX-License-Identifier: ISC */
/* What the lookup comes to; its servers are seen in e2e/resolve-*. */
#include "config.h"

#include "servers/lookup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "dns.h"
#include "suite.h"
#include "unit.h"

static const struct source both = {.use_v4 = true, .use_v6 = true};
static const struct route none = {.port = 25};

static bool look_up(struct servers *servers, const struct lookup *wanted,
    const char *zone, struct failure *failure)
{
	static const struct settings settings = {.timeout_dns = 20};
	struct dns *dns = dns_start(zone, NULL);
	struct lookup lookup = *wanted;
	bool good;

	setenv("DNSCACHEIP", dns_address(dns), 1);
	lookup.settings = &settings;
	lookup.deadline = deadline_in(0);
	if (lookup.route == NULL)
		lookup.route = &none;
	if (lookup.source == NULL)
		lookup.source = &both;
	good = lookup_servers(servers, &lookup, failure);
	dns_stop(dns);
	return good;
}

/* DANE needs a resolver that can be believed, but for addresses. */
START_TEST(distrusted)
{
	char name[] = "r.test", file[] = "routes";
	const struct route by_name = {
	    .kind = ROUTE_NAME, .name = name, .port = 25, .file = file};
	struct route by_address = {
	    .kind = ROUTE_ADDRESS, .port = 25, .file = file};
	struct {
		struct lookup lookup;
		bool good;
	} rows[] = {
	    {{.host = "a.test", .dane = true}, false},
	    {{.host = "a.test", .route = &by_name, .dane = true}, false},
	    {{.host = "a.test", .route = &by_address, .dane = true}, true},
	    {{.host = "[192.0.2.77]", .dane = true}, true},
	    {{.host = "192.0.2.77", .dane = true}, true},
	};

	ck_assert(ip_parse(&by_address.ip, "192.0.2.77"));
	for (int i = 0; i < COUNT(rows); i++) {
		static const struct settings settings = {.timeout_dns = 1};
		struct servers servers;
		struct failure failure;

		setenv("DNSCACHEIP", "192.0.2.53", 1);
		rows[i].lookup.settings = &settings;
		rows[i].lookup.source = &both;
		rows[i].lookup.deadline = deadline_in(0);
		if (rows[i].lookup.route == NULL)
			rows[i].lookup.route = &none;
		ck_assert_int_eq(
		    lookup_servers(&servers, &rows[i].lookup, &failure),
		    rows[i].good);
		if (rows[i].good)
			continue;
		ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
		ck_assert_ptr_nonnull(strstr(failure.text, "192.0.2.53"));
	}
}
END_TEST

/* What is no one's fault but ours is temporary, and says where it stands. */
START_TEST(relay)
{
	static const char *const zones[] = {
	    "", "r.test NS ns.test\n", "r.test A !nodata\n"};
	char name[] = "r.test", file[] = "/control/smtproutes";
	const struct route route = {.kind = ROUTE_NAME,
	    .name = name,
	    .port = 25,
	    .file = file,
	    .line = 17};
	struct servers servers;
	struct failure failure;

	ck_assert(!look_up(&servers,
	    &(struct lookup){.host = "a.test", .route = &route}, zones[_i],
	    &failure));
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_str_eq(failure.text,
	    "/control/smtproutes, line 17: the relay r.test does not exist, or "
	    "has no IP address. (#4.4.4)\n");
}
END_TEST

/* All that is known of the exchangers comes with the servers. */
START_TEST(facts)
{
	struct servers servers;
	struct failure failure;

	ck_assert(look_up(&servers,
	    &(struct lookup){.host = "A.test", .dane = true, .sts = true},
	    "* * !signed\na.test MX 10 mx.a.test\n"
	    "mx.a.test A 192.0.2.77\nmx.a.test AAAA 2001:db8::77\n"
	    "_mta-sts.a.test TXT text:x\n"
	    "_25._tcp.mx.a.test TLSA 3 1 0 ab\n",
	    &failure));
	ck_assert_uint_eq(servers.count, 2);
	ck_assert_str_eq(servers.next_hop, "a.test");
	ck_assert(servers.mx_secure);
	ck_assert_uint_eq(servers.sts.count, 1);
	for (size_t i = 0; i < servers.count; i++) {
		const struct exchanger *exchanger = servers.list[i].exchanger;

		ck_assert_uint_eq(servers.list[i].port, 25);
		ck_assert_uint_eq(servers.list[i].ip.version, i == 0 ? 6 : 4);
		ck_assert_str_eq(exchanger->name, "mx.a.test");
		ck_assert(exchanger->secure);
		ck_assert_int_eq(exchanger->tlsa.status, TLSA_RECORDS);
		ck_assert_str_eq(exchanger->tlsa.base, "mx.a.test");
	}
}
END_TEST

/* 24 exchangers of 50 addresses in each family are 30 servers. */
START_TEST(caps)
{
	struct bytes zone = {0};
	struct servers servers;
	struct failure failure;
	char line[100];

	for (int i = 0; i < 40; i++) {
		snprintf(line, sizeof line, "a.test MX %d mx%d.test\n", i, i);
		bytes_add_text(&zone, line);
		for (int j = 1; j <= 50; j++) {
			snprintf(line, sizeof line,
			    "mx%d.test A 198.51.%d.%d\n"
			    "mx%d.test AAAA 2001:db8::%d:%d\n",
			    i, i, j, i, i, j);
			bytes_add_text(&zone, line);
		}
	}
	ck_assert(look_up(
	    &servers, &(struct lookup){.host = "a.test"}, zone.data, &failure));
	ck_assert_uint_eq(servers.count, 30);
	ck_assert_uint_eq(servers.exchangers.count, 24);
	bytes_free(&zone);
}
END_TEST

/* Without an address: for good only if no exchanger was left out. */
START_TEST(left_out)
{
	static const struct {
		int exchangers;
		enum failure_class class;
	} rows[] = {{24, FAILURE_PERMANENT}, {25, FAILURE_TEMPORARY}};
	struct bytes zone = {0};
	struct servers servers;
	struct failure failure;
	char line[100];

	for (int i = 0; i < rows[_i].exchangers; i++) {
		snprintf(line, sizeof line, "a.test MX %d mx%d.test\n", i, i);
		bytes_add_text(&zone, line);
	}
	bytes_add_text(&zone, "mx24.test A 192.0.2.77\n");
	ck_assert(!look_up(
	    &servers, &(struct lookup){.host = "a.test"}, zone.data, &failure));
	ck_assert_int_eq(failure.class, rows[_i].class);
	bytes_free(&zone);
}
END_TEST

LOOPBACK_SUITE("lookup")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, distrusted);
	tcase_add_loop_test(tcase, relay, 0, 3);
	tcase_add_test(tcase, facts);
	tcase_add_test(tcase, caps);
	tcase_add_loop_test(tcase, left_out, 0, 2);
}
