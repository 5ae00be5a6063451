/* SPDX-License-Identifier: ISC */
/*
 * How a policy is fetched: what it costs in questions, by whom, from where, and
 * how often.
 */
#include "config.h"

#include <string.h>

#include <check.h>

#include "sts-bench.h"
#include "suite.h"

#define WITHOUT ", verified " TLS_HOST "\n"
#define WITH ", verified " TLS_HOST ", MTA-STS\n"

static struct sts_bench bench;
static struct peer_script script;

static void enter(void)
{
	memset(&bench, 0, sizeof bench);
	script = (struct peer_script){0};
	sts_bench_make(&bench);
	sts_bench_server(&bench, &script, TLS_GOOD);
}

static void leave(void)
{
	sts_bench_free(&bench);
}

static void deliver_and_expect(char verdict, const char *text)
{
	sts_bench_deliver(&bench);
	scene_expect(&bench.scene, verdict, text);
}

static int64_t first_of(enum dns_kind kind, const char *type)
{
	const struct dns *dns = bench.scene.dns;

	for (size_t i = 0; i < dns_log_count(dns); i++) {
		const struct dns_event *event = dns_log_event(dns, i);

		if (event->kind == kind && strcmp(event->type, type) == 0)
			return event->at;
	}
	return 0;
}

/* TXT goes out with MX: before the answer to that has left. */
START_TEST(questions)
{
	const struct dns *dns;

	bench.scene.dns_options.delay = 50;
	scene_control(&bench.scene, "mtasts", "0\n");
	deliver_and_expect('K', WITHOUT);
	ck_assert_uint_eq(dns_queries(bench.scene.dns, NULL, NULL), 3);
	sts_bench_zone(&bench, STS_ZONE);
	dns = bench.scene.dns;
	scene_control(&bench.scene, "mtasts", "1\n");
	sts_bench_cache(&bench, STS_ENFORCE, "1", 10, "", 0);
	deliver_and_expect('K', WITH);
	ck_assert_uint_eq(dns_queries(dns, NULL, NULL), 4);
	ck_assert_uint_eq(dns_queries(dns, "_mta-sts.a.test", "TXT"), 1);
	ck_assert_int_lt(
	    first_of(DNS_QUERY, "TXT"), first_of(DNS_ANSWER, "MX"));
	/* What has to be fetched costs the lookup of the policy host. */
	sts_bench_host(&bench, &(struct https_options){0});
	sts_bench_cache(&bench, NULL, "", 0, "", 0);
	deliver_and_expect('K', WITH);
	ck_assert_uint_eq(dns_queries(dns, NULL, NULL), 10);
	ck_assert_uint_eq(dns_queries(dns, STS_HOST, NULL), 2);
}
END_TEST

/* Without mtasts nobody asks for anything. */
START_TEST(off)
{
	sts_bench_host(&bench, &(struct https_options){0});
	home_remove_control(&bench.scene.home, "mtasts");
	deliver_and_expect('K', WITHOUT);
	ck_assert_uint_eq(dns_queries(bench.scene.dns, NULL, "TXT"), 0);
	ck_assert_uint_eq(https_connections(bench.https), 0);
}
END_TEST

/* Mail that needs no fetch does not need anchors or the program for it. */
static const struct need {
	const char *zone, *policy;
	long age;
	const char *tlspolicy;
	bool needed;
} needs[] = {
    {STS_ZONE, NULL, 0, "", true},
    {STS_ZONE, STS_ENFORCE, 30L * 86400, "", true},
    {STS_ZONE, STS_ENFORCE, 10, "", false},
    {STS_ZONE, STS_ENFORCE, 2L * 86400, "", false},
    {TLS_ZONE, NULL, 0, "", false},
    {STS_ZONE, NULL, 0, "a.test:may nosts\n", false},
    {STS_ZONE, NULL, 0, "a.test:none\n", false},
};

static void arrange(const struct need *need)
{
	bench.scene.zone = need->zone;
	scene_control(&bench.scene, "tlspolicy", "%s", need->tlspolicy);
	if (need->policy != NULL)
		sts_bench_cache(&bench, need->policy, "1", need->age, "", 0);
}

START_TEST(without_program)
{
	const struct need *need = &needs[_i];

	arrange(need);
	bench.environment[2] = "QR_TEST_STS=/nonexistent/qmail-remote-sts";
	if (!need->needed) {
		deliver_and_expect('K', "accepted message");
		return;
	}
	deliver_and_expect('Z',
	    "Unable to run /nonexistent/qmail-remote-sts: No such file or "
	    "directory. (#4.3.0)\nWith control/mtasts 1 it fetches");
	sts_bench_script(&bench, "#!/bin/sh\nprintf 'foreign 0\\n'\n");
	deliver_and_expect('Z', "it belongs to another version");
	ck_assert_uint_eq(bench.scene.outcome.count, 1);
}
END_TEST

