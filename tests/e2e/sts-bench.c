/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts-bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <check.h>

#include "sts/cache.h"

static void make_host_certificate(const struct sts_bench *bench)
{
	struct cert *cert = certs_make_server(bench->tls.ca, STS_HOST);

	certs_save(cert, bench->scene.home.path, "host");
	certs_free(cert);
}

void sts_bench_make(struct sts_bench *bench)
{
	struct scene *scene = &bench->scene;
	size_t count = 0;

	if (scene->zone == NULL)
		scene->zone = STS_ZONE;
	scene_furnish(scene);
	tls_bench_make(&bench->tls, scene);
	make_host_certificate(bench);
	scene_control(scene, "mtasts", "1\n");
	snprintf(bench->port, sizeof bench->port, "QR_TEST_HTTPS_PORT=1");
	bench->environment[count++] = bench->port;
	bench->environment[count++] = "QR_TEST_LOCAL_POLICIES=1";
	scene->delivery.environment = bench->environment;
}

void sts_bench_free(struct sts_bench *bench)
{
	if (bench->https != NULL)
		https_stop(bench->https);
	if (bench->shadow != NULL)
		https_stop(bench->shadow);
	tls_bench_free(&bench->tls);
	scene_free(&bench->scene);
}

void sts_bench_host(
    struct sts_bench *bench, const struct https_options *options)
{
	struct https_options own = *options;
	char certificate[HOME_PATH], key[HOME_PATH];

	if (own.certificate == NULL) {
		own.certificate =
		    home_path(&bench->scene.home, "host.pem", certificate);
		own.key = home_path(&bench->scene.home, "host.key", key);
	}
	if (own.body == NULL)
		own.body = STS_ENFORCE;
	if (bench->https != NULL)
		https_stop(bench->https);
	if (bench->shadow != NULL)
		https_stop(bench->shadow);
	bench->shadow = https_start(&own);
	snprintf(bench->scene.shadow.https, sizeof bench->scene.shadow.https,
	    "QR_TEST_HTTPS_PORT=%u", (unsigned)https_port(bench->shadow));
	bench->https = https_start(&own);
	snprintf(bench->port, sizeof bench->port, "QR_TEST_HTTPS_PORT=%u",
	    (unsigned)https_port(bench->https));
}

void sts_bench_server(struct sts_bench *bench, struct peer_script *script,
    enum tls_identity identity)
{
	static const char *const addresses[] = {
	    "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"};
	struct peer_address *server = bench->scene.servers;
	size_t count = 0;

	while (server[count].address != NULL)
		count++;
	ck_assert_uint_lt(count, COUNT(addresses));
	script->tls = tls_bench_serve(&bench->tls, identity, NULL);
	if (script->capabilities == NULL)
		script->capabilities = "PIPELINING\nSTARTTLS";
	server[count] = (struct peer_address){
	    .address = addresses[count], .script = script};
}

void sts_bench_zone(struct sts_bench *bench, const char *zone)
{
	bench->scene.zone = zone;
	if (bench->scene.dns == NULL)
		return;
	dns_stop(bench->scene.dns);
	bench->scene.dns = dns_start(zone, &bench->scene.dns_options);
	if (bench->scene.unprobed == NULL)
		shadow_resolve(
		    &bench->scene.shadow, zone, &bench->scene.dns_options);
}

void sts_bench_deliver(struct sts_bench *bench)
{
	if (bench->scene.dns == NULL)
		scene_start(&bench->scene);
	scene_deliver(&bench->scene, "a.test");
}

void sts_bench_play(struct sts_bench *bench)
{
	sts_bench_deliver(bench);
	scene_stop(&bench->scene);
}

void sts_bench_cache(const struct sts_bench *bench, const char *policy,
    const char *id, long age, const char *failed_id, long failed_age)
{
	struct sts_entry entry = {.fetched = (int64_t)time(NULL) - age,
	    .failed = (int64_t)time(NULL) - failed_age,
	    .text = (char *)(uintptr_t)policy,
	    .size = policy != NULL ? strlen(policy) : 0};
	struct sts_cache cache;
	char run[HOME_PATH];
	bool waited;

	snprintf(entry.id, sizeof entry.id, "%s", id);
	snprintf(entry.failed_id, sizeof entry.failed_id, "%s", failed_id);
	sts_cache_open(&cache,
	    home_path(&bench->scene.home, "run/qmail-remote", run), "a.test");
	ck_assert(sts_cache_lock(&cache, deadline_in(20), &waited));
	ck_assert(sts_cache_write(&cache, &entry));
	sts_cache_close(&cache);
}

void sts_bench_script(struct sts_bench *bench, const char *text)
{
	char path[HOME_PATH];

	home_write(&bench->scene.home, "script", text, strlen(text));
	home_path(&bench->scene.home, "script", path);
	ck_assert_int_eq(chmod(path, 0700), 0);
	snprintf(bench->program, sizeof bench->program, "QR_TEST_STS=%s", path);
	bench->environment[2] = bench->program;
}

void sts_bench_witness(struct sts_bench *bench)
{
	char text[2 * HOME_PATH], path[HOME_PATH];

	snprintf(text, sizeof text,
	    "#!/bin/sh\nfor i; do echo \"$i\"; done >%s\n"
	    "printf 'failed 4\\noops'\n",
	    home_path(&bench->scene.home, "witness", path));
	sts_bench_script(bench, text);
}

bool sts_bench_arguments(const struct sts_bench *bench, struct bytes *arguments)
{
	return home_read(&bench->scene.home, "witness", arguments);
}
