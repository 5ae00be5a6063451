/* SPDX-License-Identifier: ISC */
/*
 * Sessions in clear because TLS was refused or failed, or could not be asked
 * for: whatever is refused in them, or lacking, is no reason for a bounce, and
 * the report says why there was no TLS.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"
#include "tls-bench.h"

#define LIST(...)                                                              \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define REFUSED "Connected to 127.0.0.1 but STARTTLS was refused. (#4.7.0)\n"
#define MISSED                                                                 \
	"Connected to 127.0.0.1 but 127.0.0.1 does not offer STARTTLS. "       \
	"(#4.7.0)\n"
#define DIED "Connected to 127.0.0.1 but connection died. (#4.4.2)\n"
#define FAILED "Connected to 127.0.0.1 but TLS with 127.0.0.1 failed: "

/* How TLS comes to nothing, and the words for it. */
static const struct way {
	struct peer_override overrides[2];
	const char *reason;
	bool helo; /* there are no extensions, which may lack something */
} ways[] = {
    {{{PEER_STARTTLS, .bytes = "454 4.7.0 not now\r\n"}},
	REFUSED CLEAR_SAID "454 4.7.0 not now\n", false},
    {{{PEER_STARTTLS, .bytes = "502 what?\r\n"}}, REFUSED CLEAR_SAID, false},
    {{{PEER_STARTTLS, .bytes = "220 go\r\n"},
	 {PEER_HANDSHAKE, .action = PEER_DROP}},
	FAILED, false},
    {{{PEER_STARTTLS, .bytes = "220 go\r\n"},
	 {PEER_HANDSHAKE, .action = PEER_RESET}},
	FAILED, false},
    {{{PEER_EHLO, .bytes = "451 4.3.0 busy\r\n"}},
	MISSED CLEAR_SAID "451 4.3.0 busy\n", true},
    {{{PEER_EHLO, .action = PEER_DROP}}, DIED, true},
};

static struct peer_script script_for(
    const struct way *way, const char *capabilities)
{
	return (struct peer_script){.capabilities = capabilities,
	    .overrides = {way->overrides[0], way->overrides[1]}};
}

/* With trust anchors, so that TLS is tried: at strictness 1 in a first pass. */
static void play(struct scene *scene, const struct peer_script *script,
    const struct delivery *delivery, size_t strictness)
{
	struct tls_bench bench;

	scene_furnish(scene);
	scene_control(scene, "tlsstrictness", "%zu\n", strictness);
	tls_bench_make(&bench, scene);
	clear_play(scene, script, delivery);
	tls_bench_free(&bench);
}

static const char *const codes[] = {
    "450 4.0.0 x", "530 5.7.0 x", "550 5.1.1 x", "552 5.3.4 x", "599 x"};

/* Each command, and the reports when the server refuses it. */
static const struct refusal {
	enum peer_stage at;
	const char *letters;
	size_t number; /* of the report that tells */
} refusals[] = {
    {PEER_MAIL, "Z", 0},
    {PEER_RCPT, "sZ", 0},
    {PEER_DATA, "rZ", 1},
    {PEER_DOT, "rZ", 1},
};

static void check_refusal(const struct way *way, const struct refusal *refusal,
    const char *code, size_t number)
{
	bool pipelining = number % 2 > 0;
	struct peer_script script =
	    script_for(way, pipelining ? "STARTTLS\nPIPELINING" : "STARTTLS");
	struct scene scene = {0};
	char reply[32], expected[256];

	snprintf(reply, sizeof reply, "%s\r\n", code);
	snprintf(expected, sizeof expected, "\n" CLEAR_SAID "%s\n%s", code,
	    way->reason);
	script.overrides[2] =
	    (struct peer_override){refusal->at, .bytes = reply};
	play(&scene, &script, NULL, number / 2 % 2);
	ck_assert(outcome_well_formed(&scene.outcome));
	/* In stock even those that wait are given up for good, which their own
	   reports put right; here not even that. */
	ck_assert_str_eq(scene.outcome.letters, refusal->letters);
	ck_assert_ptr_nonnull(
	    strstr(scene.outcome.chunks[refusal->number].text, expected));
	scene_free(&scene);
}

