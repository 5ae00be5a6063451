/* SPDX-License-Identifier: ISC */
/*
 * Whom a policy is about: which of several exchangers, which next hop, and what
 * it means beside DANE and control/tlspolicy.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "sts-bench.h"
#include "suite.h"
#include "tlsa-text.h"

enum { SERVERS = 3 };

/* Servers of one identity at 127.0.0.2 and on. */
static void serve_all(struct sts_bench *bench,
    struct peer_script scripts[SERVERS], enum tls_identity identity)
{
	for (int i = 0; i < SERVERS; i++)
		sts_bench_server(bench, &scripts[i], identity);
}

#define THREE                                                                  \
	STS_NAMES "a.test MX 10 mx1.a.test\na.test MX 20 mx.a.test\n"          \
		  "a.test MX 30 mx3.a.test\nmx1.a.test A 127.0.0.2\n"          \
		  "mx.a.test A 127.0.0.3\nmx3.a.test A 127.0.0.4\n"

/* The certificate is always one for mx.a.test. */
static const struct choice {
	const char *policy, *strictness, *visits;
	char verdict;
	const char *text;
} choices[] = {
    {STS_ENFORCE, "0", "127.0.0.3", 'K', ", verified mx.a.test, MTA-STS\n"},
    {STS_POLICY("enforce", "mx3.a.test\nmx: mx.a.test"), "0", "127.0.0.3", 'K',
	", MTA-STS\n"},
    {STS_POLICY("enforce", "*.a.test"), "1", "127.0.0.2 127.0.0.3", 'K',
	", verified mx.a.test, MTA-STS\n"},
    {STS_POLICY("enforce", "mx1.a.test\nmx: mx3.a.test"), "0",
	"127.0.0.2 127.0.0.4", 'Z', "demanded by MTA-STS"},
    {STS_POLICY("enforce", "other.test"), "0", "", 'Z',
	"a.test is not used: the policy of the domain does not name it"},
    {STS_POLICY("testing", "mx.a.test"), "0", "127.0.0.2", 'K',
	"\nMTA-STS testing: the policy does not name mx1.a.test\nTLS1."},
    {STS_POLICY("none", "mx.a.test"), "0", "127.0.0.2", 'K', "unverified ("},
};

START_TEST(of_several)
{
	const struct choice *choice = &choices[_i];
	struct sts_bench bench = {.scene.zone = THREE};
	struct peer_script scripts[SERVERS] = {{0}};

	sts_bench_make(&bench);
	sts_bench_host(&bench, &(struct https_options){.body = choice->policy});
	scene_control(
	    &bench.scene, "tlsstrictness", "%s\n", choice->strictness);
	serve_all(&bench, scripts, TLS_GOOD);
	sts_bench_play(&bench);
	scene_expect(&bench.scene, choice->verdict, choice->text);
	scene_expect_visits(&bench.scene, choice->visits);
	sts_bench_free(&bench);
}
END_TEST

/* The name is that of the MX record, whatever it is an alias of; and of two
   names for an address the right one is used. */
static const struct named {
	const char *zone, *policy, *visits;
} nameds[] = {
    {STS_NAMES "a.test MX 10 mx.a.test\nmx.a.test CNAME other.test\n"
	       "other.test A 127.0.0.2\n",
	STS_ENFORCE, "127.0.0.2"},
    {STS_NAMES "a.test MX 10 other.test\nother.test CNAME mx.a.test\n"
	       "mx.a.test A 127.0.0.2\n",
	STS_ENFORCE, ""},
    {STS_NAMES "a.test MX 10 other.test\na.test MX 20 mx.a.test\n"
	       "other.test A 127.0.0.2\nmx.a.test A 127.0.0.2\n",
	STS_ENFORCE, "127.0.0.2"},
    /* Without MX the domain is its own exchanger. */
    {STS_NAMES "a.test A 127.0.0.2\n", STS_ENFORCE, ""},
    {STS_NAMES "a.test A 127.0.0.2\n",
	STS_POLICY("enforce", "*.a.test\nmx: test"), ""},
};

START_TEST(by_name)
{
	const struct named *named = &nameds[_i];
	struct sts_bench bench = {.scene.zone = named->zone};
	struct peer_script scripts[SERVERS] = {{0}};

	sts_bench_make(&bench);
	sts_bench_host(&bench, &(struct https_options){.body = named->policy});
	serve_all(&bench, scripts, TLS_GOOD);
	sts_bench_play(&bench);
	scene_expect(&bench.scene, *named->visits != '\0' ? 'K' : 'Z',
	    *named->visits != '\0' ? ", verified mx.a.test, MTA-STS\n"
				   : "demanded by MTA-STS");
	scene_expect_visits(&bench.scene, named->visits);
	sts_bench_free(&bench);
}
END_TEST

