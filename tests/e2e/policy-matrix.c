/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a message at each level of control/tlspolicy with each kind
 * of server, whatever tlsstrictness says beside it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"
#include "tlsa-text.h"

enum { STRICTNESSES = 3 };

enum travel {
	CLEAR,	     /* over the connection that was made first */
	CLEAR_AGAIN, /* over a second connection */
	VERIFIED,
	PINNED,
	UNVERIFIED,
	NEVER,	 /* a report Z, and nothing of the envelope was said */
	UNCALLED /* a report Z, and nobody was called */
};

static const struct server {
	enum tls_identity identity;
	const char *capabilities; /* NULL: STARTTLS */
	struct peer_override override;
	const char *text; /* what is wrong with it */
} servers[] = {
    {.capabilities = "PIPELINING", .text = "does not offer STARTTLS"},
    {.override = {.at = PEER_STARTTLS, .bytes = "454 4.7.0 not now\r\n"},
	.text = "STARTTLS was refused"},
    {.override = {.at = PEER_HANDSHAKE, .action = PEER_DROP},
	.text = "the server closed the connection"},
    {.override = {.at = PEER_EHLO_TLS, .action = PEER_DROP},
	.text = "the server closed the connection"},
    {.override = {.at = PEER_STARTTLS, .bytes = "220 go\r\n250 x\r\n"},
	.text = "it said more than an answer to STARTTLS"},
    {.identity = TLS_EXPIRED, .text = "certificate of mx.a.test expired on 20"},
    {.identity = TLS_WRONG_NAME, .text = "is not for mx.a.test but for"},
    {.identity = TLS_SELF_SIGNED, .text = "of mx.a.test is self-signed"},
    {.identity = TLS_UNKNOWN_CA, .text = "is not trusted: CN=Strange CA"},
    {.identity = TLS_GOOD, .text = ""},
};

enum { SERVERS = COUNT(servers) };

static const struct level {
	const char *words; /* NULL: no line; %s stands for the pin */
	bool other_pin;
	const char *text; /* in place of what is wrong with the certificate */
	/* In the order of servers: without TLS, refused, three times failed,
	   then the certificates. */
	enum travel travels[SERVERS];
} levels[] = {
    {.words = "none",
	.travels = {CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR,
	    CLEAR, CLEAR}},
    {.words = "may",
	.travels = {CLEAR, CLEAR, CLEAR_AGAIN, CLEAR_AGAIN, CLEAR_AGAIN,
	    UNVERIFIED, UNVERIFIED, UNVERIFIED, UNVERIFIED, VERIFIED}},
    {.words = "prefer",
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, CLEAR_AGAIN, CLEAR_AGAIN,
	    CLEAR_AGAIN, UNVERIFIED, UNVERIFIED, UNVERIFIED, UNVERIFIED,
	    VERIFIED}},
    {.words = "encrypt",
	.travels = {NEVER, NEVER, NEVER, NEVER, NEVER, UNVERIFIED, UNVERIFIED,
	    UNVERIFIED, UNVERIFIED, VERIFIED}},
    {.words = "verify",
	.travels = {NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
	    NEVER, VERIFIED}},
    {.words = "secure",
	.travels = {NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
	    NEVER, VERIFIED}},
    {.words = "fingerprint pin=%s",
	.travels = {NEVER, NEVER, NEVER, NEVER, NEVER, PINNED, PINNED, PINNED,
	    PINNED, PINNED}},
    {.words = "fingerprint pin=%s",
	.other_pin = true,
	.text = "the key of mx.a.test is none of those of pin=",
	.travels = {NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
	    NEVER, NEVER}},
    {.words = "dane",
	.travels = {CLEAR, CLEAR, CLEAR_AGAIN, CLEAR_AGAIN, CLEAR_AGAIN,
	    UNVERIFIED, UNVERIFIED, UNVERIFIED, UNVERIFIED, VERIFIED}},
    {.words = "dane-only",
	.travels = {UNCALLED, UNCALLED, UNCALLED, UNCALLED, UNCALLED, UNCALLED,
	    UNCALLED, UNCALLED, UNCALLED, UNCALLED}},
    {.words = "may requiretls", /* which no server here offers */
	.text = "REQUIRETLS",
	.travels = {NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
	    NEVER, NEVER}},
};

enum { LEVELS = COUNT(levels) };

/* Those without a line, by tlsstrictness, are other levels. */
static const enum travel *travels_of(int level, int strictness)
{
	static const int same[STRICTNESSES] = {1, 2, 4};

	return levels[level < LEVELS ? level : same[strictness]].travels;
}

