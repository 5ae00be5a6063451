/* SPDX-License-Identifier: ISC */
/*
 * Certificates with something wrong further up than at the server's own: at
 * strictness 2 nothing is sent, and the report says what is wrong.
 */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include <check.h>
#include <gnutls/x509.h>

#include "ocsp.h"
#include "suite.h"
#include "tls-bench.h"

enum { DAY = 24 * 60 * 60, SERVED = 15 };

#define LONG_OU                                                                \
	"OU=a department whose name is as long as such names may be......,"

/* An anchor, which is trusted, what it vouches for, and what follows. */
struct chain {
	struct cert *anchor, *middle, *server;
	enum { STATUS_NONE, STATUS_GOOD, STATUS_REVOKED } status; /* stapled */
	const char *priority; /* the server's */
};

struct validity {
	time_t from, until;
};

static struct cert *make_ca(const char *name, const struct cert *issuer,
    enum cert_use use, struct validity validity)
{
	return certs_make(&(struct cert_request){.common_name = name,
	    .issuer = issuer,
	    .use = use,
	    .from = validity.from,
	    .until = validity.until});
}

static struct cert *make_server(const struct cert *issuer, enum cert_use use)
{
	static const char *const names[] = {TLS_HOST, NULL};

	return certs_make(&(struct cert_request){
	    .names = names, .use = use, .issuer = issuer});
}

static const struct validity always;

static void make_with(struct chain *chain, enum cert_use use,
    struct validity anchor, struct validity middle)
{
	chain->anchor = make_ca("Anchor", NULL, CERT_CA, anchor);
	chain->middle = make_ca("Middle", chain->anchor, use, middle);
	chain->server = make_server(chain->middle, CERT_SERVER);
}

static void make_good(struct chain *chain)
{
	make_with(chain, CERT_CA, always, always);
}

static void make_expired_middle(struct chain *chain)
{
	make_with(chain, CERT_CA, always,
	    (struct validity){.until = time(NULL) - DAY});
}

static void make_future_middle(struct chain *chain)
{
	make_with(chain, CERT_CA, always,
	    (struct validity){.from = time(NULL) + DAY});
}

static void make_expired_anchor(struct chain *chain)
{
	make_with(chain, CERT_CA, (struct validity){.until = time(NULL) - DAY},
	    always);
}

/* Anybody with a certificate could vouch for anybody. */
static void make_no_ca(struct chain *chain)
{
	make_with(chain, CERT_SERVER, always, always);
}

static void make_code_signing(struct chain *chain)
{
	chain->anchor = make_ca("Anchor", NULL, CERT_CA, always);
	chain->server = make_server(chain->anchor, CERT_CODE_SIGNING);
}

static void make_any_use(struct chain *chain)
{
	chain->anchor = make_ca("Anchor", NULL, CERT_CA, always);
	chain->server = make_server(chain->anchor, CERT_ANY_USE);
}

static void make_nameless(struct chain *chain)
{
	chain->anchor = make_ca("Anchor", NULL, CERT_CA, always);
	chain->server = make_ca("nobody", chain->anchor, CERT_SERVER, always);
}

static void sign_again(struct cert *cert, const struct cert *issuer,
    gnutls_digest_algorithm_t digest)
{
	ck_assert_int_eq(gnutls_x509_crt_sign2(cert->certificate,
			     issuer->certificate, issuer->key, digest, 0),
	    0);
}

static void make_weak(struct chain *chain)
{
	make_code_signing(chain);
	certs_free(chain->server);
	chain->server = make_server(chain->anchor, CERT_SERVER);
	sign_again(chain->server, chain->anchor, GNUTLS_DIG_SHA1);
}

/* An unknown issuer whose name does not fit into a report. */
static void make_long_name(struct chain *chain)
{
	static const char name[] =
	    LONG_OU LONG_OU LONG_OU LONG_OU LONG_OU LONG_OU "CN=long";
	const char *error;

	chain->anchor = make_ca("Anchor", NULL, CERT_CA, always);
	chain->middle = make_ca("x", NULL, CERT_CA, always);
	ck_assert_int_eq(
	    gnutls_x509_crt_set_dn(chain->middle->certificate, name, &error),
	    0);
	sign_again(chain->middle, chain->middle, GNUTLS_DIG_SHA256);
	chain->server = make_server(chain->middle, CERT_SERVER);
}

/* A server's certificate by the anchor, with something of its own. */
static void make_special(
    struct chain *chain, struct cert_request anchor, struct cert_request server)
{
	static const char *const names[] = {TLS_HOST, NULL};

	anchor.common_name = "Anchor";
	anchor.use = CERT_CA;
	chain->anchor = certs_make(&anchor);
	server.names = names;
	server.issuer = chain->anchor;
	chain->server = certs_make(&server);
}

static const struct cert_request plain;

static void make_forged(struct chain *chain)
{
	static struct cert *forger;

	forger = certs_make_ca("Anchor");
	make_special(chain, plain,
	    (struct cert_request){.signer = forger, .without_key_ids = true});
}

static void make_strange(struct chain *chain)
{
	make_special(chain, plain, (struct cert_request){.strange = true});
}

static void make_permitted(struct chain *chain)
{
	make_special(
	    chain, (struct cert_request){.permitted = "a.test"}, plain);
}

static void make_forbidden(struct chain *chain)
{
	make_special(
	    chain, (struct cert_request){.permitted = "b.test"}, plain);
}

static void make_too_long(struct chain *chain)
{
	chain->anchor = certs_make(&(struct cert_request){
	    .common_name = "Anchor", .use = CERT_CA, .path_length = 1});
	chain->middle = make_ca("Middle", chain->anchor, CERT_CA, always);
	chain->server = make_server(chain->middle, CERT_SERVER);
}

