/* SPDX-License-Identifier: ISC */
/* A module or a relay that is not there, or not that of this qmail-remote. */
#include "config.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"

#define FOREIGN_HOST                                                           \
	"b\xc3\xbc"                                                            \
	"cher.test"

/* Whose module is another, and for whom mail goes out nevertheless. */
struct use {
	const char *file, *variable;
	const char *host, *other_host;
	unsigned connections; /* before the module is needed */
	const char *report;
};
static const struct use relay = {
    "qmail-remote-relay", "QR_TEST_RELAY", "a.test", NULL, 1, "run"};
static const struct use idn = {
    "idn.so", "QR_TEST_IDN", FOREIGN_HOST, "a.test", 0, "load"};

static void deliver_with(struct scene *scene, const struct use *use,
    const char *host, const char *module)
{
	static struct peer_script script = {
	    .capabilities = "PIPELINING\nSTARTTLS"};
	char *variable;
	struct tls_bench bench;

	ck_assert_int_gt(
	    asprintf(&variable, "%s=%s", use->variable, module), 0);
	*scene = (struct scene){.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}},
	    .delivery = {.environment = (const char *[]){variable, NULL}}};
	scene_furnish(scene);
	tls_bench_make(&bench, scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	scene_play(scene, host);
	tls_bench_free(&bench);
	free(variable);
}

static void expect_waiting(struct scene *scene, const struct use *use,
    const char *module, const char *reason)
{
	char *text;

	ck_assert_int_gt(
	    asprintf(&text, "Unable to %s %s: %s", use->report, module, reason),
	    0);
	scene_expect(scene, 'Z', text);
	scene_expect(scene, 'Z', ". (#4.3.0)\n");
	ck_assert_uint_eq(scene->transcript->count, use->connections);
	ck_assert_uint_eq(scene_messages(scene), 0);
	free(text);
}

/* Any other shared object will do; reasons are the loader's. */
static const struct stranger {
	const struct use *use;
	const char *module;
} strangers[] = {
    {&relay, "/nonexistent/relay"},
    {&relay, "/dev/null"},
    {&relay, "libc.so.6"},
    {&relay, "/bin/true"},
    {&idn, "/nonexistent/idn.so"},
    {&idn, "/dev/null"},
    {&idn, "libc.so.6"},
};

START_TEST(no_module)
{
	const struct stranger *stranger = &strangers[_i];
	struct scene scene;
	const char *text;

	deliver_with(
	    &scene, stranger->use, stranger->use->host, stranger->module);
	expect_waiting(&scene, stranger->use, stranger->module, "");
	/* The loader names the path as well; once is enough. */
	text = strstr(scene.outcome.chunks[0].text, stranger->module);
	ck_assert_ptr_nonnull(text);
	ck_assert(stranger->module[0] != '/' ||
		  strstr(text + 1, stranger->module) == NULL);
	scene_free(&scene);
}
END_TEST

/* It is not asked for where it is not needed. */
START_TEST(no_module_needed)
{
	struct scene scene;

	deliver_with(&scene, &idn, idn.other_host, "/nonexistent/idn.so");
	scene_expect(&scene, 'K', "");
	scene_free(&scene);
}
END_TEST

/* Reads the module that is beside the program under test. */
static void read_module(const char *name, struct bytes *module)
{
	char *program = deliver_program(), *path, buffer[65536];
	FILE *file;
	size_t size;

	ck_assert_int_gt(asprintf(&path, "%s/%s", dirname(program), name), 0);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while ((size = fread(buffer, 1, sizeof buffer, file)) > 0)
		bytes_add(module, buffer, size);
	fclose(file);
	free(path);
	free(program);
}

/* Changes the version wherever it is a string, or the end of one. */
static size_t change_version(struct bytes *module)
{
	static const char version[] = PACKAGE_VERSION;
	char *at = module->data, *end = module->data + module->length;
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), version, sizeof version)) !=
	       NULL) {
		*at ^= 1;
		at += sizeof version;
		count++;
	}
	return count;
}

static void expect_other_version(const struct use *use)
{
	char path[HOME_PATH];
	struct bytes module = {0};
	struct home files;
	struct scene scene;

	home_make(&files);
	read_module(use->file, &module);
	ck_assert_uint_gt(change_version(&module), 0);
	home_write(&files, use->file, module.data, module.length);
	home_path(&files, use->file, path);
	ck_assert_int_eq(chmod(path, 0700), 0);
	deliver_with(&scene, use, use->host, path);
	expect_waiting(
	    &scene, use, path, "it belongs to another version of qmail-remote");
	bytes_free(&module);
	scene_free(&scene);
}

START_TEST(another_relay)
{
	expect_other_version(&relay);
}
END_TEST

START_TEST(another_idn)
{
	expect_other_version(&idn);
}
END_TEST

LOOPBACK_SUITE("modules")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(
	    tcase, no_module, 0, (int)(sizeof strangers / sizeof strangers[0]));
	tcase_add_test(tcase, no_module_needed);
	tcase_add_test(tcase, another_relay);
	tcase_add_test(tcase, another_idn);
}
