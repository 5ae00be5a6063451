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

#define TOO_LATE                                                               \
	"TLS with mx.a.test failed: no answer within timeoutdelivery. "        \
	"(#4.7.0)\n"

/* Seconds: at first, and as long as is tried. */
enum { LIMIT = 2, LIMIT_MAX = 64 };

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
    {PEER_HANDSHAKE, 0, PEER_STALL, 'Z', TOO_LATE},
    {PEER_EHLO_TLS, 0, PEER_STALL, 'Z', TOO_LATE},
    {PEER_GREETING, 2, PEER_STALL, 'Z', "connection died. (#4.4.2)"},
    {PEER_STARTTLS, 2, PEER_STALL, 'Z', "STARTTLS was not answered"},
    {PEER_HANDSHAKE, 2, PEER_STALL, 'Z', TOO_LATE},
    {PEER_EHLO_TLS, 2, PEER_STALL, 'Z', TOO_LATE},
    /* From MAIL on it takes as long as it takes. */
    {PEER_MAIL, 2, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
    {PEER_RCPT, 2, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
    {PEER_DATA, 0, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
    {PEER_DOT, 2, PEER_DELAY, 'K', "127.0.0.2 accepted message."},
};

static void expect_empty_table(const struct scene *scene)
{
	struct bytes table;

	home_tcpto(&scene->home, &table);
	for (size_t i = 0; i < table.length; i++)
		ck_assert_int_eq(table.data[i], 0);
	bytes_free(&table);
}

/* Whether the server came to the stage, where the words do not tell. */
static bool is_reached(const struct scene *scene, enum peer_stage stage)
{
	const struct transcript *transcript = scene->transcript;

	return transcript->count > 0 &&
	       ((stage != PEER_EHLO && stage != PEER_EHLO_TLS) ||
		   transcript_count(&transcript->connections[0], stage) > 0);
}

/*
 * Without any other limit.  Returns false when the time was over before the
 * stage was reached, as it may be on a busy machine.
 */
static bool play_within(const struct row *row, unsigned limit)
{
	struct peer_script script = {.capabilities = "STARTTLS",
	    .overrides = {{.at = row->stage,
		.action = row->action,
		.ms = row->action == PEER_DELAY ? 1000 * (limit + 1) : 0}}};
	struct scene scene = {.zone = TLS_ZONE "a.test MX 20 mx2.a.test\n"
					       "mx2.a.test A 127.0.0.3\n",
	    .servers = {{.address = "127.0.0.2", .script = &script},
		{.address = "127.0.0.3", .script = &script}},
	    .unprobed = "its time may be over at another stage"};
	struct tls_bench bench;
	bool reached;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	scene_control(&scene, "timeoutdelivery", "%u\n", limit);
	scene_control(&scene, "timeoutconnect", "0\n");
	scene_control(&scene, "timeoutremote", "0\n");
	scene_control(&scene, "tlsstrictness", "%u\n", row->strictness);
	scene_play(&scene, "a.test");
	reached = is_reached(&scene, row->stage) &&
		  outcome_says(&scene.outcome, row->text);
	if (reached) {
		scene_expect(&scene, row->verdict, row->text);
		scene_expect_visits(&scene, "127.0.0.2");
		ck_assert_int_ge(
		    scene.outcome.elapsed, limit * INT64_C(1000000));
	} else {
		scene_expect(&scene, 'Z', "");
	}
	expect_empty_table(&scene);
	scene_free(&scene);
	tls_bench_free(&bench);
	return reached;
}

static void play(size_t number)
{
	unsigned limit = LIMIT;

	while (!play_within(&rows[number], limit)) {
		limit *= 2;
		ck_assert_uint_le(limit, LIMIT_MAX);
	}
}

START_TEST(row_by_row)
{
	suite_at_once(COUNT(rows), play);
}
END_TEST

/* Lookups belong to the delivery: the answer would be that there is no mx. */
START_TEST(lookups)
{
	struct scene scene = {.zone = "a.test MX 10 mx.a.test !delay=9000\n"};

	scene_furnish(&scene);
	scene_control(&scene, "timeoutdelivery", "1\n");
	scene_control(&scene, "timeoutdns", "0\n");
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z', "(#4.1.2)");
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-deadline")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, row_by_row);
	tcase_add_test(tcase, lookups);
}
