/* SPDX-License-Identifier: ISC */
/* Which policy holds: by what is kept, what the DNS says, and what is served.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "sts-bench.h"
#include "suite.h"

#define HOUR 3600L
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

/* That which is kept names another exchanger, so the mail shows its policy. */
#define KEPT STS_POLICY("enforce", "kept.test")
#define GOOD STS_RECORD
#define NEW "_mta-sts.a.test TXT text:v=STSv1;id=2;\n"
#define NAMES TLS_ZONE STS_HOST " A 127.0.0.1\n"

enum holds { NO_POLICY, KEPT_ONE, FETCHED_ONE };
enum host { SERVES, REFUSES, MISSING };

static const struct row {
	const char *record;
	const char *kept, *id;
	long age;
	const char *failed_id;
	long failed;
	enum host host;
	enum holds holds;
	unsigned requests;
} rows[] = {
    /* Nothing is kept. */
    {GOOD, NULL, "", 0, "", 0, SERVES, FETCHED_ONE, 1},
    {GOOD, NULL, "", 0, "", 0, REFUSES, NO_POLICY, 1},
    {GOOD, NULL, "", 0, "", 0, MISSING, NO_POLICY, 0},
    {"", NULL, "", 0, "", 0, SERVES, NO_POLICY, 0},
    {"_mta-sts.a.test TXT !servfail\n", NULL, "", 0, "", 0, SERVES, NO_POLICY,
	0},
    {GOOD "_mta-sts.a.test TXT text:v=STSv1;id=2;\n", NULL, "", 0, "", 0,
	SERVES, NO_POLICY, 0},
    {GOOD "_mta-sts.a.test TXT text:v=STSv1;\n", NULL, "", 0, "", 0, SERVES,
	NO_POLICY, 0},
    {GOOD "_mta-sts.a.test TXT text:v=spf1\n", NULL, "", 0, "", 0, SERVES,
	FETCHED_ONE, 1},
    {"_mta-sts.a.test TXT text:v=STSv1;i text:d=1;\n", NULL, "", 0, "", 0,
	SERVES, FETCHED_ONE, 1},
    {"_mta-sts.a.test TXT text:v=STSv1;id=1-2;\n", NULL, "", 0, "", 0, SERVES,
	NO_POLICY, 0},
    {"_mta-sts.a.test CNAME other.test\nother.test TXT text:v=STSv1;id=1;\n",
	NULL, "", 0, "", 0, SERVES, FETCHED_ONE, 1},
    /* It is a parent's. */
    {"_mta-sts.test TXT text:v=STSv1;id=1;\n", NULL, "", 0, "", 0, SERVES,
	NO_POLICY, 0},
    /* A fresh one is kept: nobody is asked. */
    {GOOD, KEPT, "1", HOUR, "", 0, SERVES, KEPT_ONE, 0},
    {GOOD, KEPT, "1", DAY - HOUR, "", 0, SERVES, KEPT_ONE, 0},
    {GOOD, KEPT, "1", HOUR, "", 0, MISSING, KEPT_ONE, 0},
    /* Another id, or older than a day. */
    {NEW, KEPT, "1", HOUR, "", 0, SERVES, FETCHED_ONE, 1},
    {NEW, KEPT, "1", HOUR, "", 0, REFUSES, KEPT_ONE, 1},
    {NEW, KEPT, "1", HOUR, "", 0, MISSING, KEPT_ONE, 0},
    {GOOD, KEPT, "1", DAY + HOUR, "", 0, SERVES, FETCHED_ONE, 1},
    {GOOD, KEPT, "1", DAY + HOUR, "", 0, REFUSES, KEPT_ONE, 1},
    /* After a fetch that failed, for this id or for another. */
    {GOOD, KEPT, "1", DAY + HOUR, "1", 60, SERVES, KEPT_ONE, 0},
    {GOOD, KEPT, "1", DAY + HOUR, "1", 301, SERVES, FETCHED_ONE, 1},
    {GOOD, KEPT, "1", DAY + HOUR, "0", 60, SERVES, FETCHED_ONE, 1},
    {GOOD, NULL, "", 0, "1", 60, SERVES, NO_POLICY, 0},
    {GOOD, NULL, "", 0, "1", 301, SERVES, FETCHED_ONE, 1},
    /* The record is gone, or cannot be looked up. */
    {"", KEPT, "1", DAY + HOUR, "", 0, SERVES, KEPT_ONE, 0},
    {"_mta-sts.a.test TXT !nodata\n", KEPT, "1", HOUR, "", 0, SERVES, KEPT_ONE,
	0},
    {"_mta-sts.a.test TXT !servfail\n", KEPT, "1", DAY + HOUR, "", 0, SERVES,
	KEPT_ONE, 0},
    {"_mta-sts.a.test TXT !drop\n", KEPT, "1", DAY + HOUR, "", 0, SERVES,
	KEPT_ONE, 0},
    {"_mta-sts.a.test TXT !garbage-records\n", KEPT, "1", HOUR, "", 0, SERVES,
	KEPT_ONE, 0},
    {"_mta-sts.a.test TXT text:v=STSv1;id=;\n", KEPT, "1", HOUR, "", 0, SERVES,
	KEPT_ONE, 0},
    /* It is over. */
    {"", KEPT, "1", WEEK + HOUR, "", 0, SERVES, NO_POLICY, 0},
    {GOOD, KEPT, "1", WEEK + HOUR, "", 0, SERVES, FETCHED_ONE, 1},
    {GOOD, KEPT, "1", WEEK + HOUR, "", 0, REFUSES, NO_POLICY, 1},
    {GOOD, KEPT, "1", WEEK + HOUR, "1", 60, SERVES, NO_POLICY, 0},
};

