/* SPDX-License-Identifier: ISC */
/*
 * Servers that take the message slowly, in clear and under TLS.  How fast this
 * machine is does not matter: what is too slow is so by far, and what is not
 * has no limit that counts.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"
#include "tls-bench.h"

#define DIED "r\0ZConnected to 127.0.0.1 but connection died. (#4.4.2)\n"
#define LINE "This line has 32 octets, as sent\n"
#define SECOND 1000000 /* microseconds */

/* Some 20 kilobytes a second. */
static const struct peer_script slow = {.capabilities = "STARTTLS",
    .read_size = 2048,
    .read_pause = 100,
    .receive_buffer = 4096,
    .digest = true};

/*
 * Some 200 kilobytes a second: many times minrate, but all that the kernel has
 * room for takes longer than timeoutremote, and that is not the server's fault.
 */
static const struct peer_script steady = {.capabilities = "STARTTLS",
    .read_size = 20480,
    .read_pause = 100,
    .receive_buffer = 32768,
    .digest = true};

enum { SOME_LINES = 3000, STEADY_LINES = 60000, MANY_LINES = 500000 };

static const struct row {
	const char *minrate, *timeout;
	size_t lines;
	bool given_up;
	const struct peer_script *script;
} rows[] = {
    {"1000000\n", "2\n", MANY_LINES, true, &slow},
    {"0\n", "20\n", SOME_LINES, false, &slow},
    {"1000000\n", "0\n", SOME_LINES, false, &slow},
    {NULL, "20\n", SOME_LINES, false, &slow},
    {"20000\n", "4\n", STEADY_LINES, false, &steady},
};

static void play(size_t number)
{
	const struct row *row = &rows[number / 2];
	struct delivery delivery = {
	    .message = LINE, .repeat = row->lines, .seconds = 60};
	struct peer_script script = *row->script;
	struct scene scene = {0};
	struct tls_bench bench;

	scene_furnish(&scene);
	scene_control(&scene, "timeoutremote", "%s", row->timeout);
	if (row->minrate != NULL)
		scene_control(&scene, "minrate", "%s", row->minrate);
	if (number % 2 > 0) {
		tls_bench_make(&bench, &scene);
		script.tls = tls_bench_serve(&bench, TLS_ADDRESSES, NULL);
	}
	clear_play(&scene, &script, &delivery);
	if (row->given_up) {
		CLEAR_EXPECT(&scene, DIED);
		ck_assert_int_gt(scene.outcome.elapsed, SECOND);
		ck_assert_uint_eq(scene_messages(&scene), 0);
	} else {
		scene_expect(&scene, 'K', "accepted message");
		ck_assert_uint_eq(scene_messages(&scene), 1);
	}
	if (number % 2 > 0)
		tls_bench_free(&bench);
	scene_free(&scene);
}

START_TEST(slow_servers)
{
	suite_at_once(2 * COUNT(rows), play);
}
END_TEST

LOOPBACK_SUITE("deliver-pace")
{
	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, slow_servers);
}
