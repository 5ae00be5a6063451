/* SPDX-License-Identifier: ISC */
/* A DNS that does not work. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "scene.h"
#include "suite.h"

#define SILENT "Sorry, I couldn't find any host by that name. (#4.1.2)\n"
#define BUSY "greeting failed.\nRemote host said: 421 4.3.2 busy\n"

/*
 * What is no answer is never a bounce, whether it is about the exchangers, or
 * about the addresses of the only one, and does not spoil another one.
 */
static const char *const troubles[] = {
    "!servfail",
    "!refused",
    "!notimp",
    "!formerr",
    "!yxdomain",
    "!notauth",
    "!drop",
    "!garbage",
    "!garbage-records",
    "!wrong-id",
    "!wrong-question",
    "!short",
    "!cut",
    "!bad-count",
    "!big-count",
    "!pointer-loop",
    "!no-response",
    "!truncate-always",
    "!truncate !tcp-close",
    "!truncate !tcp-cut",
};

enum subject { EXCHANGERS, ADDRESSES, SUBJECTS };

START_TEST(temporary)
{
	const char *trouble = troubles[_i / SUBJECTS];
	bool addresses = _i % SUBJECTS == ADDRESSES;
	struct scene scene = {0};
	char zone[512];

	snprintf(zone, sizeof zone,
	    "a.test MX 10 mx.a.test %s\na.test MX 20 mx.a.test\n"
	    "mx.a.test A 127.0.0.2\nmx.a.test A 127.0.0.3\n%s%s%s%s%s\n",
	    addresses ? "" : trouble, addresses ? "mx.a.test A " : "",
	    addresses ? trouble : "", addresses ? "\nmx.a.test AAAA " : "",
	    addresses ? trouble : "",
	    addresses ? "\nmx.a.test AAAA ::2\nmx.a.test AAAA ::3" : "");
	scene.zone = zone;
	scene_crowd(&scene);
	scene_furnish(&scene);
	home_control(&scene.home, "timeoutdns", "1\n");
	scene_play(&scene, "a.test");
	scene_expect_visits(&scene, "");
	scene_expect(&scene, 'Z', SILENT);
	scene_free(&scene);
}
END_TEST

/* What is known when timeoutdns ends is used. */
START_TEST(patience_ends)
{
	struct scene scene = {
	    .zone = "a.test MX 10 mx1.a.test\na.test MX 20 mx2.a.test\n"
		    "mx1.a.test A 127.0.0.2\nmx1.a.test AAAA !drop\n"
		    "mx2.a.test A 127.0.0.3\nmx2.a.test AAAA !garbage\n"};

	scene_crowd(&scene);
	scene_furnish(&scene);
	home_control(&scene.home, "timeoutdns", "1\n");
	scene_play(&scene, "a.test");
	scene_expect_visits(&scene, "127.0.0.2 127.0.0.3");
	scene_expect(&scene, 'Z', BUSY);
	ck_assert_int_ge(scene.outcome.elapsed, 900000);
	scene_free(&scene);
}
END_TEST

/* DNSCACHEIP, with the scene's port in place of %u, and the result. */
static const struct cache {
	const char *variable;
	bool ipv6;
	char verdict; /* K: reached the server */
	const char *text;
} caches[] = {
    {"127.0.0.1:%u", false, 'K', ""},
    {"[127.0.0.1]:%u", false, 'K', ""},
    {"[::1]:%u", true, 'K', ""},
    {"[::ffff:127.0.0.1]:%u", false, 'K', ""},
    {"127.0.0.9", false, 'Z', SILENT}, /* nobody is there */
    {"[::1]", false, 'Z', SILENT},
    {"::1", false, 'Z', SILENT},
    {"[0:0:0:0:0:0:0:1]", false, 'Z', SILENT},
    {"0:0:0:0:0:0:0:1", false, 'Z', SILENT},
    {"[::1]%u", false, 'Z', "DNSCACHEIP"},
    {"[[::1]]:%u", false, 'Z', "DNSCACHEIP"},
    {"127.0.0.1:", false, 'Z', "DNSCACHEIP, \"127.0.0.1:\","},
    {"127.0.0.1:0", false, 'Z', "DNSCACHEIP"},
    {"127.0.0.1:65536", false, 'Z', "DNSCACHEIP"},
    {"127.0.0.1:99999999999999999999", false, 'Z', "DNSCACHEIP"},
    {"127.0.0.1:%ux", false, 'Z', "DNSCACHEIP"},
    {"127.0.0.1 :%u", false, 'Z', "DNSCACHEIP"},
    {"127.0.0.1:%u,127.0.0.2", false, 'Z', "DNSCACHEIP"},
    {"127.0.0.1.:%u", false, 'Z', "DNSCACHEIP"},
    {"localhost:%u", false, 'Z', "DNSCACHEIP, \"localhost:"},
    {"[::1:%u", false, 'Z', "DNSCACHEIP"},
    {"::1]:%u", false, 'Z', "DNSCACHEIP"},
    {":%u", false, 'Z', "DNSCACHEIP"},
    {":", false, 'Z', "DNSCACHEIP"},
    {" ", false, 'Z', "DNSCACHEIP"},
    {"\033[2J\n", false, 'Z', "DNSCACHEIP, \"?[2J?\""},
};

START_TEST(dnscacheip)
{
	const struct cache *cache = &caches[_i];
	struct scene scene = {.zone = "a.test A 127.0.0.2\n",
	    .servers = {{.address = "127.0.0.2"}},
	    .dns_options.ipv6 = cache->ipv6};
	const char *environment[2] = {NULL};
	char variable[128] = "DNSCACHEIP=";
	size_t length = strlen(variable);

	if (cache->ipv6 && !peer_has_ipv6())
		return;
	scene_furnish(&scene);
	home_control(&scene.home, "timeoutdns", "1\n");
	scene_start(&scene);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(variable + length, sizeof variable - length, cache->variable,
	    dns_port(scene.dns));
#pragma GCC diagnostic pop
	environment[0] = variable;
	scene.delivery.environment = environment;
	scene_deliver(&scene, "a.test");
	scene_expect(&scene, cache->verdict, cache->text);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("resolve-trouble")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(
	    tcase, temporary, 0, (int)COUNT(troubles) * SUBJECTS);
	tcase_add_test(tcase, patience_ends);
	tcase_add_loop_test(tcase, dnscacheip, 0, (int)COUNT(caches));
}
