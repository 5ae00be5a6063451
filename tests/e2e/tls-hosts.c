/* SPDX-License-Identifier: ISC */
/* Exchangers that differ in their TLS, at each tlsstrictness. */
#include "config.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"

enum { HOSTS = 3 };

#define ZONE                                                                   \
	"a.test MX 1 mx1.a.test\na.test MX 2 mx2.a.test\n"                     \
	"a.test MX 3 mx3.a.test\nmx1.a.test A 127.0.0.2\n"                     \
	"mx2.a.test A 127.0.0.3\nmx3.a.test A 127.0.0.4\n"

enum kind {
	GOOD,
	SELF_SIGNED,
	PLAIN,
	BROKEN,
	INJECTING,
	BUSY,
	GONE,
	/* They are not themselves for once, in the first connection. */
	ONCE_421,
	ONCE_DROP,
	ONCE_LATE_421,
	ONCE_EHLO_421,
	ONCE_EHLO_451,
	ONCE_EHLO_502,
	ONCE_PLAIN,
	ONCE_EHLO_DROP,
	ONCE_EHLO_RESET,
	KINDS
};

#define ONCE .connection = 1

static const struct {
	enum tls_identity identity;
	const char *capabilities;
	enum peer_kind kind;
	struct peer_override override;
} kinds[KINDS] = {
    [GOOD] = {.identity = TLS_WILDCARD, .capabilities = "STARTTLS"},
    [SELF_SIGNED] = {.identity = TLS_SELF_SIGNED, .capabilities = "STARTTLS"},
    [PLAIN] = {.identity = TLS_GOOD, .capabilities = "PIPELINING"},
    [BROKEN] = {TLS_GOOD, "STARTTLS",
	.override = {PEER_HANDSHAKE, .action = PEER_DROP}},
    [INJECTING] = {TLS_GOOD, "STARTTLS",
	.override = {PEER_STARTTLS, .bytes = "220 go\r\n250 x\r\n"}},
    [BUSY] = {TLS_GOOD, "STARTTLS",
	.override = {PEER_GREETING, .bytes = "554 busy\r\n"}},
    [GONE] = {.capabilities = "STARTTLS", .kind = PEER_REFUSES},
    [ONCE_421] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_GREETING, ONCE, .bytes = "421 later\r\n"}},
    [ONCE_DROP] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_GREETING, ONCE, .action = PEER_DROP}},
    [ONCE_LATE_421] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_GREETING, ONCE, .action = PEER_APPEND,
	    .bytes = "421 later\r\n"}},
    [ONCE_EHLO_421] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_EHLO, ONCE, .bytes = "421 later\r\n"}},
    [ONCE_EHLO_451] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_EHLO, ONCE, .bytes = "451 later\r\n"}},
    [ONCE_EHLO_502] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_EHLO, ONCE, .bytes = "502 what?\r\n"}},
    [ONCE_PLAIN] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_EHLO, ONCE, .bytes = "250 mx\r\n"}},
    [ONCE_EHLO_DROP] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_EHLO, ONCE, .action = PEER_DROP}},
    [ONCE_EHLO_RESET] = {TLS_WILDCARD, "STARTTLS",
	.override = {PEER_EHLO, ONCE, .action = PEER_RESET}},
};

