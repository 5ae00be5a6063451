/* SPDX-License-Identifier: ISC */
/*
 * Servers that fall silent, vanish, drag on or talk without end, at each
 * moment of the dialogue, with and without PIPELINING.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define DIED "ZConnected to 127.0.0.1 but connection died. (#4.4.2)\n"
#define DUPLICATE                                                              \
	"ZConnected to 127.0.0.1 but connection died. Possible duplicate! "    \
	"(#4.4.2)\n"
#define SECOND 1000000 /* microseconds */

enum { REMOTE_MAX = 5000, LONG_LINE = 18 << 20, LARGE = 16 << 20 };

static const enum peer_stage stages[] = {PEER_GREETING, PEER_EHLO, PEER_HELO,
    PEER_MAIL, PEER_RCPT, PEER_DATA, PEER_DOT, PEER_QUIT};

/* How a server can leave us without a whole reply, at once. */
static const struct peer_override breaks[] = {
    {.action = PEER_DROP},
    {.action = PEER_DROP, .bytes = "25"},
    {.action = PEER_DROP, .bytes = "250-ok\r\n250 o"},
    {.action = PEER_HALF_CLOSE, .bytes = "550"},
    {.action = PEER_RESET},
    {.action = PEER_RESET, .bytes = "550-no\r\n"},
};

/* And how it can take more time than there is. */
static const struct peer_override delays[] = {
    {.action = PEER_STALL},
    {.action = PEER_STALL, .bytes = "250-ok\r\n250"},
    {.action = PEER_DEAF},
    {.action = PEER_SAY_SLOWLY, .ms = 300, .bytes = "250 in a moment\r\n"},
    {.action = PEER_FLOOD, .ms = 50, .bytes = "2"},
    {.action = PEER_FLOOD, .ms = 50, .bytes = "250-wait\r\n"},
};

static struct peer_script script_with(
    const struct peer_override *override, enum peer_stage at, bool pipelining)
{
	struct peer_script script = {.overrides = {*override}};

	script.overrides[0].at = at;
	/* Not so soon that connecting itself would fail. */
	if (at == PEER_GREETING && override->action == PEER_RESET)
		script.overrides[0].ms = 500;
	if (at == PEER_HELO)
		script.overrides[1] = (struct peer_override){
		    .at = PEER_EHLO, .bytes = "502 what?\r\n"};
	/* Who hangs up on EHLO is called once more, with HELO. */
	if (at == PEER_EHLO) {
		script.overrides[1] = *override;
		script.overrides[1].at = PEER_HELO;
	}
	if (pipelining)
		script.capabilities = "PIPELINING";
	return script;
}

/* At the final dot the message may have been accepted. */
static void expect_died(const struct scene *scene, enum peer_stage at)
{
	switch (at) {
	case PEER_DATA: CLEAR_EXPECT(scene, "r\0" DIED); break;
	case PEER_DOT: CLEAR_EXPECT(scene, "r\0" DUPLICATE); break;
	case PEER_QUIT: CLEAR_EXPECT(scene, "r\0" CLEAR_ACCEPTED); break;
	default: CLEAR_EXPECT(scene, DIED);
	}
}

START_TEST(breaks_off)
{
	for (size_t i = 0; i < 2 * COUNT(stages); i++) {
		enum peer_stage at = stages[i / 2];
		struct peer_script script =
		    script_with(&breaks[_i], at, i % 2 > 0);
		struct scene scene = {0};

		clear_play(&scene, &script, NULL);
		expect_died(&scene, at);
		ck_assert_uint_eq(scene.transcript->count,
		    at == PEER_EHLO && breaks[_i].bytes == NULL ? 2 : 1);
		scene_free(&scene);
	}
}
END_TEST

static int delay_number;

static void be_patient(size_t number)
{
	enum peer_stage at = stages[number / 2];
	struct peer_script script =
	    script_with(&delays[delay_number], at, number % 2 > 0);
	struct scene scene = {0};

	scene_furnish(&scene);
	scene_control(&scene, "timeoutremote", "3\n");
	clear_play(&scene, &script, NULL);
	expect_died(&scene, at);
	if (at != PEER_QUIT)
		ck_assert_int_gt(scene.outcome.elapsed, SECOND / 2);
	scene_free(&scene);
}

START_TEST(takes_too_long)
{
	delay_number = _i;
	suite_at_once(2 * COUNT(stages), be_patient);
}
END_TEST

