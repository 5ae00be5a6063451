/* SPDX-License-Identifier: ISC */
/*
 * More exchangers than anybody needs, and loop protection while part of the
 * answers is missing.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "bytes.h"
#include "scene.h"
#include "suite.h"

enum { MANY = 180, ENOUGH = 24 };

/* The most preferred come last, and only they have addresses. */
static void make_zone(struct bytes *zone)
{
	char line[128];

	for (int i = MANY; i > 0; i--) {
		snprintf(line, sizeof line, "a.test MX %d mx%d.a.test\n", i, i);
		bytes_add_text(zone, line);
	}
	bytes_add_text(zone, "mx1.a.test A 127.0.0.2\nmx2.a.test A "
			     "127.0.0.3\nmx3.a.test A 127.0.0.4\n");
}

START_TEST(many_exchangers)
{
	struct scene scene = {0};
	struct bytes zone = {0};
	size_t asked;

	make_zone(&zone);
	scene.zone = zone.data;
	scene_crowd(&scene);
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z', "421 4.3.2 busy\n");
	scene_expect_visits(&scene, "127.0.0.2 127.0.0.3 127.0.0.4");
	asked = 0;
	for (int i = 1; i <= MANY; i++) {
		char name[32];

		snprintf(name, sizeof name, "mx%d.a.test", i);
		asked += dns_queries(scene.dns, name, "A") > 0;
	}
	ck_assert_uint_ge(asked, 3);
	ck_assert_uint_le(asked, ENOUGH);
	scene_free(&scene);
	bytes_free(&zone);
}
END_TEST

/*
 * This machine is all that is left, but a better exchanger may be among those
 * that were not found out: mail waits.
 */
static const struct row {
	const char *zone;
	char verdict;
	const char *text;
} rows[] = {
    {"a.test MX 10 mx1.a.test\na.test MX 20 own.test\n"
     "own.test A 127.0.0.1\nmx1.a.test * !servfail\n",
	'Z', "Sorry, I couldn't find any host by that name. (#4.1.2)\n"},
    {"a.test MX 10 mx1.a.test\na.test MX 20 own.test\n"
     "own.test A 127.0.0.1\nmx1.a.test * !nodata\n",
	'D', "so I don't treat it as local. (#5.4.6)\n"},
    {"a.test MX 10 mx1.a.test\na.test MX 20 own.test\n"
     "own.test A 127.0.0.1\n",
	'D', "so I don't treat it as local. (#5.4.6)\n"},
};

START_TEST(only_own_is_left)
{
	struct scene scene = {.zone = rows[_i].zone};

	scene_play(&scene, "a.test");
	scene_expect(&scene, rows[_i].verdict, rows[_i].text);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("resolve-limits")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, many_exchangers);
	tcase_add_loop_test(tcase, only_own_is_left, 0, (int)COUNT(rows));
}
