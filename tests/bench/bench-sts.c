/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-sts.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dns.h"
#include "peer.h"
#include "sts/cache.h"

#define DOMAIN "example.test"
#define EXCHANGER "mx.example.test"

/* The difference is a fiftieth of the figures. */
enum { ROUNDS = SERIES_MAX };

static const char zone[] =
    DOMAIN " MX 1 " EXCHANGER "\n" EXCHANGER " A 127.0.0.2\n"
	   "_mta-sts." DOMAIN " TXT text:v=STSv1;id=1;\n";

static void keep_policy(const struct home *home)
{
	char text[] = "version: STSv1\nmode: enforce\nmx: " EXCHANGER
		      "\nmax_age: 604800\n";
	struct sts_entry entry = {.id = "1",
	    .fetched = (int64_t)time(NULL),
	    .text = text,
	    .size = strlen(text)};
	struct sts_cache cache;
	char run[HOME_PATH];
	bool waited;

	sts_cache_open(
	    &cache, home_path(home, "run/qmail-remote", run), DOMAIN);
	if (!sts_cache_lock(&cache, deadline_in(0), &waited) ||
	    !sts_cache_write(&cache, &entry))
		err(99, "%s", run);
	sts_cache_close(&cache);
}

static struct peer_tls *make_tls(const struct stage *stage)
{
	char certificate[HOME_PATH], key[HOME_PATH];
	struct cert *cert = certs_make_server(stage->issuers[1], EXCHANGER);

	certs_save(cert, stage->files.path, "exchanger");
	certs_free(cert);
	return peer_tls_new(
	    &(struct peer_tls_options){.certificate = home_path(&stage->files,
					   "exchanger.pem", certificate),
		.key = home_path(&stage->files, "exchanger.key", key)});
}

/* The same program twice, with a home for each. */
static void make_pair(struct stage *pair, const struct stage *stage)
{
	*pair = *stage;
	pair->count = 2;
	for (size_t i = 0; i < pair->count; i++) {
		pair->contenders[i] =
		    (struct contender){.program = stage->contenders[0].program};
		home_make(&pair->contenders[i].home);
	}
	stage_control(pair, "me", "bench.invalid\n");
	stage_serve(pair, STAGE_TLS, STAGE_ONE);
	stage_control(pair, "smtproutes", NULL);
	stage_control(pair, "mtasts", "1\n");
	home_remove_control(&pair->contenders[1].home, "mtasts");
	keep_policy(&pair->contenders[0].home);
}

static void show(const struct stage_result *result)
{
	const struct series *with = &result->trials[0].series;
	const struct series *without = &result->trials[1].series;
	struct series more = {0};

	for (size_t i = 0; i < with->count; i++)
		series_add(&more, with->values[i] - without->values[i]);
	table_row(
	    &(struct table_row){.label = "without mtasts", .values = without});
	table_row(&(struct table_row){.label = "a policy that is kept",
	    .values = with,
	    .floor = without});
	table_row(&(struct table_row){.label = "the difference",
	    .values = &more,
	    .target = TABLE_AT_MOST,
	    .limit = 0.1});
}

void bench_sts(const struct stage *stage)
{
	struct peer_script script = {.capabilities = "PIPELINING\nSTARTTLS"};
	struct peer_address address = {
	    .address = "127.0.0.2", .script = &script};
	struct stage_order order = {.message = STAGE_SMALL};
	struct stage_result result = {0};
	struct stage pair;
	struct peer_tls *tls = make_tls(stage);
	struct dns *dns = dns_start(zone, NULL);
	struct peer *peer;

	script.tls = tls;
	peer = peer_start(&address, 1);
	order.port = peer_port(peer);
	order.dns = dns_address(dns);
	make_pair(&pair, stage);
	table_begin("9. CPU with a policy of MTA-STS, TLS verified, ms",
	    "without mtasts", false);
	stage_measure(&pair, &order, NULL, SERIES_CPU, ROUNDS, &result);
	show(&result);
	transcript_free(peer_stop(peer));
	dns_stop(dns);
	peer_tls_free(tls);
}
