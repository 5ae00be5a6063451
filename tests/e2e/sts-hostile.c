/* SPDX-License-Identifier: ISC */
/* Records, policy hosts and names that are made to do harm. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "sts-bench.h"
#include "suite.h"

#define WITHOUT ", verified " TLS_HOST "\n"
#define WITH ", verified " TLS_HOST ", MTA-STS\n"
#define NAMES TLS_ZONE STS_HOST " A 127.0.0.1\n"
#define OWNER "_mta-sts.a.test "

static struct sts_bench bench;
static struct peer_script script;

static void enter(void)
{
	memset(&bench, 0, sizeof bench);
	script = (struct peer_script){0};
	sts_bench_make(&bench);
	sts_bench_server(&bench, &script, TLS_GOOD);
	sts_bench_host(&bench, &(struct https_options){0});
}

static void leave(void)
{
	sts_bench_free(&bench);
}

static void deliver_and_expect(bool counts)
{
	sts_bench_deliver(&bench);
	scene_expect(&bench.scene, 'K', counts ? WITH : WITHOUT);
}

/* Up to the hole, so many times what fills it, and what follows the hole. */
static char *repeat(const char *text, const char *piece, size_t times)
{
	struct bytes result = {0};
	const char *hole = strchr(text, '%');

	bytes_add(&result, text, (size_t)(hole - text));
	for (size_t i = 0; i < times; i++)
		bytes_add_text(&result, piece);
	bytes_add_text(&result, hole + 1);
	return result.data;
}

/* Where it says %, the piece stands so many times. */
static const struct texts {
	const char *text, *piece;
	size_t times;
	bool counts;
} records[] = {
    {OWNER "TXT text:v=STSv1;id=1;%\n", " text:a=0123456789012345678901234567;",
	1200, true},
    {OWNER "TXT text:v=STSv1;%id=1;\n", "a=0;", 50, true},
    {"%" OWNER "TXT text:v=STSv1;id=1;\n", OWNER "TXT text:v=spf1;all\n", 800,
	true},
    {"%\n", OWNER "TXT text:v=STSv1;id=1;\n", 800, false},
    {OWNER "TXT text:v text:=STS text:v1; text:i text:d text:= text:1;%\n",
	" text:x", 100, true},
    {OWNER "TXT text:v=STSv1;id=%;\n", "a", 32, true},
    {OWNER "TXT text:v=STSv1;id=%;\n", "a", 33, false},
    {OWNER "TXT text:v=STSv1;id=%;\n", "../", 3, false},
    {OWNER "TXT text:v=STSv1;id=%;\n", "\xc3\xa9", 3, false},
    {OWNER "TXT text:V=STSv1;id=%;\n", "1", 1, false},
    {OWNER "TXT text:v=STSv1%\n", ";", 200, false},
    /* "v=STSv1;", NUL or LF, "id=1;": the octet is in the way of the key. */
    {OWNER "TXT hex:0e763d5354537631%3b0069643d313b\n", "", 0, false},
    {OWNER "TXT hex:0e763d5354537631%3b0a69643d313b\n", "", 0, false},
    {OWNER "TXT hex:%\n", "00", 500, false},
    /* Strings that are longer than the record, or none at all. */
    {OWNER "TXT hex:ff763d5354537631%\n", "3b", 1, false},
    {OWNER "TXT hex:08763d53545376313b0769643d313b%\n", "ff", 1, false},
    {OWNER "TXT hex:%\n", "08763d53545376313b0569643d313b", 1, true},
    {OWNER "CNAME %_mta-sts.a.test\n", "", 0, false},
    {"%other.test TXT text:v=STSv1;id=1; !in=_mta-sts.a.test/TXT\n", "", 0,
	false},
    {OWNER "TXT text:v=STSv1;id=1; !section=additional%\n", "", 0, false},
    {OWNER "TXT text:v=STSv1;id=1; !section=authority%\n", "", 0, false},
    {OWNER "TXT text:v=STSv1;id=1; !big-count%\n", "", 0, false},
    {OWNER "TXT text:v=STSv1;id=1; !pointer-loop%\n", "", 0, false},
};

START_TEST(record)
{
	const struct texts *row = &records[_i];
	char *lines = repeat(row->text, row->piece, row->times);
	char *zone;

	ck_assert_int_gt(asprintf(&zone, "%s%s", NAMES, lines), 0);
	bench.scene.zone = zone;
	bench.environment[2] =
	    "RES_OPTIONS=retrans:500 retry:1 timeout:1 attempts:1";
	deliver_and_expect(row->counts);
	free(zone);
	free(lines);
}
END_TEST

#define BEGIN "version: STSv1\nmode: enforce\nmax_age: 9\n"