/* Of whom a policy is asked: the relay of a route, and no address. */
#define ROUTED                                                                 \
	STS_NAMES "b.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n"            \
		  "_mta-sts.b.test TXT text:v=STSv1;id=2;\n"                   \
		  "_mta-sts.mx.a.test TXT text:v=STSv1;id=3;\n"                \
		  "mta-sts.mx.a.test A 127.0.0.1\n"

static const struct hop {
	const char *host, *smtproutes;
	const char *asked; /* of whom TXT is asked; NULL: nobody */
} hops[] = {
    {"c.test", ":mx.a.test:%u\n", "_mta-sts.mx.a.test"},
    {"a.test", "a.test:mx.a.test:%u\n", "_mta-sts.mx.a.test"},
    {"b.test", ":[127.0.0.2]:%u\n", NULL},
    {"[127.0.0.2]", "", NULL},
    {"127.0.0.2", "", NULL},
};

START_TEST(next_hop)
{
	const struct hop *hop = &hops[_i];
	struct sts_bench bench = {.scene.zone = ROUTED};
	struct peer_script scripts[SERVERS] = {{0}};
	struct scene *scene = &bench.scene;
	char routes[64];

	sts_bench_make(&bench);
	sts_bench_host(&bench, &(struct https_options){0});
	serve_all(&bench, scripts, TLS_GOOD);
	scene_start(scene);
	snprintf(routes, sizeof routes, "%.*s%u\n",
	    (int)strcspn(hop->smtproutes, "%"), hop->smtproutes,
	    (unsigned)peer_port(scene->peer));
	scene_control(
	    scene, "smtproutes", "%s", *hop->smtproutes != '\0' ? routes : "");
	scene_deliver(scene, hop->host);
	scene_expect(scene, 'K', "TLS1.");
	ck_assert_uint_eq(
	    dns_queries(scene->dns, NULL, "TXT"), hop->asked != NULL);
	if (hop->asked != NULL)
		ck_assert_uint_eq(
		    dns_queries(scene->dns, hop->asked, "TXT"), 1);
	scene_stop(scene);
	sts_bench_free(&bench);
}
END_TEST

/* Beside the words of tlspolicy; the server is named and good, or bad. */
static const struct word {
	const char *words;
	enum tls_identity identity;
	const char *policy;
	bool fetched;
	char verdict;
	const char *text;
} words[] = {
    {"may nosts", TLS_GOOD, STS_POLICY("enforce", "other.test"), false, 'K',
	", verified mx.a.test\n"},
    {"may nosts", TLS_WRONG_NAME, STS_ENFORCE, false, 'K', "unverified ("},
    {"none", TLS_GOOD, STS_POLICY("enforce", "other.test"), false, 'K',
	"accepted message.\nRemote host said: 250"},
    {"may", TLS_WRONG_NAME, STS_ENFORCE, true, 'Z', "demanded by MTA-STS"},
    {"prefer", TLS_WRONG_NAME, STS_ENFORCE, true, 'Z', "demanded by MTA-STS"},
    {"encrypt", TLS_WRONG_NAME, STS_ENFORCE, true, 'Z', "demanded by MTA-STS"},
    {"encrypt", TLS_GOOD, STS_ENFORCE, true, 'K', ", MTA-STS\n"},
    {"verify", TLS_GOOD, STS_ENFORCE, true, 'K', ", MTA-STS\n"},
    {"verify", TLS_GOOD, STS_POLICY("enforce", "other.test"), true, 'Z',
	"does not name it, demanded by MTA-STS"},
    {"verify", TLS_WRONG_NAME, STS_ENFORCE, true, 'Z',
	"control/tlspolicy line 1"},
    {"verify match=mx.b.test", TLS_GOOD, STS_ENFORCE, true, 'Z',
	"control/tlspolicy line 1"},
    {"verify match=mx.b.test", TLS_WRONG_NAME, STS_ENFORCE, true, 'Z',
	"demanded by MTA-STS"},
    {"verify match=.a.test", TLS_GOOD, STS_ENFORCE, true, 'K', ", MTA-STS\n"},
    {"secure", TLS_GOOD, STS_ENFORCE, true, 'K', ", MTA-STS\n"},
    {"verify", TLS_GOOD, STS_POLICY("testing", "other.test"), true, 'K',
	"\nMTA-STS testing: the policy does not name mx.a.test\nTLS1."},
    {"dane-only nosts", TLS_GOOD, STS_ENFORCE, false, 'Z', "tlspolicy line 1"},
};

