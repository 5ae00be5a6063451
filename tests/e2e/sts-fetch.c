/* SPDX-License-Identifier: ISC */
/* What fetching a policy costs: questions, and requests. */
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

/* It comes from where deliveries do. */
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
	tcase_add_test(tcase, seen_from);
	tcase_add_test(tcase, at_once);
}