static void make_stapled(struct chain *chain)
{
	make_special(chain, plain, (struct cert_request){.must_staple = true});
	chain->status = STATUS_GOOD;
}

static void make_unstapled(struct chain *chain)
{
	make_special(chain, plain, (struct cert_request){.must_staple = true});
}

static void make_revoked(struct chain *chain)
{
	make_special(chain, plain, plain);
	chain->status = STATUS_REVOKED;
}

/* As long as the server of the tests can serve. */
static void make_long(struct chain *chain)
{
	const struct cert *issuer;

	chain->anchor = make_ca("Anchor", NULL, CERT_CA, always);
	issuer = chain->anchor;
	for (int i = 0; i < SERVED; i++) {
		char name[16];

		snprintf(name, sizeof name, "Middle %d", i);
		issuer = make_ca(name, issuer, CERT_CA, always);
	}
	chain->server = make_server(issuer, CERT_SERVER);
}

static const struct row {
	void (*make)(struct chain *chain);
	char verdict;
	const char *text;
} rows[] = {
    {make_good, 'K', ", verified mx.a.test\n"},
    {make_any_use, 'K', ", verified mx.a.test\n"},
    {make_permitted, 'K', ", verified mx.a.test\n"},
    {make_stapled, 'K', ", verified mx.a.test\n"},
    {make_long, 'K', ", verified mx.a.test\n"},
    {make_expired_middle, 'Z', "issuer's certificate of mx.a.test expired on "},
    {make_future_middle, 'Z', "certificate of mx.a.test is not valid before "},
    {make_expired_anchor, 'Z', "a trust anchor of mx.a.test is out of date"},
    {make_no_ca, 'Z', "issuer of the certificate of mx.a.test is not trusted"},
    {make_code_signing, 'Z', "certificate of mx.a.test is not for a server"},
    {make_nameless, 'Z', "certificate is not for mx.a.test"},
    /* Some systems refuse it in the handshake. */
    {make_weak, 'Z', "mx.a.test"},
    {make_long_name, 'Z',
	"issuer of the certificate of mx.a.test is not trusted: OU=a "
	"department"},
    {make_forged, 'Z', "a signature in the chain of mx.a.test is wrong"},
    {make_strange, 'Z',
	"chain of mx.a.test has a critical extension that is not known"},
    {make_forbidden, 'Z',
	"chain of mx.a.test violates a constraint of an issuer"},
    {make_too_long, 'Z',
	"chain of mx.a.test violates a constraint of an issuer"},
    {make_unstapled, 'Z', "must come with an OCSP response, which is missing"},
    {make_revoked, 'Z', "certificate of mx.a.test has been revoked"},
};

/* Saves what a server of that chain shows, and the anchor to be trusted. */
static struct peer_tls *serve(const struct home *home, struct chain *chain)
{
	const struct cert *anchors[] = {chain->anchor, NULL};
	char certificate[HOME_PATH], key[HOME_PATH], path[HOME_PATH];
	char ocsp[HOME_PATH];

	certs_save(chain->server, home->path, "server");
	certs_write(home_path(home, "anchor.pem", path), anchors);
	home_control(home, "trustanchors", path);
	home_path(home, "ocsp", ocsp);
	if (chain->status != STATUS_NONE)
		ocsp_write(
		    ocsp, chain->server, chain->status == STATUS_REVOKED);
	certs_free(chain->server);
	if (chain->middle != NULL)
		certs_free(chain->middle);
	certs_free(chain->anchor);
	return peer_tls_new(&(struct peer_tls_options){
	    .certificate = home_path(home, "server.pem", certificate),
	    .key = home_path(home, "server.key", key),
	    .priority = chain->priority,
	    .ocsp = chain->status != STATUS_NONE ? ocsp : NULL});
}

START_TEST(verification)
{
	const struct row *row = &rows[_i];
	struct peer_script script = {.capabilities = "PIPELINING\nSTARTTLS"};
	struct chain chain = {0};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};

	scene_furnish(&scene);
	home_control(&scene.home, "tlsstrictness", "2\n");
	row->make(&chain);
	script.tls = serve(&scene.home, &chain);
	scene_play(&scene, "a.test");
	scene_expect(&scene, row->verdict, row->text);
	ck_assert_uint_eq(scene_messages(&scene), row->verdict == 'K');
	scene_free(&scene);
}
END_TEST

/* A key that the certificate has for something else is good enough below 2. */
static const struct usage_row {
	const char *strictness;
	char verdict;
	const char *text;
} usage_rows[] = {
    {"0\n", 'K', ", verified mx.a.test\n"},
    {"1\n", 'K', ", verified mx.a.test\n"},
    {"2\n", 'Z', "Key usage violation"},
};

START_TEST(key_usage)
{
	const struct usage_row *row = &usage_rows[_i];
	struct peer_script script = {.capabilities = "PIPELINING\nSTARTTLS"};
	struct chain chain = {0};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};

	scene_furnish(&scene);
	home_control(&scene.home, "tlsstrictness", row->strictness);
	make_special(&chain, plain,
	    (struct cert_request){.key_usage = GNUTLS_KEY_KEY_AGREEMENT});
	chain.priority = "NORMAL:%DEBUG_ALLOW_KEY_USAGE_VIOLATIONS";
	script.tls = serve(&scene.home, &chain);
	scene_play(&scene, "a.test");
	scene_expect(&scene, row->verdict, row->text);
	for (size_t i = 0; i < scene.transcript->count; i++)
		ck_assert(row->verdict == 'Z' ||
			  scene.transcript->connections[i].tls);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("tls-chains")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, verification, 0, (int)COUNT(rows));
	tcase_add_loop_test(tcase, key_usage, 0, (int)COUNT(usage_rows));
}
