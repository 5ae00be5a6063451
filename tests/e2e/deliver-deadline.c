/* SPDX-License-Identifier: ISC */
/*
 * timeoutdelivery: a server that falls silent before MAIL costs no more than
 * that, and a message under way is never cut.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"

enum { LIMIT = 2, LONG = 60, LATER_MS = 3000 };

static const struct row {
	enum peer_stage stage;
	unsigned strictness;
	enum peer_action action;
	char verdict;
	const char *text;
} rows[] = {
    {PEER_GREETING, 0, PEER_STALL, 'Z', "connection died. (#4.4.2)"},
    {PEER_EHLO, 0, PEER_STALL, 'Z', "connection died. (#4.4.2)"},
    {PEER_STARTTLS, 0, PEER_STALL, 'Z', "STARTTLS was not answered"},
    {PEER_HANDSHAKE, 0, PEER_STALL, 'Z', "TLS with mx.a.test failed"},
    {PEER_EHLO_TLS, 0, PEER_STALL, 'Z', "TLS with mx.a.test failed"},
    {PEER_GREETING, 2, PEER_STALL, 'Z', "connection died. (#4.4.2)"},
    {PEER_STARTTLS, 2, PEER_STALL, 'Z', "STARTTLS was not answered"},
    {PEER_HANDSHAKE, 2, PEER_STALL, 'Z', "TLS with mx.a.test failed"},
    {PEER_EHLO_TLS, 2, PEER_STALL, 'Z', "TLS with mx.a.test failed"},
    /* From MAIL on it takes as long as it takes. */
    {PEER_MAIL, 2, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
    {PEER_RCPT, 2, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
    {PEER_DATA, 0, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
    {PEER_DOT, 2, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
};

static void play(size_t number)
{
	const struct row *row = &rows[number];
	struct peer_script script = {.capabilities = "STARTTLS",
	    .overrides = {{.at = row->stage,
		.action = row->action,
		.ms = row->action == PEER_DELAY ? LATER_MS : 0}}};
	struct scene scene = {.zone = TLS_ZONE "a.test MX 20 mx2.a.test\n"
					       "mx2.a.test A 127.0.0.3\n",
	    .servers = {{.address = "127.0.0.2", .script = &script},
		{.address = "127.0.0.3", .script = &script}}};
	struct tls_bench bench;
	struct bytes table;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	scene_control(&scene, "timeoutdelivery", "%d\n", LIMIT);
	scene_control(&scene, "timeoutconnect", "%d\n", LONG);
	scene_control(&scene, "timeoutremote", "%d\n", LONG);
	scene_control(&scene, "tlsstrictness", "%u\n", row->strictness);
	scene_play(&scene, "a.test");
	scene_expect(&scene, row->verdict, row->text);
	scene_expect_visits(&scene, "127.0.0.2");
	ck_assert_int_ge(scene.outcome.elapsed, LIMIT * 1000000);
	ck_assert_int_lt(scene.outcome.elapsed, LONG * 1000000 / 2);
	home_tcpto(&scene.home, &table);
	for (size_t i = 0; i < table.length; i++)
		ck_assert_int_eq(table.data[i], 0);
	bytes_free(&table);
	scene_free(&scene);
	tls_bench_free(&bench);
}

START_TEST(row_by_row)
{
	suite_at_once(COUNT(rows), play);
}
END_TEST

/* Lookups belong to the delivery. */
START_TEST(lookups)
{
	struct scene scene = {.zone = "a.test MX 10 mx.a.test !delay=9000\n"};

	scene_furnish(&scene);
	scene_control(&scene, "timeoutdelivery", "1\n");
	scene_control(&scene, "timeoutdns", "%d\n", LONG);
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z', "(#4.1.2)");
	ck_assert_int_lt(scene.outcome.elapsed, 8000000);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-deadline")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, row_by_row);
	tcase_add_test(tcase, lookups);
}
