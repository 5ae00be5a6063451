/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dane-bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tlsa-text.h"

enum { SHOWN = 8, CODE = 4, WRONG_AT = 4 };

/* What a row needs while it is played. */
struct stand {
	const struct dane_row *row;
	struct scene scene;
	struct tls_bench bench;
	struct cert *own;
	struct peer_script script, other;
	char *zone;
};

static const struct cert *cert_of(const struct stand *stand, char letter)
{
	switch (letter) {
	case 'l': return stand->own;
	case 'c': return stand->bench.ca;
	case 'i': return stand->bench.intermediate;
	case 's': return stand->bench.stranger;
	default: ck_abort_msg("a certificate %c", letter);
	}
}

static const struct peer_tls *make_tls(const struct stand *stand)
{
	const char *shows = stand->row->shows != NULL ? stand->row->shows : "l";
	const struct cert *list[SHOWN] = {NULL};

	ck_assert_uint_lt(strlen(shows), SHOWN);
	for (size_t i = 0; shows[i] != '\0'; i++)
		list[i] = cert_of(stand, shows[i]);
	return tls_bench_show(&stand->bench, list,
	    &(struct peer_tls_options){
		.priority = "NORMAL:%DEBUG_ALLOW_KEY_USAGE_VIOLATIONS"});
}

static void put_record(
    const struct stand *stand, FILE *zone, const char *record)
{
	const char *owner =
	    stand->row->owner != NULL ? stand->row->owner : TLS_HOST;
	const struct cert *cert = cert_of(stand, record[0]);
	char *text;

	ck_assert_uint_ge(strlen(record), CODE);
	text = (record[WRONG_AT] == 'x' ? tlsa_text_wrong : tlsa_text)(cert,
	    (unsigned)(record[1] - '0'), (unsigned)(record[2] - '0'),
	    (unsigned)(record[3] - '0'));
	fprintf(zone, DANE_TLSA "%s TLSA %s\n", owner, text);
	free(text);
}

static void make_zone(struct stand *stand)
{
	const struct dane_row *row = stand->row;
	size_t size;
	FILE *zone = open_memstream(&stand->zone, &size);

	ck_assert_ptr_nonnull(zone);
	fputs(row->zone != NULL ? row->zone : TLS_ZONE DANE_SIGNED, zone);
	for (int i = 0; i < DANE_RECORDS && row->records[i] != NULL; i++)
		put_record(stand, zone, row->records[i]);
	fclose(zone);
	stand->scene.zone = stand->zone;
}

/* The row's server, and another one, which has no TLS. */
static void start(struct stand *stand)
{
	const struct dane_row *row = stand->row;
	struct scene *scene = &stand->scene;

	scene_furnish(scene);
	tls_bench_make(&stand->bench, scene);
	stand->own = tls_bench_cert(&stand->bench, row->identity);
	stand->script = (struct peer_script){
	    .capabilities = row->capabilities != NULL ? row->capabilities
						      : "PIPELINING\nSTARTTLS",
	    .capabilities_tls = row->under,
	    .tls = make_tls(stand),
	    .overrides = {row->override}};
	scene->servers[0] = (struct peer_address){
	    .address = "127.0.0.2", .script = &stand->script};
	scene->servers[1] = (struct peer_address){
	    .address = "127.0.0.3", .script = &stand->other};
	make_zone(stand);
	scene_start(scene);
}

static void put_routes(const struct scene *scene, const char *routes)
{
	const char *hole = strstr(routes, SCENE_PORT);

	scene_control(scene, "smtproutes", "%.*s%u%s", (int)(hole - routes),
	    routes, (unsigned)peer_port(scene->peer),
	    hole + strlen(SCENE_PORT));
}

static void set_up(const struct stand *stand)
{
	const struct dane_row *row = stand->row;
	const struct scene *scene = &stand->scene;

	if (!row->off)
		home_control(&scene->home, "dane", "1\n");
	if (!row->anchors)
		home_remove_control(&scene->home, "trustanchors");
	if (row->strictness != NULL)
		home_control(&scene->home, "tlsstrictness", row->strictness);
	if (row->policy != NULL)
		scene_control(scene, "tlspolicy", ":%s\n", row->policy);
	if (row->routes != NULL)
		put_routes(scene, row->routes);
}

static void expect(const struct stand *stand)
{
	const struct dane_row *row = stand->row;
	const struct scene *scene = &stand->scene;
	size_t questions = dns_queries(scene->dns, NULL, "TLSA");

	scene_expect(scene, row->verdict, row->text);
	scene_expect_visits(
	    scene, row->visits != NULL ? row->visits : "127.0.0.2");
	ck_assert_uint_eq(scene_messages(scene), row->verdict == 'K');
	if (!row->clear)
		tls_bench_expect_private(scene);
	if (row->sni != NULL)
		ck_assert_str_eq(
		    scene->transcript->connections[0].facts.sni, row->sni);
	ck_assert_msg(
	    row->questions == 0 ||
		questions == (row->questions > 0 ? (size_t)row->questions : 0),
	    "%zu questions", questions);
}

void dane_bench_play(const struct dane_row *row)
{
	static const char *const impatient[] = {
	    "RES_OPTIONS=retrans:1000 retry:1 timeout:1 attempts:1", NULL};
	struct stand stand = {.row = row,
	    .scene.delivery.environment = row->impatient ? impatient : NULL};

	start(&stand);
	set_up(&stand);
	scene_deliver(&stand.scene, row->host != NULL ? row->host : "a.test");
	scene_stop(&stand.scene);
	expect(&stand);
	scene_free(&stand.scene);
	certs_free(stand.own);
	tls_bench_free(&stand.bench);
	free(stand.zone);
}
