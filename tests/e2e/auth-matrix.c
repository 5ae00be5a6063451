/* SPDX-License-Identifier: ISC */
/*
 * Who is told a secret: each kind of server, with AUTH offered here or there,
 * by each policy.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "auth-bench.h"
#include "net.h"
#include "suite.h"

#define AUTH "AUTH PLAIN LOGIN SCRAM-SHA-256"

static const struct offer {
	const char *clear, *tls;
	bool in_clear, under_tls;
} offers[] = {
    {"PIPELINING", "PIPELINING", false, false},
    {AUTH, "PIPELINING", true, false},
    {"PIPELINING", AUTH, false, true},
    {AUTH, AUTH, true, true},
    {"AUTH=PLAIN LOGIN", "AUTH=PLAIN LOGIN\nAUTH\nAUTH NTLM", false, false},
};

enum tls { NONE, REFUSED, BROKEN, UNVERIFIED, VERIFIED };

static const struct kind {
	enum tls tls;
	enum tls_identity identity;
} kinds[] = {
    {NONE, TLS_GOOD},
    {REFUSED, TLS_GOOD},
    {BROKEN, TLS_GOOD},
    {UNVERIFIED, TLS_WRONG_NAME},
    {UNVERIFIED, TLS_UNKNOWN_CA},
    {UNVERIFIED, TLS_EXPIRED},
    {UNVERIFIED, TLS_SELF_SIGNED},
    {VERIFIED, TLS_GOOD},
};

static const struct rule {
	const char *strictness, *policy;
	bool encrypt; /* that will do for credentials */
} rules[] = {
    {"0\n", NULL, false},
    {"1\n", NULL, false},
    {"2\n", NULL, false},
    {"0\n", TLS_HOST ":may\n", false},
    {"0\n", TLS_HOST ":encrypt\n", true},
    {"2\n", TLS_HOST ":none\n", false},
};

static const char *const addresses[] = {AUTH_ADDRESS, "127.0.0.2"};

enum {
	OFFERS = COUNT(offers),
	KINDS = COUNT(kinds),
	RULES = COUNT(rules),
	ADDRESSES = COUNT(addresses)
};

struct trial {
	const struct offer *offer;
	const struct kind *kind;
	const struct rule *rule;
	bool loopback;
};

static struct trial trial_of(int number)
{
	return (struct trial){.offer = &offers[number % OFFERS],
	    .kind = &kinds[number / OFFERS % KINDS],
	    .rule = &rules[number / OFFERS / KINDS % RULES],
	    .loopback = number / OFFERS / KINDS / RULES == 1};
}

/* Whether the relay is to be told, as SPEC.md says in section 14. */
static bool is_told(const struct trial *trial)
{
	const struct rule *rule = trial->rule;
	bool never_tls = rule->policy != NULL && strstr(rule->policy, "none");
	bool tls = !never_tls && trial->kind->tls >= UNVERIFIED;

	if (!trial->loopback) {
		if (!tls || (trial->kind->tls != VERIFIED && !rule->encrypt))
			return false;
	} else if (rule->encrypt && !tls) {
		return false;
	} else if (rule->policy == NULL && *rule->strictness == '2' &&
		   trial->kind->tls != VERIFIED) {
		return false;
	}
	return tls ? trial->offer->under_tls : trial->offer->in_clear;
}

static void prepare(
    struct auth_bench *bench, const struct trial *trial, char text[256])
{
	struct peer_script *script = &bench->script;

	snprintf(text, 256, "%s%s", trial->offer->clear,
	    trial->kind->tls == NONE ? "" : "\nSTARTTLS");
	script->capabilities = text;
	script->capabilities_tls = trial->offer->tls;
	if (trial->kind->tls == REFUSED)
		script->overrides[0] = (struct peer_override){
		    .at = PEER_STARTTLS, .bytes = "454 not now\r\n"};
	if (trial->kind->tls == BROKEN)
		script->overrides[0] = (struct peer_override){
		    .at = PEER_HANDSHAKE, .action = PEER_DROP};
	home_control(
	    &bench->scene.home, "tlsstrictness", trial->rule->strictness);
	if (trial->rule->policy != NULL)
		home_control(
		    &bench->scene.home, "tlspolicy", trial->rule->policy);
}

