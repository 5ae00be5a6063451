/* SPDX-License-Identifier: ISC */
/*
 * The certificates that tests make, seen through GnuTLS.
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>
#include <gnutls/gnutls.h>

#include "certs.h"
#include "home.h"
#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])
#define LIST(...) ((const struct cert *const[]){__VA_ARGS__, NULL})
#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { DAY = 24 * 60 * 60, STRANGERS = 7 };

static void enter_home(void)
{
	struct home home;

	home_make(&home);
	ck_assert_int_eq(chdir(home.path), 0);
}

/* Reads a PEM file; returns the number of certificates. */
static unsigned load(gnutls_x509_crt_t **list, const char *path)
{
	gnutls_datum_t pem;
	unsigned count;

	ck_assert_int_eq(gnutls_load_file(path, &pem), 0);
	ck_assert_int_eq(gnutls_x509_crt_list_import2(
			     list, &count, &pem, GNUTLS_X509_FMT_PEM, 0),
	    0);
	gnutls_free(pem.data);
	return count;
}

static void unload(gnutls_x509_crt_t *list, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		gnutls_x509_crt_deinit(list[i]);
	gnutls_free(list);
}

/* The status of a chain as that of a server of this name, 0 when good. */
static unsigned verify(gnutls_x509_trust_list_t anchors, const char *chain,
    gnutls_vdata_types_t kind, const void *name, size_t size)
{
	gnutls_typed_vdata_st data[] = {
	    {kind, (void *)(uintptr_t)name, (unsigned)size},
	    {GNUTLS_DT_KEY_PURPOSE_OID,
		(void *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER, 0},
	};
	gnutls_x509_crt_t *list;
	unsigned count = load(&list, chain);
	unsigned status = 0;

	ck_assert_int_eq(gnutls_x509_trust_list_verify_crt2(
			     anchors, list, count, data, 2, 0, &status, NULL),
	    0);
	unload(list, count);
	return status;
}

static gnutls_x509_trust_list_t load_anchors(const char *path, int count)
{
	gnutls_x509_trust_list_t anchors;

	ck_assert_int_eq(gnutls_x509_trust_list_init(&anchors, 0), 0);
	ck_assert_int_eq(gnutls_x509_trust_list_add_trust_file(
			     anchors, path, NULL, GNUTLS_X509_FMT_PEM, 0, 0),
	    count);
	return anchors;
}

enum { AUTHORITY, INTERMEDIATE, NAMESAKE, STRANGER, SERVER, ISSUERS };

static void make_issuers(struct cert *issuers[ISSUERS])
{
	issuers[AUTHORITY] = certs_make_ca("Test CA");
	issuers[INTERMEDIATE] = certs_make(&(struct cert_request){
	    .common_name = "Intermediate CA",
	    .use = CERT_CA,
	    .issuer = issuers[AUTHORITY],
	});
	issuers[NAMESAKE] = certs_make_ca("Test CA");
	issuers[STRANGER] = certs_make_ca("Other CA");
	issuers[SERVER] = certs_make_server(issuers[AUTHORITY], "a.test");
}

static void free_issuers(struct cert *issuers[ISSUERS])
{
	for (int i = 0; i < ISSUERS; i++)
		certs_free(issuers[i]);
}

static const struct judgement {
	const char *name; /* of the only DNS name, unless there is a list */
	struct cert_request request;
	int issuer; /* ISSUERS: itself */
	int from;   /* days from now; 0: default */
	int until;
	unsigned status; /* bits that must be set; 0: none may be */
} judgements[] = {
    {.name = "mx.a.test"},
    {.name = "mx.a.test", .issuer = INTERMEDIATE},
    {.name = "mx.a.test", .request = {.use = CERT_ANY_USE}},
    {.name = "mx.a.test", .request = {.key = CERT_RSA}},
    {.name = "*.a.test"},
    {.name = "mx.a.test", .from = -10, .until = 10},
    {.name = "mx.a.test", .from = 1, .status = GNUTLS_CERT_NOT_ACTIVATED},
    {.name = "mx.a.test", .until = -1, .status = GNUTLS_CERT_EXPIRED},
    {.name = "mx.a.test", .until = -40, .status = GNUTLS_CERT_EXPIRED},
    {.name = "mx.a.test",
	.issuer = STRANGER,
	.status = GNUTLS_CERT_SIGNER_NOT_FOUND},
    {.name = "mx.a.test",
	.issuer = ISSUERS,
	.status = GNUTLS_CERT_SIGNER_NOT_FOUND},
    {.name = "mx.a.test", .issuer = NAMESAKE, .status = GNUTLS_CERT_INVALID},
    {.name = "mx.a.test",
	.issuer = SERVER,
	.status = GNUTLS_CERT_SIGNER_NOT_CA},
    {.name = "my.a.test", .status = GNUTLS_CERT_UNEXPECTED_OWNER},
    {.name = "*.test", .status = GNUTLS_CERT_UNEXPECTED_OWNER},
    {.name = "*.mx.a.test", .status = GNUTLS_CERT_UNEXPECTED_OWNER},
    {.name = "mx.a.test",
	.request = {.use = CERT_CLIENT},
	.status = GNUTLS_CERT_PURPOSE_MISMATCH},
    {.name = "mx.a.test",
	.request = {.use = CERT_CODE_SIGNING},
	.status = GNUTLS_CERT_PURPOSE_MISMATCH},
};

START_TEST(judge)
{
	const struct judgement *row = &judgements[_i];
	struct cert_request request = row->request;
	struct cert *issuers[ISSUERS + 1] = {NULL};
	gnutls_x509_trust_list_t anchors;
	struct cert *cert;
	time_t now = time(NULL);
	unsigned status;

	make_issuers(issuers);
	request.names = TEXTS("other.test", row->name);
	request.issuer = issuers[row->issuer];
	request.from = row->from == 0 ? 0 : now + row->from * DAY;
	request.until = row->until == 0 ? 0 : now + row->until * DAY;
	cert = certs_make(&request);
	ck_assert_int_lt(gnutls_x509_crt_get_activation_time(cert->certificate),
	    gnutls_x509_crt_get_expiration_time(cert->certificate));
	certs_save(cert, ".", "server");
	certs_write("ca.pem", LIST(issuers[AUTHORITY]));
	anchors = load_anchors("ca.pem", 1);
	status = verify(
	    anchors, "server.pem", GNUTLS_DT_DNS_HOSTNAME, "mx.a.test", 0);
	ck_assert_msg((status & row->status) == row->status &&
			  (status == 0) == (row->status == 0),
	    "%s: %#x", row->name, status);
	gnutls_x509_trust_list_deinit(anchors, 1);
	certs_free(cert);
	free_issuers(issuers);
}
END_TEST

START_TEST(addresses)
{
	struct cert *cert = certs_make(&(struct cert_request){
	    .common_name = "by address",
	    .addresses = TEXTS("127.0.0.2", "::1"),
	});
	gnutls_x509_trust_list_t anchors;
	struct in6_addr v6 = IN6ADDR_LOOPBACK_INIT;
	struct in_addr v4 = {htonl(INADDR_LOOPBACK + 1)};

	certs_write("self.pem", LIST(cert));
	anchors = load_anchors("self.pem", 1);
	ck_assert_uint_eq(
	    verify(anchors, "self.pem", GNUTLS_DT_IP_ADDRESS, &v4, sizeof v4),
	    0);
	ck_assert_uint_eq(
	    verify(anchors, "self.pem", GNUTLS_DT_IP_ADDRESS, &v6, sizeof v6),
	    0);
	v4.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_uint_ne(
	    verify(anchors, "self.pem", GNUTLS_DT_IP_ADDRESS, &v4, sizeof v4),
	    0);
	gnutls_x509_trust_list_deinit(anchors, 1);
	certs_free(cert);
}
END_TEST

/* The chain leaves the root out; the key fits and is private. */
START_TEST(saved)
{
	struct cert *issuers[ISSUERS];
	gnutls_certificate_credentials_t credentials;
	gnutls_x509_crt_t *list;
	struct stat info;
	struct cert *cert;
	unsigned count;

	make_issuers(issuers);
	cert = certs_make_server(issuers[INTERMEDIATE], "mx.a.test");
	certs_save(cert, ".", "mx");
	count = load(&list, "mx.pem");
	ck_assert_uint_eq(count, 2);
	ck_assert(gnutls_x509_crt_equals(list[0], cert->certificate));
	unload(list, count);
	ck_assert_int_eq(stat("mx.key", &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0600);
	gnutls_certificate_allocate_credentials(&credentials);
	ck_assert_int_ge(gnutls_certificate_set_x509_key_file(credentials,
			     "mx.pem", "mx.key", GNUTLS_X509_FMT_PEM),
	    0);
	certs_write_key("mx.key", issuers[SERVER]);
	ck_assert_int_eq(gnutls_certificate_set_x509_key_file(credentials,
			     "mx.pem", "mx.key", GNUTLS_X509_FMT_PEM),
	    GNUTLS_E_CERTIFICATE_KEY_MISMATCH);
	gnutls_certificate_free_credentials(credentials);
	certs_free(cert);
	free_issuers(issuers);
}
END_TEST

/* A renewed CA has the name and the key of the old one. */
START_TEST(renewed)
{
	struct cert *old = certs_make(&(struct cert_request){
	    .common_name = "CA",
	    .use = CERT_CA,
	    .until = time(NULL) - DAY,
	});
	struct cert *new = certs_make(&(struct cert_request){
	    .common_name = "CA",
	    .use = CERT_CA,
	    .key_of = old,
	});
	struct cert *server = certs_make_server(old, "mx.a.test");
	gnutls_x509_trust_list_t anchors;

	certs_write("ca.pem", LIST(old, new));
	certs_write_chain("mx.pem", server);
	anchors = load_anchors("ca.pem", 2);
	ck_assert_uint_eq(
	    verify(anchors, "mx.pem", GNUTLS_DT_DNS_HOSTNAME, "mx.a.test", 0),
	    0);
	gnutls_x509_trust_list_deinit(anchors, 1);
	certs_free(server);
	certs_free(new);
	certs_free(old);
}
END_TEST

START_TEST(anchor_directory)
{
	struct cert *a = certs_make_ca("A");
	struct cert *b = certs_make_ca("B");
	gnutls_x509_crt_t *list;
	unsigned count;

	certs_write_directory("plain", LIST(a, b), CERTS_NO_LINKS);
	certs_write_directory("linked", LIST(a, b), CERTS_LINKS);
	ck_assert_int_eq(access("plain/anchor-01.pem", R_OK), 0);
	ck_assert_int_ne(access("plain/00000001.0", F_OK), 0);
	count = load(&list, "linked/00000001.0");
	ck_assert_uint_eq(count, 1);
	ck_assert(gnutls_x509_crt_equals(list[0], b->certificate));
	unload(list, count);
	certs_free(a);
	certs_free(b);
}
END_TEST

START_TEST(bundle)
{
	enum cert_key key = (enum cert_key)_i;
	struct cert *ca = certs_make_ca("CA");
	struct cert *server = certs_make_server(ca, "mx.a.test");
	gnutls_x509_trust_list_t anchors;

	certs_write_chain("mx.pem", server);
	certs_write_bundle(
	    "strangers.pem", STRANGERS, key, (const struct cert *[]){NULL});
	certs_write_bundle("bundle.pem", STRANGERS, key, LIST(ca));
	anchors = load_anchors("strangers.pem", STRANGERS);
	ck_assert_uint_ne(
	    verify(anchors, "mx.pem", GNUTLS_DT_DNS_HOSTNAME, "mx.a.test", 0),
	    0);
	gnutls_x509_trust_list_deinit(anchors, 1);
	anchors = load_anchors("bundle.pem", STRANGERS + 1);
	ck_assert_uint_eq(
	    verify(anchors, "mx.pem", GNUTLS_DT_DNS_HOSTNAME, "mx.a.test", 0),
	    0);
	gnutls_x509_trust_list_deinit(anchors, 1);
	certs_free(server);
	certs_free(ca);
}
END_TEST

SUITE("certs")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter_home, NULL);
	tcase_add_loop_test(tcase, judge, 0, COUNT(judgements));
	tcase_add_test(tcase, addresses);
	tcase_add_test(tcase, saved);
	tcase_add_test(tcase, renewed);
	tcase_add_test(tcase, anchor_directory);
	tcase_add_loop_test(tcase, bundle, CERT_ECDSA, CERT_RSA + 1);
}
