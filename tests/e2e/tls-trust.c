/* SPDX-License-Identifier: ISC */
/*
 * Where trust comes from: control/trustanchors in all its forms, the compiled
 * anchors, and files that cannot be used.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"

#define COMPILED "run/qmail-remote/trustanchors.cdb"
#define VERIFIED ", verified mx.a.test\n"
#define UNTRUSTED "issuer of the certificate of mx.a.test is not trusted"

/* A scene with a server of that identity, at strictness 2. */
static void start(
    struct scene *scene, struct tls_bench *bench, enum tls_identity identity)
{
	struct peer_script script = {.capabilities = "PIPELINING\nSTARTTLS"};

	scene->zone = TLS_ZONE;
	scene->servers[0] =
	    (struct peer_address){.address = "127.0.0.2", .script = &script};
	scene_furnish(scene);
	home_control(&scene->home, "tlsstrictness", "2\n");
	tls_bench_make(bench, scene);
	script.tls = tls_bench_serve(bench, identity, NULL);
	scene_start(scene);
}

static void finish(struct scene *scene, struct tls_bench *bench)
{
	scene_free(scene);
	tls_bench_free(bench);
}

static void expect(struct scene *scene, char verdict, const char *text)
{
	scene_deliver(scene, "a.test");
	scene_expect(scene, verdict, text);
}

/* Makes the source NAME of anchors in the home, with ca among them. */
static void make_source(
    const struct tls_bench *bench, const char *name, const struct cert *ca)
{
	const struct cert *list[] = {bench->stranger, ca, NULL};
	bool directory = name[strlen(name) - 1] == '/';
	char path[HOME_PATH];

	home_path(bench->home, name, path);
	if (directory) {
		path[strlen(path) - 1] = '\0';
		certs_write_directory(path, list,
		    strstr(name, "links") != NULL ? CERTS_LINKS
						  : CERTS_NO_LINKS);
	} else if (strcmp(name, "platform.pem") == 0) {
		certs_write_bundle(path, 140, CERT_ECDSA, list);
	} else {
		certs_write(path, list);
	}
}

static const char *const sources[] = {
    "bundle.pem", "platform.pem", "plain/", "links/"};

enum way { BY_PATH, BY_SYSTEM, BY_DEFAULT, BY_DEFAULT_SYSTEM, TRUST_WAYS };

static void point(struct scene *scene, const struct tls_bench *bench,
    const char *source, enum way way)
{
	static char variables[2][HOME_PATH + 64];
	static const char *environment[3];
	char path[HOME_PATH];

	home_path(bench->home, source, path);
	environment[0] = variables[0];
	environment[1] = variables[1];
	scene->delivery.environment = environment;
	snprintf(variables[0], sizeof variables[0],
	    "QR_TEST_DEFAULT_TRUSTANCHORS=%s",
	    way == BY_DEFAULT	       ? path
	    : way == BY_DEFAULT_SYSTEM ? "system"
				       : "/nonexistent/default");
	snprintf(variables[1], sizeof variables[1], "QR_TEST_SYSTEM_TRUST=%s",
	    way == BY_DEFAULT || way == BY_PATH ? "/nonexistent/system" : path);
	if (way == BY_PATH)
		tls_bench_point(bench, "trustanchors", source);
	else if (way == BY_SYSTEM)
		home_control(bench->home, "trustanchors", "system \n");
	else
		home_remove_control(bench->home, "trustanchors");
}

START_TEST(forms)
{
	const char *source = sources[_i / TRUST_WAYS];
	enum way way = (enum way)(_i % TRUST_WAYS);
	struct scene scene = {0};
	struct tls_bench bench;

	start(&scene, &bench, TLS_INTERMEDIATE);
	make_source(&bench, source, bench.ca);
	point(&scene, &bench, source, way);
	expect(&scene, 'K', VERIFIED);
	expect(&scene, 'K', VERIFIED);
	finish(&scene, &bench);
}
END_TEST

START_TEST(not_among_them)
{
	struct scene scene = {0};
	struct tls_bench bench;

	start(&scene, &bench, TLS_GOOD);
	make_source(&bench, sources[_i], bench.namesake);
	point(&scene, &bench, sources[_i], BY_PATH);
	expect(&scene, 'Z', "TLS with mx.a.test failed");
	expect(&scene, 'Z', "TLS with mx.a.test failed");
	finish(&scene, &bench);
}
END_TEST

/* What control/trustanchors says to have no TLS; NULL: it is not there. */
static const char *const nothing[] = {NULL, "", "\n", " \t\n"};

