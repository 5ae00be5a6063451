/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a message under each mode of a policy, with each kind of
 * server, whether the policy names it or not.
 */
#include "config.h"

#include <string.h>

#include <check.h>

#include "sts-bench.h"
#include "suite.h"

/* Identities beyond those of the bench: the name is in the subject alone. */
enum { COMMON_NAME = -1 };

static const struct server {
	int identity;
	const char *capabilities; /* NULL: STARTTLS */
	struct peer_override override;
	const char *text; /* what is wrong with it; NULL: nothing */
	bool clear;	  /* where nothing demands TLS it is used in clear */
} servers[] = {
    {.identity = TLS_GOOD},
    {.identity = TLS_WILDCARD},
    {.identity = TLS_INTERMEDIATE},
    {.identity = COMMON_NAME, .text = "certificate is not for " TLS_HOST},
    {.identity = TLS_WRONG_NAME, .text = "not for " TLS_HOST " but for"},
    {.identity = TLS_ADDRESSES, .text = "not for " TLS_HOST},
    {.identity = TLS_EXPIRED, .text = TLS_HOST " expired on 20"},
    {.identity = TLS_NOT_YET, .text = TLS_HOST " is not valid before 20"},
    {.identity = TLS_SELF_SIGNED, .text = TLS_HOST " is self-signed"},
    {.identity = TLS_UNKNOWN_CA, .text = "is not trusted: CN=Strange CA"},
    {.identity = TLS_INCOMPLETE, .text = "is not trusted"},
    {.identity = TLS_CLIENT_ONLY, .text = TLS_HOST},
    {.capabilities = "PIPELINING",
	.text = "does not offer STARTTLS",
	.clear = true},
    {.override = {.at = PEER_STARTTLS, .bytes = "454 4.7.0 not now\r\n"},
	.text = "STARTTLS was refused",
	.clear = true},
    {.override = {.at = PEER_HANDSHAKE, .action = PEER_DROP},
	.text = "the server closed the connection",
	.clear = true},
};

enum { SERVERS = COUNT(servers) };

/* Whose policy it is, and whether that names the server. */
static const struct policy {
	const char *text;
	enum sts_mode { NONE, TESTING, ENFORCE } mode;
	bool named;
} policies[] = {
    {STS_POLICY("enforce", "MX.A.test"), ENFORCE, true},
    {STS_POLICY("enforce", "mx.b.test\nmx: *.a.test"), ENFORCE, true},
    {STS_POLICY("enforce", "mx.b.test"), ENFORCE, false},
    {STS_POLICY("enforce", "a.test\nmx: *.mx.a.test\nmx: *.test"), ENFORCE,
	false},
    {STS_POLICY("testing", "mx.a.test"), TESTING, true},
    {STS_POLICY("testing", "mx.b.test"), TESTING, false},
    {STS_POLICY("none", "mx.b.test"), NONE, false},
    {"version: STSv1\nmode: enforce\nmax_age: 86400\n", NONE, false},
};

enum { POLICIES = COUNT(policies) };

static struct cert *make_cert(const struct tls_bench *tls, int identity)
{
	if (identity != COMMON_NAME)
		return NULL;
	return certs_make(
	    &(struct cert_request){.common_name = TLS_HOST, .issuer = tls->ca});
}

static void serve(struct sts_bench *bench, struct peer_script *script,
    const struct server *server)
{
	struct cert *cert = make_cert(&bench->tls, server->identity);

	script->capabilities = server->capabilities;
	script->overrides[0] = server->override;
	sts_bench_server(bench, script,
	    cert != NULL ? TLS_GOOD : (enum tls_identity)server->identity);
	if (cert == NULL)
		return;
	script->tls = tls_bench_show(
	    &bench->tls, (const struct cert *const[]){cert, NULL}, NULL);
	certs_free(cert);
}

/* Nothing of the envelope may have been said. */
static void expect_refused(const struct scene *scene,
    const struct server *server, const struct policy *policy)
{
	bool called = scene->transcript->count > 0;

	scene_expect(scene, 'Z', TLS_HOST);
	scene_expect(scene, 'Z', "(#4.7.0)\n");
	scene_expect(scene, 'Z', "demanded by MTA-STS");
	scene_expect(scene, 'Z',
	    policy->named ? server->text
			  : "is not used: the policy of the domain does not "
			    "name it, demanded by MTA-STS. ");
	ck_assert_int_eq(called, policy->named);
	ck_assert_uint_eq(scene_messages(scene), 0);
	for (size_t i = 0; i < scene->transcript->count; i++)
		ck_assert_ptr_null(strstr(
		    scene->transcript->connections[i].received.data, "MAIL"));
}

static void expect_verified(const struct scene *scene, const char *ending)
{
	scene_expect(scene, 'K', ending);
	ck_assert_uint_eq(scene->transcript->count, 1);
	ck_assert(scene->transcript->connections[0].tls);
}

/* A line of its own, before that of TLS, which is the last one. */
static void expect_tested(const struct scene *scene,
    const struct server *server, const struct policy *policy)
{
	const char *report = scene->outcome.chunks[1].text;
	const char *note = strstr(report, "\nMTA-STS testing: ");
	const char *tls = strstr(report, "\nTLS1.");

	ck_assert_int_eq(
	    note != NULL, policy->mode == TESTING &&
			      (server->text != NULL || !policy->named));
	ck_assert_int_eq(tls == NULL, server->clear);
	if (note == NULL)
		return;
	note++;
	if (!policy->named)
		ck_assert_ptr_nonnull(
		    strstr(note, ": the policy does not name " TLS_HOST "\n"));
	else
		ck_assert_ptr_nonnull(strstr(note,
		    server->clear ? "no TLS with " TLS_HOST : server->text));
	note = strchr(note, '\n');
	ck_assert_ptr_eq(
	    note, server->clear ? report + strlen(report) - 1 : tls);
}

static void expect(const struct scene *scene, const struct server *server,
    const struct policy *policy)
{
	if (policy->mode == ENFORCE &&
	    (server->text != NULL || !policy->named)) {
		expect_refused(scene, server, policy);
		return;
	}
	ck_assert_uint_eq(scene_messages(scene), 1);
	scene_expect(scene, 'K', "");
	if (policy->mode == ENFORCE)
		expect_verified(scene, ", verified " TLS_HOST ", MTA-STS\n");
	else if (server->text == NULL)
		expect_verified(scene, ", verified " TLS_HOST "\n");
	expect_tested(scene, server, policy);
}

START_TEST(matrix)
{
	const struct policy *policy = &policies[_i / SERVERS];
	const struct server *server = &servers[_i % SERVERS];
	struct peer_script script = {0};
	struct sts_bench bench = {0};

	sts_bench_make(&bench);
	sts_bench_host(&bench, &(struct https_options){.body = policy->text});
	serve(&bench, &script, server);
	sts_bench_play(&bench);
	expect(&bench.scene, server, policy);
	sts_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("sts-matrix")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, matrix, 0, POLICIES * SERVERS);
}
