/* SPDX-License-Identifier: ISC */
/*
 * What stands in the environment of qmail-rspawn: a library finds nothing
 * there that was not meant for it, neither in qmail-remote nor in what that
 * becomes.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"

enum { VARIABLE = HOME_PATH + 32, FILES = 4, ENVIRONMENT = 64 };

/* Orders for libraries of ours, and for those that ours load. */
static const char *const foreign[] = {"GNUTLS_DEBUG_LEVEL=9",
    "GNUTLS_SYSTEM_PRIORITY_FILE=/nonexistent",
    "GNUTLS_SYSTEM_PRIORITY_FAIL_ON_INVALID=1", "GNUTLS_FORCE_FIPS_MODE=1",
    "CARES_HOSTS=/nonexistent", "LOCALDOMAIN=example.org",
    "HOSTALIASES=/etc/hosts", "http_proxy=http://127.0.0.1:1",
    "https_proxy=http://127.0.0.1:1", "ALL_PROXY=http://127.0.0.1:1",
    "LD_LIBRARY_PATH=/nonexistent", "LD_BIND_NOW=1", "GCONV_PATH=/nonexistent",
    "MALLOC_CHECK_=0", "LOCPATH=/nonexistent", "NLSPATH=/nonexistent",
    "TMPDIR=/nonexistent", "TZDIR=/nonexistent", "HOME=/nonexistent",
    "USER=nobody"};
static const char *const ours[] = {"LANG=C", "LANGUAGE=none", "LC_ALL=C",
    "LC_MESSAGES=C", "TZ=UTC", "RES_OPTIONS=attempts:1"};

/* Stands before qmail-remote-io, and writes down what it is given. */
static void make_witness(const struct home *home)
{
	static const char text[] = "#!/bin/sh\n"
				   "export -p >\"$QR_TEST_HOME/left\"\n"
				   "exec \"$QR_TEST_SECOND\" \"$@\"\n";
	char path[HOME_PATH];

	home_write(home, "witness", text, sizeof text - 1);
	ck_assert_int_eq(chmod(home_path(home, "witness", path), 0700), 0);
	ck_assert_int_eq(setenv("QR_TEST_IO", path, 1), 0);
}

struct variables {
	char texts[FILES][VARIABLE];
	const char *list[ENVIRONMENT];
	size_t count;
};

/* A file of the programs under test, or of the home. */
static void add_file(struct variables *variables, const char *name,
    const char *directory, const char *file)
{
	/* The files come first. */
	char *text = variables->texts[variables->count];

	snprintf(text, VARIABLE, "%s=%s/%s", name, directory, file);
	variables->list[variables->count++] = text;
}

static void add_all(
    struct variables *variables, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		variables->list[variables->count++] = list[i];
}

static void fill(struct variables *variables, const struct home *home)
{
	char *program = deliver_program();

	*strrchr(program, '/') = '\0';
	add_file(variables, "QR_TEST_SECOND", program, "qmail-remote-io");
	add_file(variables, "QR_TEST_RELAY", program, "qmail-remote-relay");
	add_file(variables, "QR_TEST_IDN", program, "idn.so");
	add_file(variables, "SSLKEYLOGFILE", home->path, "keys");
	add_all(variables, foreign, COUNT(foreign));
	add_all(variables, ours, COUNT(ours));
	variables->list[variables->count] = NULL;
	free(program);
}

/* Whether "export -p" has told of this variable. */
static bool is_left(const struct bytes *left, const char *variable)
{
	char line[VARIABLE];

	snprintf(
	    line, sizeof line, " %.*s=", (int)strcspn(variable, "="), variable);
	return bytes_contain(left, line);
}

static void expect_left(const struct home *home)
{
	struct bytes left, keys;

	ck_assert(home_read(home, "left", &left));
	for (size_t i = 0; i < COUNT(foreign); i++)
		ck_assert_msg(!is_left(&left, foreign[i]), "%s", foreign[i]);
	for (size_t i = 0; i < COUNT(ours); i++)
		ck_assert_msg(is_left(&left, ours[i]), "%s", ours[i]);
	ck_assert(is_left(&left, "PATH"));
	ck_assert(is_left(&left, "DNSCACHEIP"));
	ck_assert(!is_left(&left, "SSLKEYLOGFILE"));
	ck_assert_msg(!home_read(home, "keys", &keys), "there are keys");
	bytes_free(&left);
}

/* In clear, and under TLS. */
START_TEST(orders)
{
	struct peer_script script = {
	    .capabilities = _i == 0 ? "PIPELINING" : "STARTTLS"};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct variables variables = {0};
	struct tls_bench bench;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	make_witness(&scene.home);
	fill(&variables, &scene.home);
	scene.delivery.environment = variables.list;
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'K',
	    _i == 0 ? "accepted message" : ", verified mx.a.test\n");
	expect_left(&scene.home);
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("environment")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, orders, 0, 2);
}