static void arrange(struct sts_bench *bench, const struct row *row)
{
	if (row->host != MISSING)
		sts_bench_host(bench,
		    &(struct https_options){
			.status = row->host == REFUSES ? "404 None" : NULL});
	if (row->kept != NULL || row->failed_id[0] != '\0')
		sts_bench_cache(bench, row->kept, row->id, row->age,
		    row->failed_id, row->failed);
}

static void expect(const struct sts_bench *bench, const struct row *row)
{
	const struct scene *scene = &bench->scene;

	switch (row->holds) {
	case NO_POLICY:
		scene_expect(scene, 'K', ", verified " TLS_HOST "\n");
		break;
	case KEPT_ONE:
		scene_expect(scene, 'Z', "the policy of the domain does not");
		break;
	case FETCHED_ONE:
		scene_expect(scene, 'K', ", verified " TLS_HOST ", MTA-STS\n");
	}
	if (bench->https != NULL)
		ck_assert_uint_eq(https_requests(bench->https), row->requests);
}

START_TEST(by_row)
{
	const struct row *row = &rows[_i];
	struct sts_bench bench = {0};
	struct peer_script script = {0};
	char zone[512];

	snprintf(zone, sizeof zone, "%s%s", NAMES, row->record);
	bench.scene.zone = zone;
	sts_bench_make(&bench);
	bench.environment[2] =
	    "RES_OPTIONS=retrans:200 retry:1 timeout:1 attempts:1";
	sts_bench_server(&bench, &script, TLS_GOOD);
	arrange(&bench, row);
	sts_bench_deliver(&bench);
	expect(&bench, row);
	/* The second time nobody is asked for what is known by now. */
	sts_bench_deliver(&bench);
	expect(&bench, row);
	sts_bench_free(&bench);
}
END_TEST

/* It is for the deliveries that have it fetched, and nobody else. */
START_TEST(max_age_0)
{
	struct sts_bench bench = {0};
	struct peer_script script = {0};

	sts_bench_make(&bench);
	sts_bench_server(&bench, &script, TLS_GOOD);
	sts_bench_host(&bench,
	    &(struct https_options){.body = "version: STSv1\r\nmode: enforce"
					    "\r\nmx: mx.a.test\r\nmax_age: 0"});
	for (unsigned i = 1; i <= 2; i++) {
		sts_bench_deliver(&bench);
		scene_expect(&bench.scene, 'K', ", MTA-STS\n");
		ck_assert_uint_eq(https_requests(bench.https), i);
	}
	sts_bench_zone(&bench, TLS_ZONE);
	sts_bench_deliver(&bench);
	scene_expect(&bench.scene, 'K', ", verified " TLS_HOST "\n");
	sts_bench_free(&bench);
}
END_TEST

/* The way of a domain: testing, enforced, moved to another host, given up. */
static const struct stage {
	const char *zone, *policy, *text;
} stages[] = {
    {TLS_ZONE, NULL, ", verified mx.a.test\n"},
    {NAMES "_mta-sts.a.test TXT text:v=STSv1;id=1\n",
	STS_POLICY("testing", "other.test"), "\nMTA-STS testing: the policy"},
    {NAMES "_mta-sts.a.test TXT text:v=STSv1;id=2\n",
	STS_POLICY("testing", "*.a.test"), ", verified mx.a.test\n"},
    {NAMES "_mta-sts.a.test TXT text:v=STSv1;id=3\n",
	STS_POLICY("enforce", "*.a.test"), ", verified mx.a.test, MTA-STS\n"},
    {NAMES, NULL, ", verified mx.a.test, MTA-STS\n"},
    {NAMES "_mta-sts.a.test TXT text:v=STSv1;id=4\n", "version: STSv2\n",
	", verified mx.a.test, MTA-STS\n"},
    {NAMES "_mta-sts.a.test TXT text:v=STSv1;id=5\n",
	"version: STSv1\nmode: none\nmax_age: 86400\n",
	", verified mx.a.test\n"},
    {TLS_ZONE, NULL, ", verified mx.a.test\n"},
};

START_TEST(life)
{
	struct sts_bench bench = {.scene.zone = TLS_ZONE};
	struct peer_script script = {0};

	sts_bench_make(&bench);
	sts_bench_server(&bench, &script, TLS_GOOD);
	for (size_t i = 0; i < COUNT(stages); i++) {
		sts_bench_zone(&bench, stages[i].zone);
		if (stages[i].policy != NULL)
			sts_bench_host(&bench,
			    &(struct https_options){.body = stages[i].policy});
		sts_bench_deliver(&bench);
		scene_expect(&bench.scene, 'K', stages[i].text);
	}
	sts_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("sts-cache")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, by_row, 0, (int)COUNT(rows));
	tcase_add_test(tcase, max_age_0);
	tcase_add_test(tcase, life);
}
