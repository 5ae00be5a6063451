/* SPDX-License-Identifier: ISC */
/*
 * Whole deliveries to servers that keep silent, refuse or are late: who is
 * called, who hears anything, and what goes into queue/lock/tcpto.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "scene.h"
#include "suite.h"

#define NO_CONNECTION "wasn't able to establish an SMTP connection. (#4.4.1)"

enum { TEXT_SIZE = 2000, LONG = 60 };

/* The longest timeoutdelivery that is tried: at 10 s a worse exchanger is
   called. */
enum { LIMIT_MAX = 8 };

static const struct peer_script says_554 = {
    .overrides = {{PEER_GREETING, .bytes = "554 no\r\n"}}};

/*
 * Servers from 127.0.0.2 on, each a digit, the preference of its exchanger,
 * and "+" for one that serves, "x" for a greeting of 554, "!" for one that
 * refuses, "-" for a silent one, "~" for one that is silent until another has
 * been called.  Who waits for a timeoutconnect is in the table afterwards.
 */
static const struct row {
	const char *servers;
	unsigned timeout_connect, timeout_delivery;
	char verdict;
	const char *text;
	const char *visits; /* NULL: whoever came, one of them spoke */
	const char *timed_out;
} rows[] = {
    {"1-1-1-1-1-1-1-1-1+", LONG, 0, 'K', "127.0.0.10 accepted", "127.0.0.10",
	""},
    {"1~1x2+", LONG, 0, 'K', "127.0.0.2 accepted", "127.0.0.3 127.0.0.2", ""},
    {"1!1!2+", LONG, 0, 'K', "127.0.0.4 accepted", "127.0.0.4", ""},
    {"1~1+", LONG, 0, 'K', " accepted message.", NULL, ""},
    {"1-2+", 1, 0, 'K', "127.0.0.3 accepted", "127.0.0.3", "2"},
    {"1-1-", 1, 0, 'Z', NO_CONNECTION, "", "2 3"},
    {"1-", LONG, 1, 'Z', NO_CONNECTION, "", ""},
    {"1-2+", LONG, 1, 'Z', NO_CONNECTION, "", ""},
    {"1x2-3+", LONG, 1, 'Z', "554 no", "127.0.0.2", ""},
};

static void furnish(struct scene *scene, const struct row *row, unsigned limit,
    char zone[TEXT_SIZE], char addresses[SCENE_SERVERS][16])
{
	size_t count = strlen(row->servers) / 2, length = 0;

	for (size_t i = 0; i < count; i++) {
		int preference = row->servers[2 * i] - '0';
		char letter = row->servers[2 * i + 1];

		snprintf(
		    addresses[i], sizeof addresses[i], "127.0.0.%zu", i + 2);
		scene->servers[i] =
		    (struct peer_address){.address = addresses[i],
			.kind = letter == '!'	? PEER_REFUSES
				: letter == '-' ? PEER_BLACKHOLE
				: letter == '~' ? PEER_LATE
						: PEER_SERVES,
			.script = letter == 'x' ? &says_554 : NULL,
			.after = 1};
		if (i == 0 || row->servers[2 * i - 2] != row->servers[2 * i])
			length += (size_t)snprintf(zone + length,
			    TEXT_SIZE - length, "a.test MX %d mx%d.a.test\n",
			    preference, preference);
		length += (size_t)snprintf(zone + length, TEXT_SIZE - length,
		    "mx%d.a.test A %s\n", preference, addresses[i]);
	}
	scene->zone = zone;
	scene_furnish(scene);
	scene_control(scene, "timeoutconnect", "%u\n", row->timeout_connect);
	scene_control(scene, "timeoutdelivery", "%u\n", limit);
}

/* The last octets of the addresses in the table. */
static void expect_timed_out(const struct scene *scene, const char *expected)
{
	struct bytes table;
	char text[TEXT_SIZE] = "";

	home_tcpto(&scene->home, &table);
	for (size_t i = 0; i + 16 <= table.length; i += 16) {
		size_t length = strlen(text);

		if (table.data[i + 4] > 0)
			snprintf(text + length, sizeof text - length, "%s%d",
			    length > 0 ? " " : "", table.data[i + 3]);
	}
	ck_assert_str_eq(text, expected);
	bytes_free(&table);
}

static void check(const struct scene *scene, const struct row *row)
{
	size_t spoken = 0;

	scene_expect(scene, row->verdict, row->text);
	if (row->visits != NULL)
		scene_expect_visits(scene, row->visits);
	for (size_t i = 0; i < scene->transcript->count; i++)
		spoken += transcript_count(&scene->transcript->connections[i],
			      PEER_EHLO) > 0;
	ck_assert_uint_eq(spoken, row->verdict == 'K');
}

/*
 * Returns false when this timeoutdelivery was over before it came to what the
 * row is about, as it may be on a busy machine.
 */
static bool play_within(const struct row *row, unsigned limit)
{
	char zone[TEXT_SIZE], addresses[SCENE_SERVERS][16];
	struct scene scene = {0};
	bool reached;

	furnish(&scene, row, limit, zone, addresses);
	scene_play(&scene, "a.test");
	reached = limit == 0 || outcome_says(&scene.outcome, row->text);
	if (reached)
		check(&scene, row);
	else
		scene_expect(&scene, 'Z', "");
	expect_timed_out(&scene, row->timed_out);
	scene_free(&scene);
	return reached;
}

static void play(size_t number)
{
	const struct row *row = &rows[number];
	unsigned limit = row->timeout_delivery;

	while (!play_within(row, limit)) {
		limit *= 2;
		ck_assert_uint_le(limit, LIMIT_MAX);
	}
}

START_TEST(row_by_row)
{
	suite_at_once(COUNT(rows), play);
}
END_TEST

LOOPBACK_SUITE("deliver-dial")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, row_by_row);
}
