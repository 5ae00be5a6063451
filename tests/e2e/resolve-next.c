/* SPDX-License-Identifier: ISC */
/* Going on to the next server, and what is said when none is left. */
#include "config.h"

#include <string.h>

#include <check.h>

#include "scene.h"
#include "suite.h"

#define ZONE                                                                   \
	"a.test MX 10 mx1.a.test\na.test MX 20 mx2.a.test\n"                   \
	"mx1.a.test A 127.0.0.2\nmx2.a.test A 127.0.0.3\n"
#define UNCONNECTED                                                            \
	"Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n"
#define DIED " but connection died. (#4.4.2)\n"

/* Ways in which a server does not take part. */
enum way {
	REFUSES,
	BLACKHOLE,
	SAYS_554,
	SAYS_421,
	SAYS_GARBAGE,
	SAYS_TOO_MUCH,
	CLOSES,
	STALLS,
	NO_HELLO,
	EHLO_421,
	EHLO_GARBAGE,
	EHLO_502_421,
	EHLO_CLOSES,
	EHLO_RESETS,
	EHLO_STALLS,
	WAYS
};

static const struct {
	enum peer_kind kind;
	struct peer_override overrides[2];
	const char *report; /* for a server alone, after its address */
	int calls;	    /* to it; 0: one, if it can be called at all */
} ways[WAYS] = {
    [REFUSES] = {PEER_REFUSES, .report = UNCONNECTED},
    [BLACKHOLE] = {PEER_BLACKHOLE, .report = UNCONNECTED},
    [SAYS_554] = {.overrides = {{PEER_GREETING, .bytes = "554 5.7.1 go\r\n"}},
	.report = " but greeting failed.\n"
		  "Remote host said: 554 5.7.1 go\n"},
    [SAYS_421] = {.overrides = {{PEER_GREETING, .action = PEER_DROP,
		      .bytes = "421-a\r\n421 b\r\n"}},
	.report = " but greeting failed.\n"
		  "Remote host said: 421-a\n421 b\n"},
    [SAYS_GARBAGE] = {.overrides = {{PEER_GREETING, .bytes = "SSH-2.0-x\r\n"}},
	.report = " but greeting failed.\nRemote host said: SSH-2.0-x\n"},
    [SAYS_TOO_MUCH] = {.overrides = {{PEER_GREETING, .action = PEER_APPEND,
			   .bytes = "250 x\r\n"}},
	.report = " but it replied out of turn. (#4.5.0)\n"},
    [CLOSES] = {.overrides = {{PEER_GREETING, .action = PEER_DROP}},
	.report = DIED},
    [STALLS] = {.overrides = {{PEER_GREETING, .action = PEER_STALL,
		    .bytes = "220-a\r\n"}},
	.report = DIED},
    [NO_HELLO] = {.overrides = {{PEER_EHLO, .bytes = "502 no EHLO\r\n"},
		      {PEER_HELO, .bytes = "550 no HELO\r\n"}},
	.report = " but my name was rejected.\n"
		  "Remote host said: 550 no HELO\n"},
    [EHLO_421] = {.overrides = {{PEER_EHLO, .action = PEER_DROP,
		      .bytes = "421 bye\r\n"}},
	.report = " but my name was rejected.\n"
		  "Remote host said: 421 bye\n"},
    [EHLO_GARBAGE] = {.overrides = {{PEER_EHLO, .bytes = "hello\r\n"}},
	.report = " but my name was rejected.\nRemote host said: hello\n"},
    [EHLO_502_421] = {.overrides = {{PEER_EHLO, .action = PEER_DROP,
			  .bytes = "502 what?\r\n421 bye\r\n"}},
	.report = " but my name was rejected.\n"
		  "Remote host said: 421 bye\n"},
    [EHLO_CLOSES] = {.overrides = {{PEER_EHLO, .action = PEER_DROP},
			 {PEER_HELO, .action = PEER_DROP}},
	.calls = 2,
	.report = DIED},
    [EHLO_RESETS] = {.overrides = {{PEER_EHLO, .action = PEER_RESET},
			 {PEER_HELO, .action = PEER_RESET}},
	.calls = 2,
	.report = DIED},
    [EHLO_STALLS] = {.overrides = {{PEER_EHLO, .action = PEER_STALL}},
	.report = DIED},
};

static void start(struct scene *scene, const enum way chosen[2])
{
	struct peer_script scripts[2] = {0};

	for (size_t i = 0; i < 2 && chosen[i] < WAYS; i++) {
		memcpy(scripts[i].overrides, ways[chosen[i]].overrides,
		    sizeof ways[chosen[i]].overrides);
		scene->servers[i].kind = ways[chosen[i]].kind;
	}
	scene->servers[0].script = &scripts[0];
	scene->servers[1].script = &scripts[1];
	scene_furnish(scene);
	home_control(&scene->home, "timeoutconnect", "1\n");
	home_control(&scene->home, "timeoutremote", "1\n");
	scene_start(scene);
}