static const struct row {
	int strictness;
	enum kind hosts[HOSTS];
	const char *visits;
	char verdict;
	const char *text;
} rows[] = {
    {0, {PLAIN, GOOD, GOOD}, "127.0.0.2", 'K', "127.0.0.2 accepted"},
    {0, {BROKEN, GOOD, GOOD}, "127.0.0.2 127.0.0.2", 'K', "127.0.0.2 accepted"},
    {0, {INJECTING, GOOD, GOOD}, "127.0.0.2 127.0.0.2", 'K',
	"127.0.0.2 accepted"},
    {0, {BUSY, GONE, GOOD}, "127.0.0.2 127.0.0.4", 'K',
	"verified mx3.a.test\n"},

    {1, {PLAIN, SELF_SIGNED, GOOD}, "127.0.0.2 127.0.0.3", 'K',
	"unverified (certificate of mx2.a.test is self-signed)\n"},
    {1, {BROKEN, INJECTING, GOOD}, "127.0.0.2 127.0.0.3 127.0.0.4", 'K',
	"verified mx3.a.test\n"},
    {1, {PLAIN, BROKEN, INJECTING}, "127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.2",
	'K', "127.0.0.2 accepted"},
    {1, {BROKEN, PLAIN, PLAIN}, "127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.2", 'K',
	"127.0.0.2 accepted"},
    {1, {BUSY, GONE, PLAIN}, "127.0.0.2 127.0.0.4 127.0.0.4", 'K',
	"127.0.0.4 accepted"},
    {1, {GONE, BUSY, GONE}, "127.0.0.3", 'Z', "554 busy\n"},
    /* What passes by sends no message in clear to a server that has TLS. */
    {1, {ONCE_421, GONE, GONE}, "127.0.0.2", 'Z', "421 later\n"},
    {1, {ONCE_DROP, GONE, GONE}, "127.0.0.2", 'Z', "connection died"},
    {1, {ONCE_LATE_421, GONE, GONE}, "127.0.0.2", 'Z', "421 later\n"},
    {1, {ONCE_EHLO_421, GONE, GONE}, "127.0.0.2", 'Z', "421 later\n"},
    {1, {ONCE_EHLO_451, GONE, GONE}, "127.0.0.2 127.0.0.2", 'K',
	"verified mx1.a.test\n"},
    {1, {ONCE_EHLO_502, GONE, GONE}, "127.0.0.2 127.0.0.2", 'K',
	"verified mx1.a.test\n"},
    {1, {ONCE_PLAIN, GONE, GONE}, "127.0.0.2 127.0.0.2", 'K',
	"verified mx1.a.test\n"},
    {1, {ONCE_EHLO_DROP, GONE, GONE}, "127.0.0.2 127.0.0.2", 'K',
	"verified mx1.a.test\n"},
    {1, {ONCE_EHLO_RESET, GONE, GONE}, "127.0.0.2 127.0.0.2", 'K',
	"verified mx1.a.test\n"},
    {1, {ONCE_EHLO_RESET, PLAIN, GOOD}, "127.0.0.2 127.0.0.3 127.0.0.4", 'K',
	"verified mx3.a.test\n"},

    {2, {PLAIN, BROKEN, GOOD}, "127.0.0.2 127.0.0.3 127.0.0.4", 'K',
	"verified mx3.a.test\n"},
    {2, {SELF_SIGNED, GOOD, PLAIN}, "127.0.0.2 127.0.0.3", 'K',
	"verified mx2.a.test\n"},
    {2, {INJECTING, BUSY, GOOD}, "127.0.0.2 127.0.0.3 127.0.0.4", 'K',
	"verified mx3.a.test\n"},
    {2, {PLAIN, INJECTING, SELF_SIGNED}, "127.0.0.2 127.0.0.3 127.0.0.4", 'Z',
	"certificate of mx3.a.test is self-signed"},
    {2, {SELF_SIGNED, PLAIN, BUSY}, "127.0.0.2 127.0.0.3 127.0.0.4", 'Z',
	"mx2.a.test does not offer STARTTLS. (#4.7.0)\n"},
    {2, {GONE, INJECTING, BUSY}, "127.0.0.3 127.0.0.4", 'Z', "(#4.7.0)\n"},
    {2, {BUSY, BROKEN, GONE}, "127.0.0.2 127.0.0.3", 'Z',
	"TLS with mx2.a.test failed"},
};

START_TEST(hosts)
{
	static const char *const addresses[HOSTS] = {
	    "127.0.0.2", "127.0.0.3", "127.0.0.4"};
	const struct row *row = &rows[_i];
	struct peer_script scripts[HOSTS] = {0};
	struct scene scene = {.zone = ZONE};
	struct tls_bench bench;

	scene_furnish(&scene);
	scene_control(&scene, "tlsstrictness", "%d", row->strictness);
	tls_bench_make(&bench, &scene);
	for (size_t i = 0; i < HOSTS; i++) {
		enum kind kind = row->hosts[i];

		scripts[i].capabilities = kinds[kind].capabilities;
		scripts[i].overrides[0] = kinds[kind].override;
		scripts[i].tls =
		    tls_bench_serve(&bench, kinds[kind].identity, NULL);
		scene.servers[i] =
		    (struct peer_address){.address = addresses[i],
			.kind = kinds[kind].kind,
			.script = &scripts[i]};
	}
	scene_play(&scene, "a.test");
	scene_expect_visits(&scene, row->visits);
	scene_expect(&scene, row->verdict, row->text);
	ck_assert_uint_eq(scene_messages(&scene), row->verdict == 'K');
	ck_assert_int_eq(strstr(row->text, "verified") != NULL,
	    row->verdict == 'K' &&
		scene.transcript->connections[scene.transcript->count - 1].tls);
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

/*
 * One address that two exchangers have, with a certificate for the second: at
 * strictness 2 it is tried under each name, else the name does not matter.
 */
START_TEST(names_of_an_address)
{
	struct peer_script script = {.capabilities = "STARTTLS"};
	struct scene scene = {.zone = "a.test MX 10 other.test\n"
				      "a.test MX 20 " TLS_HOST "\n"
				      "other.test A 127.0.0.2\n" TLS_HOST
				      " A 127.0.0.2\n",
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct tls_bench bench;

	scene_furnish(&scene);
	scene_control(&scene, "tlsstrictness", "%d", _i);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	scene_play(&scene, "a.test");
	scene_expect_visits(
	    &scene, _i == 2 ? "127.0.0.2 127.0.0.2" : "127.0.0.2");
	scene_expect(
	    &scene, 'K', _i == 2 ? "verified " TLS_HOST "\n" : "unverified");
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

/* Once the time for a delivery is over no server is called a second time. */
START_TEST(late_second_pass)
{
	struct peer_script script = {
	    .overrides = {{PEER_GREETING, .action = PEER_DELAY, .ms = 1100}}};
	struct scene scene = {.zone = ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct tls_bench bench;

	scene_furnish(&scene);
	scene_control(&scene, "timeoutdelivery", "1\n");
	scene_control(&scene, "tlsstrictness", "1\n");
	tls_bench_make(&bench, &scene);
	scene_play(&scene, "a.test");
	scene_expect_visits(&scene, "127.0.0.2");
	scene_expect(&scene, 'Z', "");
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("tls-hosts")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, hosts, 0, (int)COUNT(rows));
	tcase_add_loop_test(tcase, names_of_an_address, 0, 3);
	tcase_add_test(tcase, late_second_pass);
}