START_TEST(disabled)
{
	const char *text = nothing[_i];
	static const char *const environment[] = {
	    "QR_TEST_DEFAULT_TRUSTANCHORS=/nonexistent", NULL};
	struct scene scene = {0};
	struct tls_bench bench;
	char path[HOME_PATH];

	start(&scene, &bench, TLS_GOOD);
	if (text == NULL) {
		home_path(&scene.home, "control/trustanchors", path);
		ck_assert_int_eq(unlink(path), 0);
	} else {
		home_control(&scene.home, "trustanchors", text);
		scene.delivery.environment = environment;
	}
	expect(&scene, 'Z', "trustanchors");
	home_control(&scene.home, "tlsstrictness", "0\n");
	expect(&scene, 'K', "queued as TEST\n");
	home_control(&scene.home, "tlsstrictness", "1\n");
	expect(&scene, 'K', "queued as TEST\n");
	scene_stop(&scene);
	ck_assert_uint_eq(scene.transcript->count, 2);
	for (size_t i = 0; i < 2; i++)
		ck_assert_uint_eq(
		    transcript_count(
			&scene.transcript->connections[i], PEER_STARTTLS),
		    0);
	finish(&scene, &bench);
}
END_TEST

/* Anchors come and go with the file. */
START_TEST(replaced)
{
	struct scene scene = {0};
	struct tls_bench bench;
	char path[HOME_PATH], elsewhere[HOME_PATH];

	start(&scene, &bench, TLS_GOOD);
	expect(&scene, 'K', VERIFIED);
	certs_write(home_path(&scene.home, "ca.pem", path),
	    (const struct cert *const[]){bench.namesake, NULL});
	expect(&scene, 'Z', "TLS with mx.a.test failed");
	certs_write(path, (const struct cert *const[]){bench.ca, NULL});
	expect(&scene, 'K', VERIFIED);
	tls_bench_point(&bench, "trustanchors", "stranger.pem");
	expect(&scene, 'Z', UNTRUSTED);
	make_source(&bench, "plain/", bench.ca);
	tls_bench_point(&bench, "trustanchors", "plain/");
	expect(&scene, 'K', VERIFIED);
	home_path(&scene.home, "plain/anchor-01.pem", path);
	home_path(&scene.home, "elsewhere", elsewhere);
	ck_assert_int_eq(rename(path, elsewhere), 0);
	expect(&scene, 'Z', UNTRUSTED);
	ck_assert_int_eq(rename(elsewhere, path), 0);
	expect(&scene, 'K', VERIFIED);
	finish(&scene, &bench);
}
END_TEST

/*
 * Wherever the compiled anchors are damaged, the peer that verifies goes on
 * to verify, and the other one goes on not to.
 */
static const struct {
	enum tls_identity identity;
	char verdict;
	const char *text;
} peers[] = {
    {TLS_GOOD, 'K', VERIFIED},
    {TLS_UNKNOWN_CA, 'Z', UNTRUSTED},
    {TLS_NAMESAKE_CA, 'Z', "TLS with mx.a.test failed"},
};

START_TEST(damaged)
{
	enum { STEP = 251 };
	struct scene scene = {0};
	struct tls_bench bench;
	struct bytes compiled;

	start(&scene, &bench, peers[_i].identity);
	expect(&scene, peers[_i].verdict, peers[_i].text);
	ck_assert(home_read(&scene.home, COMPILED, &compiled));
	for (size_t at = 1; at < compiled.length; at += STEP) {
		compiled.data[at] = (char)~compiled.data[at];
		home_write(
		    &scene.home, COMPILED, compiled.data, compiled.length);
		compiled.data[at] = (char)~compiled.data[at];
		expect(&scene, peers[_i].verdict, peers[_i].text);
	}
	for (size_t left = 0; left < compiled.length; left += 4 * STEP) {
		home_write(&scene.home, COMPILED, compiled.data, left);
		expect(&scene, peers[_i].verdict, peers[_i].text);
	}
	bytes_free(&compiled);
	finish(&scene, &bench);
}
END_TEST

/* The run directory is not there, or something else is. */
START_TEST(without_run_directory)
{
	struct scene scene = {0};
	struct tls_bench bench;
	char path[HOME_PATH];

	start(&scene, &bench, TLS_GOOD);
	home_path(&scene.home, "run/qmail-remote", path);
	if (_i == 2) {
		home_path(&scene.home, COMPILED, path);
		ck_assert_int_eq(mkdir(path, 0700), 0);
	} else {
		ck_assert_int_eq(rmdir(path), 0);
		if (_i == 1)
			home_write(&scene.home, "run/qmail-remote", "x", 1);
	}
	expect(&scene, 'K', VERIFIED);
	expect(&scene, 'K', VERIFIED);
	finish(&scene, &bench);
}
END_TEST

