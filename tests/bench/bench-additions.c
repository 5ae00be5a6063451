/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-additions.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dns.h"
#include "peer.h"
#include "sts/cache.h"
#include "tlsa-text.h"

#define DOMAIN "example.test"
#define EXCHANGER "mx.example.test"
#define USER "user"
#define SECRET "open sesame"

/* The differences are small shares of the figures. */
enum { ROUNDS = SERIES_MAX };

/* Where the deliveries of one comparison go. */
struct destination {
	struct cert *cert;
	struct peer_tls *tls;
	struct peer_script script;
	struct peer *peer;
	struct dns *dns;
	char *zone;
};

static void keep_policy(
    const struct home *home, const struct destination *destination)
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

	(void)destination;
	home_control(home, "mtasts", "1\n");
	sts_cache_open(
	    &cache, home_path(home, "run/qmail-remote", run), DOMAIN);
	if (!sts_cache_lock(&cache, deadline_in(0), &waited) ||
	    !sts_cache_write(&cache, &entry))
		err(99, "%s", run);
	sts_cache_close(&cache);
}

static void put_policy(
    const struct home *home, const struct destination *destination)
{
	(void)destination;
	home_control(home, "tlspolicy", DOMAIN ":secure match=" EXCHANGER "\n");
}

static void want_dane(
    const struct home *home, const struct destination *destination)
{
	(void)destination;
	home_control(home, "dane", "1\n");
}

static void put_credentials(
    const struct home *home, const struct destination *destination)
{
	char line[128];

	snprintf(line, sizeof line, ":" EXCHANGER ":%u|" USER "|" SECRET "\n",
	    (unsigned)peer_port(destination->peer));
	home_control(home, "smtproutes", line);
}

static const struct addition {
	const char *label;
	void (*add)(
	    const struct home *home, const struct destination *destination);
	const char *mechanism; /* that the server offers, or NULL */
	double limit;	       /* of what it adds, in ms; 0: none */
} additions[] = {
    {"a line of tlspolicy", put_policy, NULL, 0},
    {"DANE", want_dane, NULL, 0},
    {"a policy of MTA-STS that is kept", keep_policy, NULL, 0.1},
    {"AUTH PLAIN", put_credentials, "AUTH PLAIN", 0},
    {"AUTH SCRAM-SHA-256", put_credentials, "AUTH SCRAM-SHA-256", 0},
};

static void make_zone(struct destination *destination)
{
	char *record = tlsa_text(destination->cert, 3, 1, 1);

	if (asprintf(&destination->zone,
		DOMAIN " MX 1 " EXCHANGER "\n" EXCHANGER " A 127.0.0.2\n"
		       "_mta-sts." DOMAIN " TXT text:v=STSv1;id=1;\n"
		       "_%u._tcp." EXCHANGER " TLSA %s\n* * !signed\n",
		(unsigned)peer_port(destination->peer), record) == -1)
		err(99, "zone");
	free(record);
}

static void start(struct destination *destination, const struct stage *stage,
    const char *mechanism)
{
	char certificate[HOME_PATH], key[HOME_PATH];
	struct peer_address address = {
	    .address = "127.0.0.2", .script = &destination->script};

	destination->cert = certs_make_server(stage->issuers[1], EXCHANGER);
	certs_save(destination->cert, stage->files.path, "exchanger");
	destination->tls = peer_tls_new(
	    &(struct peer_tls_options){.certificate = home_path(&stage->files,
					   "exchanger.pem", certificate),
		.key = home_path(&stage->files, "exchanger.key", key)});
	destination->script =
	    (struct peer_script){.capabilities = "PIPELINING\nSTARTTLS",
		.capabilities_tls = mechanism,
		.account = {.user = USER, .secret = SECRET},
		.tls = destination->tls};
	destination->peer = peer_start(&address, 1);
	make_zone(destination);
	destination->dns = dns_start(destination->zone, NULL);
}

static void stop(struct destination *destination)
{
	transcript_free(peer_stop(destination->peer));
	dns_stop(destination->dns);
	peer_tls_free(destination->tls);
	certs_free(destination->cert);
	free(destination->zone);
}

/* The same program twice, with a home for each. */
static void make_pair(struct stage *pair, const struct stage *stage,
    const struct destination *destination, bool routed)
{
	char line[128];

	*pair = *stage;
	pair->count = 2;
	for (size_t i = 0; i < pair->count; i++) {
		pair->contenders[i] =
		    (struct contender){.program = stage->contenders[0].program};
		home_make(&pair->contenders[i].home);
	}
	stage_control(pair, "me", "bench.invalid\n");
	stage_serve(pair, STAGE_TLS, STAGE_ONE);
	snprintf(line, sizeof line, ":" EXCHANGER ":%u\n",
	    (unsigned)peer_port(destination->peer));
	stage_control(pair, "smtproutes", routed ? line : NULL);
}

static void show(
    const struct stage_result *result, const struct addition *addition)
{
	const struct series *with = &result->trials[0].series;
	const struct series *without = &result->trials[1].series;
	struct series more = {0};

	for (size_t i = 0; i < with->count; i++)
		series_add(&more, with->values[i] - without->values[i]);
	table_row(&(struct table_row){
	    .label = addition->label, .values = with, .floor = without});
	table_row(&(struct table_row){.label = "  adds",
	    .values = &more,
	    .target = addition->limit > 0 ? TABLE_AT_MOST : TABLE_NO_TARGET,
	    .limit = addition->limit});
}

static void compare(const struct stage *stage, const struct addition *addition)
{
	struct destination destination = {0};
	struct stage_order order = {.message = STAGE_SMALL};
	struct stage_result result = {0};
	struct stage pair;

	start(&destination, stage, addition->mechanism);
	make_pair(&pair, stage, &destination, addition->mechanism != NULL);
	addition->add(&pair.contenders[0].home, &destination);
	order.port = peer_port(destination.peer);
	order.dns = dns_address(destination.dns);
	stage_measure(&pair, &order, NULL, SERIES_CPU, ROUNDS, &result);
	show(&result, addition);
	stop(&destination);
}

void bench_additions(const struct stage *stage)
{
	table_begin("9. CPU with what TLS verified can have beside it, ms",
	    "without", false);
	for (size_t i = 0; i < sizeof additions / sizeof additions[0]; i++)
		compare(stage, &additions[i]);
}