START_TEST(refused)
{
	size_t number = (size_t)_i;
	const struct refusal *refusal = &refusals[number / COUNT(codes)];
	const char *code = codes[number % COUNT(codes)];

	for (size_t way = 0; way < COUNT(ways); way++)
		check_refusal(&ways[way], refusal, code, way + number);
}
END_TEST

/* What the server lacks in clear it may have under TLS. */
static const struct lack {
	const char *capabilities;
	struct delivery delivery;
	const char *letters;
	const char *text; /* of the first report, before the reason */
} lacks[] = {
    {"STARTTLS\nSIZE 5", {0}, "Z",
	"The message is larger than 127.0.0.1 takes now: 17 of at most 5 "
	"bytes. (#4.3.4)\n"},
    {"STARTTLS\nPIPELINING", {.recipients = LIST("\xc3\xa4@example.org")}, "sZ",
	"The recipient address ??@example.org needs SMTPUTF8, which the server "
	"does not offer now. (#4.6.7)\n"},
    {"STARTTLS", {.recipients = LIST("\xc3\xa4@example.org", "b@example.org")},
	"srK",
	"The recipient address ??@example.org needs SMTPUTF8, which the server "
	"does not offer now. (#4.6.7)\n"},
    {"STARTTLS", {.sender = "\xc3\xa4@example.org"}, "Z",
	"The sender address ??@example.org needs SMTPUTF8, which the server "
	"does not offer now. (#4.6.7)\n"},
};

START_TEST(lacking)
{
	const struct lack *lack = &lacks[_i];

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct peer_script script =
		    script_for(&ways[i], lack->capabilities);
		struct scene scene = {0};
		const char *text;

		if (ways[i].helo)
			continue;
		play(&scene, &script, &lack->delivery, (size_t)_i % 2);
		ck_assert(outcome_well_formed(&scene.outcome));
		ck_assert_str_eq(scene.outcome.letters, lack->letters);
		text = scene.outcome.chunks[0].text;
		ck_assert_ptr_eq(strstr(text, lack->text), text);
		text += strlen(lack->text);
		ck_assert_ptr_eq(strstr(text, ways[i].reason), text);
		scene_free(&scene);
	}
}
END_TEST

/* What is wrong with the mail itself stays wrong. */
static const struct wrong {
	struct delivery delivery;
	const char *letters;
} wrongs[] = {
    {{.message = "a\nb"}, "D"},
    {{.recipients = LIST("b\n@x")}, "hD"},
    {{.recipients = LIST("b\n@x", "b@example.org")}, "hrK"},
};

START_TEST(wrong_itself)
{
	struct peer_script script = script_for(&ways[0], "STARTTLS");
	struct scene scene = {0};

	play(&scene, &script, &wrongs[_i].delivery, 0);
	ck_assert(outcome_well_formed(&scene.outcome));
	ck_assert_str_eq(scene.outcome.letters, wrongs[_i].letters);
	scene_free(&scene);
}
END_TEST

/* What is accepted is reported as ever. */
START_TEST(accepted)
{
	struct peer_script script = script_for(&ways[_i], "STARTTLS");
	struct scene scene = {0};

	play(&scene, &script, NULL, 0);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	scene_free(&scene);
}
END_TEST

/*
 * EHLO refused for now and HELO taken: SMTPUTF8 may be there another time.
 * Where it was refused for good there is none.
 */
static const struct hello {
	const char *ehlo, *letters;
} hellos[] = {{"451 busy\r\n", "sZ"}, {"502 what?\r\n", "hD"}};

START_TEST(ehlo_refused)
{
	struct peer_script script = {
	    .overrides = {{PEER_EHLO, .bytes = hellos[_i].ehlo}}};
	struct scene scene = {0};

	clear_play(&scene, &script,
	    &(struct delivery){.recipients = LIST("\xc3\xa4@example.org")});
	ck_assert(outcome_well_formed(&scene.outcome));
	ck_assert_str_eq(scene.outcome.letters, hellos[_i].letters);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-doubt")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(
	    tcase, refused, 0, (int)(COUNT(refusals) * COUNT(codes)));
	tcase_add_loop_test(tcase, lacking, 0, (int)COUNT(lacks));
	tcase_add_loop_test(tcase, wrong_itself, 0, (int)COUNT(wrongs));
	tcase_add_loop_test(tcase, accepted, 0, (int)COUNT(ways));
	tcase_add_loop_test(tcase, ehlo_refused, 0, (int)COUNT(hellos));
}