static void write_policy(const struct scene *scene, int level, const char *pin)
{
	if (level < LEVELS)
		scene_control(scene, "tlspolicy",
		    "# comment\nother.test:none\na.test:%.*s%s\n",
		    (int)strcspn(levels[level].words, "%"), levels[level].words,
		    strchr(levels[level].words, '%') != NULL ? pin : "");
}

static char *pin_for(
    const struct tls_bench *bench, const struct cert *cert, int level)
{
	return tlsa_text_pin(
	    level < LEVELS && levels[level].other_pin ? bench->ca : cert);
}

/* Whether the level finds something wrong after a handshake that was good. */
static bool is_wrong_by_level(const struct server *server, int level)
{
	bool shaken = server->capabilities == NULL &&
		      server->override.at != PEER_STARTTLS &&
		      server->override.at != PEER_HANDSHAKE;

	if (level == LEVELS || levels[level].text == NULL || !shaken)
		return false;
	return levels[level].other_pin || *server->text == '\0';
}

static void expect_never(const struct scene *scene, const struct server *server,
    int level, bool called)
{
	scene_expect(scene, 'Z', "(#4.7.");
	ck_assert_uint_eq(scene->transcript->count, called);
	if (called)
		scene_expect(scene, 'Z',
		    is_wrong_by_level(server, level) ? levels[level].text
						     : server->text);
	if (level < LEVELS) {
		scene_expect(scene, 'Z', TLS_HOST);
		scene_expect(scene, 'Z', "control/tlspolicy line 3");
	} else {
		scene_expect(scene, 'Z', scene->servers[0].address);
		ck_assert(!outcome_says(&scene->outcome, "tlspolicy"));
	}
}

static void expect_tls(const struct scene *scene, const char *ending)
{
	scene_expect(scene, 'K', ending);
	scene_expect(scene, 'K', "TLS1.");
	ck_assert_uint_eq(scene->transcript->count, 1);
	ck_assert(scene->transcript->connections[0].tls);
}

static void expect_clear(const struct scene *scene, size_t connections)
{
	scene_expect(scene, 'K', "");
	ck_assert(!outcome_says(&scene->outcome, "TLS1."));
	ck_assert_uint_eq(scene->transcript->count, connections);
}

static void check_travel(const struct scene *scene, enum travel travel,
    const struct server *server, int level)
{
	if (travel != CLEAR && travel != CLEAR_AGAIN)
		tls_bench_expect_private(scene);
	ck_assert_uint_eq(
	    scene_messages(scene), travel != NEVER && travel != UNCALLED);
	switch (travel) {
	case CLEAR: expect_clear(scene, 1); break;
	case CLEAR_AGAIN: expect_clear(scene, 2); break;
	case VERIFIED: expect_tls(scene, ", verified " TLS_HOST "\n"); break;
	case PINNED: expect_tls(scene, ", verified " TLS_HOST ", pin\n"); break;
	case UNVERIFIED:
		expect_tls(scene, ", unverified (");
		expect_tls(scene, server->text);
		break;
	case NEVER: expect_never(scene, server, level, true); break;
	case UNCALLED: expect_never(scene, server, level, false); break;
	}
}

static void play(const struct server *server, int level, int strictness)
{
	struct peer_script script = {.capabilities = server->capabilities,
	    .overrides = {server->override}};
	struct scene scene = {.zone = TLS_ZONE "* * !signed\n",
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct tls_bench bench;
	struct cert *cert;
	char *pin;

	if (script.capabilities == NULL)
		script.capabilities = "PIPELINING\nSTARTTLS";
	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	cert = tls_bench_cert(&bench, server->identity);
	pin = pin_for(&bench, cert, level);
	script.tls = tls_bench_show(
	    &bench, (const struct cert *const[]){cert, NULL}, NULL);
	scene_control(&scene, "tlsstrictness", "%d\n", strictness);
	write_policy(&scene, level, pin);
	scene_play(&scene, "a.test");
	check_travel(&scene, travels_of(level, strictness)[server - servers],
	    server, level);
	scene_free(&scene);
	free(pin);
	certs_free(cert);
	tls_bench_free(&bench);
}

START_TEST(matrix)
{
	int level = _i / SERVERS;

	for (int strictness = 0; strictness < STRICTNESSES; strictness++)
		play(&servers[_i % SERVERS], level, strictness);
}
END_TEST

LOOPBACK_SUITE("policy-matrix")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, matrix, 0, (LEVELS + 1) * SERVERS);
}