/* The time is for each reply, not for all of them. */
static void reply_late(size_t number)
{
	struct peer_script script = {
	    .capabilities = number > 0 ? "PIPELINING" : NULL,
	    .overrides = {{PEER_MAIL, .action = PEER_SAY_SLOWLY, .ms = 120,
			      .bytes = "250 slow\r\n"},
		{PEER_RCPT, .action = PEER_SAY_SLOWLY, .ms = 120,
		    .bytes = "250 slow\r\n"},
		{PEER_DATA, .action = PEER_SAY_SLOWLY, .ms = 120,
		    .bytes = "354 slow\r\n"}}};
	struct scene scene = {0};

	scene_furnish(&scene);
	scene_control(&scene, "timeoutremote", "3\n");
	clear_play(&scene, &script, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	ck_assert_int_gt(scene.outcome.elapsed, 3 * SECOND);
	scene_free(&scene);
}

START_TEST(each_reply_has_its_time)
{
	suite_at_once(2, reply_late);
}
END_TEST

/* How a stage calls what never ends, and what has been reported before. */
static const struct flood {
	enum peer_stage at;
	const char *unit;   /* of what is repeated; five bytes as shown */
	const char *before; /* "r", or nothing */
	const char *text;
} floods[] = {
    {PEER_GREETING, "220-\r\n", "",
	"ZConnected to 127.0.0.1 but greeting "
	"failed.\n"},
    {PEER_EHLO, "250-\r\n", "",
	"ZConnected to 127.0.0.1 but my name was "
	"rejected.\n"},
    {PEER_HELO, "250-\r\n", "",
	"ZConnected to 127.0.0.1 but my name was "
	"rejected.\n"},
    {PEER_MAIL, "550-\r\n", "",
	"ZConnected to 127.0.0.1 but it does not "
	"speak SMTP. (#4.5.0)\n"},
    {PEER_RCPT, "550-\n", "",
	"ZConnected to 127.0.0.1 but it does not "
	"speak SMTP. (#4.5.0)\n"},
    {PEER_DATA, "354-\r\n", "r",
	"ZConnected to 127.0.0.1 but it does not "
	"speak SMTP. (#4.5.0)\n"},
    {PEER_DOT, "250-\r\n", "r",
	"ZConnected to 127.0.0.1 but it does not "
	"speak SMTP. Possible duplicate! (#4.5.0)\n"},
    /* One line without an end. */
    {PEER_GREETING, "xxxxx", "",
	"ZConnected to 127.0.0.1 but greeting "
	"failed.\n"},
    {PEER_MAIL, "99999", "",
	"ZConnected to 127.0.0.1 but it does not "
	"speak SMTP. (#4.5.0)\n"},
    {PEER_DOT, "25025", "r",
	"ZConnected to 127.0.0.1 but it does not "
	"speak SMTP. Possible duplicate! (#4.5.0)\n"},
};

static void expect_flooded(const struct scene *scene, const struct flood *flood)
{
	struct bytes expected = {0};
	size_t shown = 0;

	if (*flood->before != '\0')
		bytes_add(&expected, flood->before, 2);
	bytes_add_text(&expected, flood->text);
	bytes_add_text(&expected, CLEAR_SAID);
	for (size_t i = 0; shown < REMOTE_MAX; i++) {
		char byte = flood->unit[i % strlen(flood->unit)];

		if (byte != '\r') {
			bytes_add(&expected, &byte, 1);
			shown++;
		}
	}
	bytes_add(&expected, "", 1);
	clear_expect(scene, expected.data, expected.length);
	bytes_free(&expected);
}

/* It takes neither memory nor time without limit. */
START_TEST(never_ends)
{
	const struct flood *flood = &floods[_i];
	struct peer_override override = {
	    .action = PEER_FLOOD, .bytes = flood->unit};
	struct peer_script script = script_with(&override, flood->at, false);
	struct scene scene = {0};

	clear_play(&scene, &script, NULL);
	expect_flooded(&scene, flood);
	ck_assert_int_lt(
	    scene.outcome.memory, scene.outcome.memory_before + LARGE / 1024);
	scene_free(&scene);
}
END_TEST

/* A line that is good as far as it goes, but goes too far. */
START_TEST(line_of_18_megabytes)
{
	static const enum peer_stage at[] = {PEER_EHLO, PEER_RCPT, PEER_DOT};
	static const char *const letters[] = {"Z", "Z", "rZ"};
	char *line = malloc(LONG_LINE);
	struct peer_override override = {.bytes = line, .length = LONG_LINE};
	struct peer_script script = script_with(&override, at[_i], true);
	struct scene scene = {0};

	ck_assert_ptr_nonnull(line);
	memset(line, 'a', LONG_LINE);
	memcpy(line, "250 ", 4);
	clear_play(&scene, &script, NULL);
	ck_assert(outcome_well_formed(&scene.outcome));
	ck_assert_str_eq(scene.outcome.letters, letters[_i]);
	ck_assert_int_lt(
	    scene.outcome.memory, scene.outcome.memory_before + LARGE / 1024);
	scene_free(&scene);
	free(line);
}
END_TEST

/* A line that is long, but ends, is a reply. */
START_TEST(line_of_100_kilobytes)
{
	enum { LENGTH = 100000 };
	static char line[LENGTH + 3];
	struct peer_override override = {.bytes = line};
	struct peer_script script = script_with(&override, PEER_DOT, _i > 0);
	struct bytes expected = {0};
	struct scene scene = {0};

	memset(line, 'a', LENGTH);
	memcpy(line, "250 ", 4);
	memcpy(line + LENGTH, "\r\n", 3);
	clear_play(&scene, &script, NULL);
	bytes_add(&expected, "r", 2);
	bytes_add_text(&expected, "K127.0.0.1 accepted message.\n" CLEAR_SAID);
	bytes_add(&expected, line, REMOTE_MAX);
	bytes_add(&expected, "", 1);
	clear_expect(&scene, expected.data, expected.length);
	bytes_free(&expected);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-breaks")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, breaks_off, 0, COUNT(breaks));
	tcase_add_loop_test(tcase, takes_too_long, 0, COUNT(delays));
	tcase_add_test(tcase, each_reply_has_its_time);
	tcase_add_loop_test(tcase, never_ends, 0, COUNT(floods));
	tcase_add_loop_test(tcase, line_of_18_megabytes, 0, 3);
	tcase_add_loop_test(tcase, line_of_100_kilobytes, 0, 2);
}