START_TEST(matrix)
{
	struct trial trial = trial_of(_i);
	bool told = is_told(&trial);
	struct auth_bench bench;
	char capabilities[256];

	if (!net_make_private() && !trial.loopback)
		return;
	auth_bench_make(&bench);
	prepare(&bench, &trial, capabilities);
	auth_bench_play(
	    &bench, addresses[trial.loopback], trial.kind->identity);
	scene_expect(&bench.scene, told ? 'K' : 'Z', "");
	ck_assert_uint_eq(scene_messages(&bench.scene), told);
	ck_assert_int_eq(
	    auth_bench_tried(&bench, true) || auth_bench_tried(&bench, false),
	    told);
	ck_assert(trial.loopback || !auth_bench_tried(&bench, true));
	for (size_t i = 0; !told && i < bench.scene.transcript->count; i++)
		ck_assert_uint_eq(
		    transcript_count(
			&bench.scene.transcript->connections[i], PEER_MAIL),
		    0);
	auth_bench_free(&bench);
}
END_TEST

/* TLS from the first byte: the same, but for what is never clear. */
static const struct implicit {
	enum tls_identity identity;
	const char *policy;
	bool told, loopback;
} implicits[] = {
    {TLS_GOOD, "verify implicit", true, false},
    {TLS_GOOD, "encrypt implicit", true, false},
    {TLS_GOOD, "may implicit", true, false},
    {TLS_WRONG_NAME, "verify implicit", false, false},
    {TLS_WRONG_NAME, "encrypt implicit", true, false},
    {TLS_WRONG_NAME, "may implicit", false, false},
    {TLS_UNKNOWN_CA, "may implicit", false, false},
    {TLS_WRONG_NAME, "may implicit", true, true},
    {TLS_WRONG_NAME, "verify implicit", false, true},
};

START_TEST(implicit_tls)
{
	const struct implicit *implicit = &implicits[_i];
	struct auth_bench bench;

	if (!net_make_private() && !implicit->loopback)
		return;
	auth_bench_make(&bench);
	bench.script.implicit_tls = true;
	scene_control(
	    &bench.scene, "tlspolicy", TLS_HOST ":%s\n", implicit->policy);
	auth_bench_play(
	    &bench, addresses[implicit->loopback], implicit->identity);
	scene_expect(&bench.scene, implicit->told ? 'K' : 'Z', "");
	ck_assert_uint_eq(scene_messages(&bench.scene), implicit->told);
	ck_assert_int_eq(auth_bench_tried(&bench, false), implicit->told);
	ck_assert(!auth_bench_tried(&bench, true));
	auth_bench_free(&bench);
}
END_TEST

/* By MX nobody gets a secret, and nobody needs one. */
START_TEST(by_mx)
{
	struct auth_bench bench;

	auth_bench_make(&bench);
	bench.script.account.required = false;
	auth_bench_start(&bench, "127.0.0.2", TLS_GOOD);
	scene_control(&bench.scene, "smtproutes",
	    ":" TLS_HOST ":%u|" AUTH_USER "|" AUTH_SECRET "\nb.test:\n",
	    peer_port(bench.scene.peer));
	scene_deliver(&bench.scene, "b.test");
	scene_stop(&bench.scene);
	scene_expect(&bench.scene, 'K', "");
	ck_assert(!auth_bench_tried(&bench, true));
	ck_assert(!auth_bench_tried(&bench, false));
	auth_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("auth-matrix")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(
	    tcase, matrix, 0, OFFERS * KINDS * RULES * ADDRESSES);
	tcase_add_loop_test(tcase, implicit_tls, 0, (int)COUNT(implicits));
	tcase_add_test(tcase, by_mx);
}
