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

#include "suite.h"
#include "tls-bench.h"

enum { DAY = 24 * 60 * 60 };

#define LONG_OU                                                                \
	"OU=a department whose name is as long as such names may be......,"

/* An anchor, which is trusted, what it vouches for, and what follows. */
struct chain {
	struct cert *anchor, *middle, *server;
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

static const struct row {
	void (*make)(struct chain *chain);
	char verdict;
	const char *text;
} rows[] = {
    {make_good, 'K', ", verified mx.a.test\n"},
    {make_any_use, 'K', ", verified mx.a.test\n"},
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
};

/* Saves what a server of that chain shows, and the anchor to be trusted. */
static struct peer_tls *serve(const struct home *home, struct chain *chain)
{
	const struct cert *anchors[] = {chain->anchor, NULL};
	char certificate[HOME_PATH], key[HOME_PATH], path[HOME_PATH];

	certs_save(chain->server, home->path, "server");
	certs_write(home_path(home, "anchor.pem", path), anchors);
	home_control(home, "trustanchors", path);
	certs_free(chain->server);
	if (chain->middle != NULL)
		certs_free(chain->middle);
	certs_free(chain->anchor);
	return peer_tls_new(&(struct peer_tls_options){
	    .certificate = home_path(home, "server.pem", certificate),
	    .key = home_path(home, "server.key", key)});
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

LOOPBACK_SUITE("tls-chains")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, verification, 0, (int)COUNT(rows));
}
