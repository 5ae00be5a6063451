/* SPDX-License-Identifier: ISC */
/* The relay's module is that of another version: one of both was replaced. */
#include "config.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"

/* Reads the module that is beside the program under test. */
static void read_module(struct bytes *module)
{
	char *program = deliver_program(), *path, buffer[65536];
	FILE *file;
	size_t size;

	ck_assert_int_gt(asprintf(&path, "%s/relay.so", dirname(program)), 0);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while ((size = fread(buffer, 1, sizeof buffer, file)) > 0)
		bytes_add(module, buffer, size);
	fclose(file);
	free(path);
	free(program);
}

/* Changes the version wherever it is a string of its own. */
static size_t change_version(struct bytes *module)
{
	static const char version[] = "\0" PACKAGE_VERSION;
	char *at = module->data, *end = module->data + module->length;
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), version, sizeof version)) !=
	       NULL) {
		at[1] ^= 1;
		at += sizeof version - 1;
		count++;
	}
	return count;
}

START_TEST(another_version)
{
	struct peer_script script = {.capabilities = "PIPELINING\nSTARTTLS"};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	char path[HOME_PATH], variable[HOME_PATH + 16];
	const char *environment[] = {variable, NULL};
	struct bytes module = {0};
	struct tls_bench bench;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	read_module(&module);
	ck_assert_uint_gt(change_version(&module), 0);
	home_write(&scene.home, "relay.so", module.data, module.length);
	snprintf(variable, sizeof variable, "QR_TEST_RELAY=%s",
	    home_path(&scene.home, "relay.so", path));
	scene.delivery.environment = environment;
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z',
	    "/relay.so: it belongs to another version of qmail-remote. "
	    "(#4.3.0)\n");
	ck_assert_uint_eq(scene_messages(&scene), 0);
	bytes_free(&module);
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tls-module");
	TCase *tcase = tcase_create("module");

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, another_version);
	return suite_run(suite);
}