/* A policy host's body, or its headers. */
static const struct answer {
	const char *text, *piece;
	size_t times;
	bool header, counts;
} answers[] = {
    {BEGIN "%mx: mx.a.test\n", "mx:a\n", 13000, false, true},
    {BEGIN "%mx: mx.a.test\n", "mx:a\n", 14000, false, false},
    {BEGIN "mx: mx.a.test\n%", "a:\n", 21000, false, true},
    {BEGIN "mx: mx.a.test\n%", "mode: none\n", 5000, false, true},
    {BEGIN "mx: mx.a.test\n%", "\n", 60000, false, false},
    {BEGIN "mx: mx.a.test\nx: %\n", "\xff", 60000, false, true},
    {BEGIN "mx: %mx.a.test\n", " ", 60000, false, true},
    {BEGIN "mx: %mx.a.test\n", "*", 1, false, false},
    {BEGIN "mx: *%.a.test\n", "", 0, false, true},
    {BEGIN "mx: *.%.a.test\n", "*", 1, false, false},
    {BEGIN "mx: %\nmx: mx.a.test\n", "*", 1, false, false},
    {BEGIN "mx: .%a.test\nmx: mx.a.test\n", "", 0, false, false},
    {BEGIN "mx: mx..a%.test\nmx: mx.a.test\n", "", 0, false, false},
    {BEGIN "mx: %.test\nmx: mx.a.test\n", "a", 64, false, false},
    {BEGIN "mx: %test\nmx: mx.a.test\n", "a.", 130, false, false},
    {BEGIN "mx: mx.a.test\nmx: %\n", "127.0.0.2", 1, false, false},
    {BEGIN "mx: mx.a.test\rx: y\n%", "", 0, false, false},
    {BEGIN "mx: mx.a.test\n%", "max_age: -1\n", 1, false, true},
    {"version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: %\n", "9", 60000,
	false, true},
    {"version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: -%\n", "1", 1,
	false, false},
    {"\xef\xbb\xbf" BEGIN "mx: mx.a.test\n%", "", 0, false, false},
    {"%", "", 0, false, false},
    {"X: %\r\n", "y", 70000, true, false},
    {"%", "X: y\r\n", 20000, true, false},
    {"%", "Location: https://127.0.0.1/\r\n", 3, true, true},
    {"%", "Refresh: 0; url=https://127.0.0.1/\r\n", 1, true, true},
    {"%", "Alt-Svc: h3=\":1\", h2=\"127.0.0.1:1\"; persist=1\r\n", 1, true,
	true},
    {"%", "Strict-Transport-Security: max-age=9\r\n", 1, true, true},
    {"%", "Upgrade: h2c\r\nConnection: Upgrade\r\n", 1, true, true},
    {"%", "Content-Length: 1\r\n", 1, true, false},
    {"%", "Transfer-Encoding: chunked\r\n", 1, true, false},
    {"%", "Transfer-Encoding: gzip\r\n", 1, true, false},
    {"%", "Content-Type: text/html\r\n", 1, true, false},
};

START_TEST(answer)
{
	const struct answer *row = &answers[_i];
	char *text = repeat(row->text, row->piece, row->times);
	struct https_options options = {.body = row->header ? NULL : text,
	    .headers = row->header ? text : NULL};

	sts_bench_host(&bench, &options);
	deliver_and_expect(row->counts);
	ck_assert_uint_eq(https_connections(bench.https), 1);
	free(text);
}
END_TEST

/* It is not followed, wherever it leads. */
START_TEST(redirect)
{
	char location[128];
	struct https *other = bench.https;

	snprintf(location, sizeof location,
	    "Location: https://127.0.0.1:%u/\r\n", (unsigned)https_port(other));
	bench.https = NULL;
	sts_bench_host(&bench, &(struct https_options){
				   .status = "302 Found", .headers = location});
	deliver_and_expect(false);
	ck_assert_uint_eq(https_connections(other), 0);
	https_stop(other);
}
END_TEST

/* Exchangers by odd names, and domains as they may be written. */
static const struct name {
	const char *zone, *host;
	char verdict;
	const char *text;
} names[] = {
    {STS_ZONE, "A.Test", 'K', WITH},
    {STS_ZONE, "a.test.", 'K', WITH},
    {STS_NAMES "a.test MX 10 MX.A.Test.\nmx.a.test A 127.0.0.2\n", "a.test",
	'K', WITH},
    {STS_NAMES "a.test MX 10 mx\\.a.test\nmx\\.a.test A 127.0.0.2\n", "a.test",
	'Z', ""},
    {STS_NAMES "a.test MX 10 mx.a\\.test\nmx.a\\.test A 127.0.0.2\n", "a.test",
	'Z', ""},
    {STS_NAMES "a.test MX 10 mx.a.test\\000\nmx.a.test\\000 A 127.0.0.2\n",
	"a.test", 'Z', ""},
    {STS_NAMES "a.test MX 10 mx\\010.a.test\nmx\\010.a.test A 127.0.0.2\n",
	"a.test", 'Z', ""},
    {STS_NAMES "a.test MX 10 127.0.0.2\n127.0.0.2 A 127.0.0.2\n", "a.test", 'Z',
	""},
    {STS_ZONE, "../a.test", 'Z', ""},
    {STS_ZONE, "a.test/../a.test", 'Z', ""},
    {STS_ZONE, ".a.test", 'Z', ""},
    {STS_ZONE, "a..test", 'Z', ""},
    {STS_ZONE, "a.test\n", 'Z', ""},
};

START_TEST(name)
{
	const struct name *row = &names[_i];

	bench.scene.zone = row->zone;
	scene_start(&bench.scene);
	scene_deliver(&bench.scene, row->host);
	if (row->verdict == 'K')
		scene_expect(&bench.scene, 'K', row->text);
	else
		ck_assert(outcome_well_formed(&bench.scene.outcome));
	scene_stop(&bench.scene);
	ck_assert_uint_eq(scene_messages(&bench.scene), row->verdict == 'K');
}
END_TEST

LOOPBACK_SUITE("sts-hostile")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, leave);
	tcase_add_loop_test(tcase, record, 0, (int)COUNT(records));
	tcase_add_loop_test(tcase, answer, 0, (int)COUNT(answers));
	tcase_add_test(tcase, redirect);
	tcase_add_loop_test(tcase, name, 0, (int)COUNT(names));
}