START_TEST(policy_words)
{
	const struct word *word = &words[_i];
	struct sts_bench bench = {0};
	struct peer_script script = {0};

	sts_bench_make(&bench);
	sts_bench_host(&bench, &(struct https_options){.body = word->policy});
	sts_bench_server(&bench, &script, word->identity);
	scene_control(&bench.scene, "tlspolicy", "a.test:%s\n", word->words);
	sts_bench_play(&bench);
	scene_expect(&bench.scene, word->verdict, word->text);
	ck_assert_uint_eq(https_requests(bench.https), word->fetched);
	ck_assert_uint_eq(
	    dns_queries(bench.scene.dns, "_mta-sts.a.test", "TXT"),
	    word->fetched);
	ck_assert_int_eq(
	    scene_messages(&bench.scene) == 1, word->verdict == 'K');
	sts_bench_free(&bench);
}
END_TEST

/*
 * With DANE: on a secure MX answer that alone counts, on an insecure one both.
 * The policy names mx.a.test, or not; the certificate is good, or only right
 * for DANE.
 */
static const struct dane {
	bool mx_secure, matches;
	const char *policy;
	enum tls_identity identity;
	char verdict;
	const char *text;
} danes[] = {
    {true, true, STS_ENFORCE, TLS_GOOD, 'K', ", verified mx.a.test, DANE-EE\n"},
    {true, true, STS_POLICY("enforce", "other.test"), TLS_SELF_SIGNED, 'K',
	", verified mx.a.test, DANE-EE\n"},
    {true, true, STS_POLICY("testing", "other.test"), TLS_SELF_SIGNED, 'K',
	", verified mx.a.test, DANE-EE\n"},
    {true, false, STS_ENFORCE, TLS_GOOD, 'Z', "demanded by TLSA"},
    {false, true, STS_ENFORCE, TLS_GOOD, 'K',
	", trusted mx.a.test, DANE-EE, MX not secure\n"},
    {false, true, STS_POLICY("enforce", "other.test"), TLS_GOOD, 'Z',
	"does not name it, demanded by MTA-STS"},
    {false, true, STS_ENFORCE, TLS_SELF_SIGNED, 'Z', "demanded by MTA-STS"},
    {false, false, STS_ENFORCE, TLS_GOOD, 'Z', "demanded by TLSA"},
    {false, true, STS_POLICY("testing", "mx.a.test"), TLS_SELF_SIGNED, 'K',
	"\nMTA-STS testing: certificate of mx.a.test is self-signed\nTLS1."},
};

static char *make_zone(const struct cert *cert, const struct dane *dane)
{
	char *record =
	    (dane->matches ? tlsa_text : tlsa_text_wrong)(cert, 3, 1, 1);
	char *zone;

	ck_assert_int_gt(
	    asprintf(&zone, "%s_" SCENE_PORT "._tcp.mx.a.test TLSA %s\n%s%s",
		STS_ZONE, record,
		"mx.a.test * !signed\n_" SCENE_PORT
		"._tcp.mx.a.test * !signed\n",
		dane->mx_secure ? "a.test MX !signed\n" : ""),
	    0);
	free(record);
	return zone;
}

START_TEST(with_dane)
{
	const struct dane *dane = &danes[_i];
	struct sts_bench bench = {0};
	struct peer_script script = {0};
	struct cert *cert;
	char *zone;

	sts_bench_make(&bench);
	cert = tls_bench_cert(&bench.tls, dane->identity);
	zone = make_zone(cert, dane);
	sts_bench_zone(&bench, zone);
	sts_bench_host(&bench, &(struct https_options){.body = dane->policy});
	sts_bench_server(&bench, &script, TLS_GOOD);
	script.tls = tls_bench_show(
	    &bench.tls, (const struct cert *const[]){cert, NULL}, NULL);
	scene_control(&bench.scene, "dane", "1\n");
	sts_bench_play(&bench);
	scene_expect(&bench.scene, dane->verdict, dane->text);
	if (dane->mx_secure)
		ck_assert(!outcome_says(&bench.scene.outcome, "MTA-STS"));
	ck_assert_int_eq(
	    scene_messages(&bench.scene) == 1, dane->verdict == 'K');
	sts_bench_free(&bench);
	certs_free(cert);
	free(zone);
}
END_TEST

LOOPBACK_SUITE("sts-terms")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, of_several, 0, (int)COUNT(choices));
	tcase_add_loop_test(tcase, by_name, 0, (int)COUNT(nameds));
	tcase_add_loop_test(tcase, next_hop, 0, (int)COUNT(hops));
	tcase_add_loop_test(tcase, policy_words, 0, (int)COUNT(words));
	tcase_add_loop_test(tcase, with_dane, 0, (int)COUNT(danes));
}