/* A policy that is enforced needs them as well. */
START_TEST(without_anchors)
{
	const struct need *need = &needs[_i];

	arrange(need);
	scene_control(&bench.scene, "trustanchors", "\n");
	sts_bench_host(&bench, &(struct https_options){0});
	sts_bench_deliver(&bench);
	if (need->needed)
		scene_expect(&bench.scene, 'Z',
		    "/control/mtasts, line 1: \"1\": this needs "
		    "control/trustanchors, which is missing or empty.\n");
	else if (need->policy != NULL)
		scene_expect(&bench.scene, 'Z',
		    "The server mx.a.test is not used: this needs "
		    "control/trustanchors, which is missing or empty, "
		    "demanded by MTA-STS. (#4.7.0)\n");
	else
		scene_expect(&bench.scene, 'K', "accepted message");
	ck_assert_uint_eq(https_connections(bench.https), 0);
}
END_TEST

/* Where it calls, and from where: as the delivery does. */
static const struct origin {
	const char *control, *text, *control2, *text2;
	const char *arguments; /* at the end of them all; NULL: not called */
} origins[] = {
    {"me", "client.test\n", "", "", "\n-\n-\n2001:db8::1\n192.0.2.1\n"},
    {"addressfamily", "ipv4\n", "", "", "\n-\n-\n192.0.2.1\n2001:db8::1\n"},
    {"addressfamily", "ipv4-only\n", "", "", "\n-\n-\n192.0.2.1\n"},
    {"outgoingip", "127.0.0.9\n", "", "", "\n127.0.0.9\n-\n192.0.2.1\n"},
    {"outgoingip", "127.0.0.9\n", "outgoingip6", "::\n",
	"\n127.0.0.9\n-\n2001:db8::1\n192.0.2.1\n"},
    {"outgoingip", "@client.test 127.0.0.8\n", "", "",
	"\n127.0.0.8\n-\n192.0.2.1\n"},
    {"outgoingip", "@other.test 127.0.0.8\n", "", "",
	"\n-\n-\n2001:db8::1\n192.0.2.1\n"},
};

START_TEST(source)
{
	const struct origin *origin = &origins[_i];
	struct bytes arguments = {0};
	size_t length = strlen(origin->arguments);

	bench.scene.zone = TLS_ZONE STS_RECORD STS_HOST
	    " A 192.0.2.1\n" STS_HOST " AAAA 2001:db8::1\n";
	scene_control(&bench.scene, origin->control, "%s", origin->text);
	if (*origin->control2 != '\0')
		scene_control(
		    &bench.scene, origin->control2, "%s", origin->text2);
	sts_bench_witness(&bench);
	deliver_and_expect('K', WITHOUT);
	ck_assert(sts_bench_arguments(&bench, &arguments));
	ck_assert_uint_gt(arguments.length, length);
	ck_assert_str_eq(
	    arguments.data + arguments.length - length, origin->arguments);
	bytes_free(&arguments);
}
END_TEST

START_TEST(seen_from)
{
	sts_bench_host(&bench, &(struct https_options){0});
	scene_control(&bench.scene, "outgoingip", "127.0.0.9\n");
	deliver_and_expect('K', WITH);
	ck_assert_str_eq(https_peer(bench.https), "127.0.0.9");
}
END_TEST

enum { CROWD = 20 };

static void deliver_one(size_t number)
{
	(void)number;
	deliver_and_expect('K', WITH);
}

START_TEST(at_once)
{
	sts_bench_host(&bench, &(struct https_options){.wait = 200});
	bench.scene.delivery.input = DELIVER_PIPE;
	scene_start(&bench.scene);
	suite_at_once(CROWD, deliver_one);
	ck_assert_uint_eq(https_requests(bench.https), 1);
	scene_stop(&bench.scene);
	ck_assert_uint_eq(scene_messages(&bench.scene), CROWD);
}
END_TEST

LOOPBACK_SUITE("sts-fetch")
{
	tcase_set_timeout(tcase, 100);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, leave);
	tcase_add_test(tcase, questions);
	tcase_add_test(tcase, off);
	tcase_add_loop_test(tcase, without_program, 0, (int)COUNT(needs));
	tcase_add_loop_test(tcase, without_anchors, 0, (int)COUNT(needs));
	tcase_add_loop_test(tcase, source, 0, (int)COUNT(origins));
	tcase_add_test(tcase, seen_from);
	tcase_add_test(tcase, at_once);
}
