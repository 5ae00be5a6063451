/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "auth-bench.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

static char zone[512];

void auth_bench_make(struct auth_bench *bench)
{
	memset(bench, 0, sizeof *bench);
	bench->script = (struct peer_script){.capabilities = "STARTTLS",
	    .capabilities_tls = PEER_MECHANISMS,
	    .account = {
		.user = AUTH_USER, .secret = AUTH_SECRET, .required = true}};
	scene_furnish(&bench->scene);
	tls_bench_make(&bench->tls, &bench->scene);
}

static void start(
    struct auth_bench *bench, const char *address, const char *records)
{
	struct scene *scene = &bench->scene;

	snprintf(zone, sizeof zone,
	    "b.test MX 10 " TLS_HOST "\n" TLS_HOST " A %s\n%s", address,
	    records);
	scene->zone = zone;
	scene->servers[0] =
	    (struct peer_address){.address = address, .script = &bench->script};
	bench->script.tls = bench->serving;
	scene_start(scene);
}

void auth_bench_start(
    struct auth_bench *bench, const char *address, enum tls_identity identity)
{
	bench->serving = tls_bench_serve(&bench->tls, identity, NULL);
	start(bench, address, "");
}

void auth_bench_show(struct auth_bench *bench, const char *address,
    const struct cert *cert, const char *records)
{
	const struct cert *list[] = {cert, NULL};

	bench->serving = tls_bench_show(&bench->tls, list, NULL);
	start(bench, address, records);
}

void auth_bench_route(struct auth_bench *bench, const char *credentials)
{
	scene_control(&bench->scene, "smtproutes", ":" TLS_HOST ":%u%s\n",
	    peer_port(bench->scene.peer), credentials);
}

void auth_bench_play(
    struct auth_bench *bench, const char *address, enum tls_identity identity)
{
	auth_bench_start(bench, address, identity);
	auth_bench_route(bench, "|" AUTH_USER "|" AUTH_SECRET);
	scene_deliver(&bench->scene, "b.test");
	scene_stop(&bench->scene);
}

bool auth_bench_tried(const struct auth_bench *bench, bool in_clear)
{
	const struct transcript *transcript = bench->scene.transcript;

	for (size_t i = 0; i < transcript->count; i++) {
		const struct transcript_connection *connection =
		    &transcript->connections[i];
		const struct bytes *received = &connection->received;
		size_t clear =
		    connection->tls ? connection->tls_at : received->length;
		size_t from = in_clear ? 0 : clear;
		size_t size = in_clear ? clear : received->length - clear;

		if (size > 0 &&
		    memmem(received->data + from, size, "AUTH ", 5) != NULL)
			return true;
	}
	return false;
}

void auth_bench_free(struct auth_bench *bench)
{
	scene_free(&bench->scene);
	tls_bench_free(&bench->tls);
}
