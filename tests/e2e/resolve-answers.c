/* SPDX-License-Identifier: ISC */
/* What the DNS can say, and what becomes of the message. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "scene.h"
#include "suite.h"

/* Two exchangers; the first line is about the first one's addresses. */
#define TWO(line)                                                              \
	line "a.test MX 10 mx1.a.test\n"                                       \
	     "a.test MX 20 mx2.a.test\n"                                       \
	     "mx2.a.test A 127.0.0.3\n"

/* All answers to questions with EDNS are damaged in that way. */
#define WITHOUT_EDNS(damage)                                                   \
	"* * !" damage " !edns-only\na.test MX 1 mx.a.test\n"                  \
	"mx.a.test A 127.0.0.2\n"

#define NO_HOST "Sorry, I couldn't find any host named "
#define SILENT "Sorry, I couldn't find any host by that name. (#4.1.2)\n"
#define NO_ADDRESS                                                             \
	"Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)\n"
#define BUSY "greeting failed.\nRemote host said: 421 4.3.2 busy\n"

static const struct row {
	const char *zone;
	const char *host; /* NULL: a.test */
	char verdict;	  /* 0: Z */
	const char *text; /* NULL: the servers are busy */
	const char *visits;
} rows[] = {
    /* Exchangers. */
    {"a.test MX 30 mx3.a.test\na.test MX 10 mx1.a.test\n"
     "a.test MX 20 mx2.a.test\nmx1.a.test A 127.0.0.2\n"
     "mx2.a.test A 127.0.0.3\nmx3.a.test A 127.0.0.4\n",
	.visits = "127.0.0.2 127.0.0.3 127.0.0.4"},
    {"a.test A 127.0.0.2\n", .visits = "127.0.0.2"},
    {"a.test MX 65535 mx.a.test\nmx.a.test A 127.0.0.2\n",
	.visits = "127.0.0.2"},
    {"a.test MX 1 mx.a.test\nmx.a.test A 127.0.0.2\nA.test A 127.0.0.3\n",
	"A.Test", .visits = "127.0.0.2"},
    {"a.test MX 1 mx.a.test\nmx.a.test A 127.0.0.2\n", "a.test.",
	.visits = "127.0.0.2"},
    {TWO("mx1.a.test A 127.0.0.3\n"), .visits = "127.0.0.3"},
    {TWO("mx1.a.test AAAA ::ffff:127.0.0.2\nmx1.a.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("a.test MX 5 127.0.0.5\nmx1.a.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("a.test MX 5 bad\\032name.test\nmx1.a.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("a.test MX 5 a\\000b.test\na.test MX 6 x\\.y.test\n"
	 "mx1.a.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("a.test MX 0 .\n"), .visits = "127.0.0.3"},
    {"a.test MX 5 127.0.0.5\n", .verdict = 'D', .text = NO_ADDRESS},

    /* What is final. */
    {"a.test MX 0 .\na.test A 127.0.0.2\n", .verdict = 'D',
	.text = "(#5.1.10)\n"},
    {"a.test MX 10 localhost\na.test A 127.0.0.2\n", .verdict = 'D',
	.text = "a.test accepts no mail"},
    {"", .verdict = 'D', .text = NO_HOST "a.test. (#5.1.2)\n"},
    {"a.test NS ns.test\n", .verdict = 'D', .text = NO_ADDRESS},
    {"a.test MX 1 mx.a.test\n", .verdict = 'D', .text = NO_ADDRESS},
    {"a.test MX 1 mx.a.test\nmx.a.test NS ns.test\n", .verdict = 'D',
	.text = NO_ADDRESS},

    /* One exchanger's trouble is not the other's. */
    {TWO(""), .visits = "127.0.0.3"},
    {TWO("mx1.a.test NS ns.test\n"), .visits = "127.0.0.3"},
    {TWO("mx1.a.test * !servfail\n"), .visits = "127.0.0.3"},
    {TWO("mx1.a.test * !refused\n"), .visits = "127.0.0.3"},
    {TWO("mx1.a.test * !cut\nmx1.a.test A 127.0.0.2\n"), .visits = "127.0.0.3"},
    {TWO("mx1.a.test A hex:7f0000\n"), .visits = "127.0.0.3"},
    {TWO("mx1.a.test AAAA !servfail\nmx1.a.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("mx1.a.test AAAA !nxdomain\nmx1.a.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("mx1.a.test CNAME mx1.a.test\n"), .visits = "127.0.0.3"},

    /* Aliases. */
    {"a.test CNAME b.test\nb.test CNAME c.test\nc.test MX 1 mx.c.test\n"
     "mx.c.test A 127.0.0.2\n",
	.visits = "127.0.0.2"},
    {"a.test MX 1 mx.a.test\nmx.a.test CNAME d.test\nd.test CNAME e.test\n"
     "e.test A 127.0.0.2\n",
	.visits = "127.0.0.2"},
    {"a.test CNAME b.test\nb.test A 127.0.0.2\n", .visits = "127.0.0.2"},
    {TWO("e.test A 127.0.0.2 !in=mx1.a.test/A\n"
	 "mx1.a.test CNAME e.test !in=mx1.a.test/A\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("mx1.a.test CNAME \\042.e.test\n\\042.e.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("mx1.a.test CNAME \\000\\255\\..e.test\n"
	 "\\000\\255\\..e.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("mx1.a.test CNAME d.test !in=mx1.a.test/A\n"
	 "mx1.a.test CNAME e.test !in=mx1.a.test/A\n"
	 "e.test A 127.0.0.2 !in=mx1.a.test/A\n"),
	.visits = "127.0.0.3"},
    {TWO("e.test A 127.0.0.4 !in=mx1.a.test/A\n"
	 "mx1.a.test A 127.0.0.2 !in=mx1.a.test/A\n"),
	.visits = "127.0.0.2 127.0.0.3"},
    {TWO("e.test A 127.0.0.4 !in=mx1.a.test/A\n"), .visits = "127.0.0.3"},
    {"a.test MX 1 mx.a.test\nmx.a.test CNAME gone.test\n", .verdict = 'D',
	.text = NO_ADDRESS},
    {"a.test CNAME gone.test\n", .verdict = 'D',
	.text = NO_HOST "a.test. (#5.1.2)\n"},

    /* Without EDNS the answer is as it should be. */
    {WITHOUT_EDNS("no-response"), .visits = "127.0.0.2"},
    {WITHOUT_EDNS("opt-first"), .visits = "127.0.0.2"},
    {WITHOUT_EDNS("garbage-records"), .visits = "127.0.0.2"},
    {WITHOUT_EDNS("pointer-loop"), .visits = "127.0.0.2"},
    {WITHOUT_EDNS("bad-count"), .visits = "127.0.0.2"},
    {WITHOUT_EDNS("formerr"), .visits = "127.0.0.2"},

    /* Ways of the transport. */
    {TWO("a.test MX 5 mx0.a.test !truncate\nmx0.a.test A 127.0.0.4\n"),
	.visits = "127.0.0.4 127.0.0.3"},
    {TWO("mx1.a.test A 127.0.0.2 !truncate\nmx1.a.test A 127.0.0.4\n"),
	.visits = "127.0.0.2 127.0.0.4 127.0.0.3"},
    {"* * !no-edns\n" TWO("mx1.a.test A 127.0.0.2\n"),
	.visits = "127.0.0.2 127.0.0.3"},

    /* Names. */
    {"xn--bcher-kva.test A 127.0.0.2\n", "b\303\274cher.test",
	.visits = "127.0.0.2"},
    {"xn--bcher-kva.test A 127.0.0.2\n", "B\303\234cher.test",
	.visits = "127.0.0.2"},
    {"", "a b.test", .verdict = 'D', .text = NO_HOST "a?b.test. (#5.1.2)\n"},
    {"", "a..test", .verdict = 'D', .text = NO_HOST "a..test. (#5.1.2)\n"},
    /* What is in no host's name is not asked for. */
    {"* * !servfail\n", "[192.0.2.300]", .verdict = 'D',
	.text = NO_HOST "[192.0.2.300]. (#5.1.2)\n"},
    {"* * !servfail\n", "192.0.2.1]", .verdict = 'D',
	.text = NO_HOST "192.0.2.1]. (#5.1.2)\n"},
    {"* * !servfail\n", "a@b.test", .verdict = 'D',
	.text = NO_HOST "a@b.test. (#5.1.2)\n"},
    {"", "x\033[31m\r\n\177.test", .verdict = 'D',
	.text = NO_HOST "x?[31m???.test. (#5.1.2)\n"},
    {"", "\377\376.test", .verdict = 'D',
	.text = NO_HOST "??.test. (#5.1.2)\n"},
    {"", "xn--a\303\274.test", .verdict = 'D',
	.text = NO_HOST "xn--a??.test. (#5.1.2)\n"},
    {"", "", .verdict = 'D', .text = NO_HOST},
    {"", ".", .verdict = 'D', .text = NO_HOST},
    {"",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test",
	.verdict = 'D', .text = NO_HOST},
};

START_TEST(answers)
{
	const struct row *row = &rows[_i];
	struct scene scene = {.zone = row->zone};

	scene_crowd(&scene);
	scene_play(&scene, row->host != NULL ? row->host : "a.test");
	scene_expect_visits(&scene, row->visits != NULL ? row->visits : "");
	scene_expect(&scene, row->verdict != 0 ? row->verdict : 'Z',
	    row->text != NULL ? row->text : BUSY);
	scene_free(&scene);
}
END_TEST

/* A question that got lost is asked again. */
START_TEST(asked_again)
{
	static const char *const environment[] = {
	    "RES_OPTIONS=retrans:500 timeout:1", NULL};
	struct scene scene = {.zone = "a.test MX 1 mx.a.test !drop=1\n"
				      "mx.a.test A 127.0.0.2\n",
	    .delivery.environment = environment};

	scene_crowd(&scene);
	scene_play(&scene, "a.test");
	scene_expect_visits(&scene, "127.0.0.2");
	ck_assert_uint_ge(dns_queries(scene.dns, "a.test", "MX"), 2);
	scene_free(&scene);
}
END_TEST

START_TEST(loop_of_aliases)
{
	struct scene scene = {
	    .zone = "a.test CNAME b.test\nb.test CNAME a.test\n"};

	scene_crowd(&scene);
	scene_furnish(&scene);
	home_control(&scene.home, "timeoutdns", "2\n");
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z', "any host by that name. (#4.1.2)\n");
	scene_expect_visits(&scene, "");
	scene_free(&scene);
}
END_TEST

/* Neither search lists nor hosts files. */
START_TEST(absolute)
{
	static const char *const environment[] = {"LOCALDOMAIN=test",
	    "RES_OPTIONS=ndots:5", "HOSTALIASES=/etc/hosts", NULL};
	struct scene scene = {.zone = "a.test A 127.0.0.2\n"
				      "localhost.test A 127.0.0.2\n",
	    .delivery.environment = environment};

	scene_crowd(&scene);
	scene_start(&scene);
	scene_deliver(&scene, "a");
	scene_expect(&scene, 'D', NO_HOST "a. (#5.1.2)\n");
	scene_deliver(&scene, "localhost");
	ck_assert(outcome_verdict(&scene.outcome) == 'D');
	scene_stop(&scene);
	scene_expect_visits(&scene, "");
	ck_assert_uint_eq(dns_queries(scene.dns, "a.test", NULL), 0);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("resolve-answers")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, answers, 0, (int)COUNT(rows));
	tcase_add_test(tcase, asked_again);
	tcase_add_test(tcase, loop_of_aliases);
	tcase_add_test(tcase, absolute);
}