/* Files that the control files name, and what is wrong with them. */
static const struct row {
	const char *trustanchors, *clientcert, *clientkey; /* NULL: leave */
	char verdict;
	const char *text;
} rows[] = {
    {"ca.pem", "client.pem", "client.key", 'K', VERIFIED},
    {"ca.pem", "both.pem", NULL, 'K', VERIFIED},
    {"missing.pem", NULL, NULL, 'Z', "missing.pem"},
    {"missing/", NULL, NULL, 'Z', "missing/"},
    {"garbage", NULL, NULL, 'Z', "garbage"},
    {"empty", NULL, NULL, 'Z', "empty"},
    {"empty.d/", NULL, NULL, 'Z', "empty.d/"},
    {"empty.d", NULL, NULL, 'Z', "empty.d"},
    {"ca.pem/", NULL, NULL, 'Z', "ca.pem/"},
    {"client.key", NULL, NULL, 'Z', "client.key"},
    {"ca.pem", "missing.pem", "client.key", 'Z', "missing.pem"},
    {"ca.pem", "client.pem", "missing.key", 'Z', "missing.key"},
    {"ca.pem", "garbage", "client.key", 'Z', "garbage"},
    {"ca.pem", "empty", "client.key", 'Z', "empty: there is no certificate"},
    {"ca.pem", "client.key", "client.key", 'Z',
	"client.key: there is no certificate"},
    {"ca.pem", "client.pem", "garbage", 'Z', "garbage"},
    {"ca.pem", "client.pem", "empty", 'Z', "empty: there is no private key"},
    {"ca.pem", "client.pem", "client.pem", 'Z',
	"client.pem: there is no private key"},
    {"ca.pem", "client.pem", NULL, 'Z', "client.pem: there is no private key"},
    {"ca.pem", "client.pem", "other.key", 'Z', "client.pem"},
    {"ca.pem", "empty.d", "client.key", 'Z', "empty.d: Is a directory"},
    {"ca.pem", "client.pem", "empty.d", 'Z', "empty.d: Is a directory"},
    {"ca.pem", "client.pem", "secret.key", 'Z',
	"secret.key: the private key in it has a passphrase"},
};

static void make_files(const struct tls_bench *bench)
{
	struct bytes both = {0}, key;
	char path[HOME_PATH];

	tls_bench_identify(bench, bench->ca);
	home_write(bench->home, "garbage",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	    58);
	home_write(bench->home, "empty", "", 0);
	ck_assert_int_eq(
	    mkdir(home_path(bench->home, "empty.d", path), 0700), 0);
	certs_write_key(
	    home_path(bench->home, "other.key", path), bench->stranger);
	certs_write_locked_key(
	    home_path(bench->home, "secret.key", path), bench->stranger);
	ck_assert(home_read(bench->home, "client.pem", &both));
	ck_assert(home_read(bench->home, "client.key", &key));
	bytes_add(&both, key.data, key.length);
	home_write(bench->home, "both.pem", both.data, both.length);
	bytes_free(&both);
	bytes_free(&key);
}

static void set_file(
    const struct tls_bench *bench, const char *control, const char *file)
{
	char path[HOME_PATH], name[64];

	if (file != NULL) {
		tls_bench_point(bench, control, file);
		return;
	}
	snprintf(name, sizeof name, "control/%s", control);
	ck_assert_int_eq(unlink(home_path(bench->home, name, path)), 0);
}

START_TEST(files)
{
	const struct row *row = &rows[_i];
	struct scene scene = {0};
	struct tls_bench bench;

	start(&scene, &bench, TLS_GOOD);
	make_files(&bench);
	tls_bench_point(&bench, "trustanchors", row->trustanchors);
	set_file(&bench, "clientcert", row->clientcert);
	set_file(&bench, "clientkey", row->clientkey);
	expect(&scene, row->verdict, row->text);
	if (row->verdict == 'Z') {
		scene_expect(&scene, 'Z', "(#4.3.0)");
		home_control(&scene.home, "tlsstrictness", "0\n");
		expect(&scene, 'Z', row->text);
	}
	finish(&scene, &bench);
}
END_TEST

LOOPBACK_SUITE("tls-trust")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, forms, 0, (int)COUNT(sources) * TRUST_WAYS);
	tcase_add_loop_test(tcase, not_among_them, 0, (int)COUNT(sources));
	tcase_add_loop_test(tcase, disabled, 0, (int)COUNT(nothing));
	tcase_add_test(tcase, replaced);
	tcase_add_loop_test(tcase, damaged, 0, (int)COUNT(peers));
	tcase_add_loop_test(tcase, without_run_directory, 0, 3);
	tcase_add_loop_test(tcase, files, 0, (int)COUNT(rows));
}