START_TEST(goes_on)
{
	const enum way chosen[2] = {(enum way)_i, WAYS};
	struct scene scene = {.zone = ZONE,
	    .servers = {{.address = "127.0.0.2"}, {.address = "127.0.0.3"}}};
	char visits[SCENE_VISITS];
	const char *expected =
	    ways[_i].calls > 1		   ? "127.0.0.2 127.0.0.2 127.0.0.3"
	    : ways[_i].kind == PEER_SERVES ? "127.0.0.2 127.0.0.3"
					   : "127.0.0.3";

	start(&scene, chosen);
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect(&scene, 'K', "127.0.0.3 accepted message.\n");
	ck_assert_uint_eq(scene_messages(&scene), 1);
	ck_assert_str_eq(scene_visits(&scene, visits), expected);
	scene_free(&scene);
}
END_TEST

/* Of two failures this one is reported. */
static const struct ending {
	enum way ways[2];
	int told;
} endings[] = {
    {{SAYS_554, SAYS_554}, 1},
    {{SAYS_554, SAYS_421}, 1},
    {{SAYS_554, NO_HELLO}, 1},
    {{NO_HELLO, SAYS_GARBAGE}, 1},
    {{EHLO_421, EHLO_GARBAGE}, 1},
    {{EHLO_502_421, REFUSES}, 0},
    {{SAYS_TOO_MUCH, SAYS_554}, 1},
    {{SAYS_554, SAYS_TOO_MUCH}, 1},
    {{SAYS_554, CLOSES}, 0},
    {{CLOSES, SAYS_554}, 1},
    {{SAYS_554, REFUSES}, 0},
    {{REFUSES, SAYS_554}, 1},
    {{SAYS_554, BLACKHOLE}, 0},
    {{NO_HELLO, EHLO_CLOSES}, 0},
    {{CLOSES, EHLO_CLOSES}, 1},
    {{EHLO_RESETS, REFUSES}, 0},
    {{REFUSES, EHLO_RESETS}, 1},
    {{EHLO_STALLS, REFUSES}, 0},
    {{REFUSES, REFUSES}, 1},
    {{BLACKHOLE, CLOSES}, 1},
};

START_TEST(none_left)
{
	static const char *const addresses[] = {"127.0.0.2", "127.0.0.3"};
	const struct ending *ending = &endings[_i];
	const char *report = ways[ending->ways[ending->told]].report;
	struct scene scene = {.zone = ZONE,
	    .servers = {{.address = addresses[0]}, {.address = addresses[1]}}};
	struct bytes expected = {0};

	start(&scene, ending->ways);
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	if (*report == ' ') {
		bytes_add_text(&expected, "Connected to ");
		bytes_add_text(&expected, addresses[ending->told]);
	}
	bytes_add_text(&expected, report);
	scene_expect(&scene, 'Z', "");
	ck_assert_str_eq(scene.outcome.chunks[0].text, expected.data);
	ck_assert_uint_eq(scene_messages(&scene), 0);
	bytes_free(&expected);
	scene_free(&scene);
}
END_TEST

/* A server that hangs up on EHLO is called once more, with HELO alone. */
START_TEST(older_than_ehlo)
{
	static const enum way hang_ups[] = {EHLO_CLOSES, EHLO_RESETS};
	struct peer_script script = {
	    .overrides = {ways[hang_ups[_i]].overrides[0]}};
	struct scene scene = {.zone = ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script},
		{.address = "127.0.0.3"}}};

	scene_play(&scene, "a.test");
	scene_expect(&scene, 'K', "127.0.0.2 accepted message.\n");
	scene_expect_visits(&scene, "127.0.0.2 127.0.0.2");
	scene_free(&scene);
}
END_TEST

/* After the hand-over it is too late for another server. */
START_TEST(settled)
{
	static const struct peer_script script = {
	    .overrides = {{PEER_MAIL, .action = PEER_DROP}}};
	struct scene scene = {.zone = ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script},
		{.address = "127.0.0.3"}}};

	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z', "Connected to 127.0.0.2" DIED);
	scene_expect_visits(&scene, "127.0.0.2");
	scene_free(&scene);
}
END_TEST

/* Servers that keep silent one after the other are not all waited for. */
START_TEST(patience)
{
	const enum way chosen[2] = {STALLS, WAYS};
	struct scene scene = {.zone = ZONE,
	    .servers = {{.address = "127.0.0.2"}, {.address = "127.0.0.3"}}};

	start(&scene, chosen);
	scene_control(&scene, "timeoutdelivery", "1\n");
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect(&scene, 'Z', "Connected to 127.0.0.2" DIED);
	scene_expect_visits(&scene, "127.0.0.2");
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("resolve-next")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, goes_on, 0, WAYS);
	tcase_add_loop_test(tcase, none_left, 0, (int)COUNT(endings));
	tcase_add_loop_test(tcase, older_than_ehlo, 0, 2);
	tcase_add_test(tcase, settled);
	tcase_add_test(tcase, patience);
}
