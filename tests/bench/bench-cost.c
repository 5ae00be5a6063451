/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-cost.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench-floor.h"
#include "peer.h"

enum { BLOCKS = 5, MANY_ROUTES = 100000 };

static const struct stage_order small = {.message = STAGE_SMALL};

/* The anchors are switched between blocks, for the sake of their ratio. */
static void compare_anchors(
    const struct stage *stage, const struct series *floor)
{
	struct stage_result one = {0}, bundle = {0};

	for (unsigned i = 0; i < BLOCKS; i++) {
		stage_serve(stage, STAGE_TLS, STAGE_ONE);
		stage_measure(stage, &small, NULL, SERIES_CPU,
		    stage->rounds / BLOCKS, &one);
		stage_serve(stage, STAGE_TLS, STAGE_BUNDLE);
		stage_measure(stage, &small, NULL, SERIES_CPU,
		    stage->rounds / BLOCKS, &bundle);
	}
	stage_row(&one, "TLS, verified, one anchor", floor, TABLE_NO_TARGET, 0);
	stage_row(&bundle, "TLS, verified, bundle", &one.trials[0].series,
	    TABLE_TIMES_FLOOR, 1.1);
}

void bench_cpu(const struct stage *stage)
{
	struct stage_result clear = {0}, unverified = {0};
	struct floor start, handshake;

	floor_start(&start);
	floor_bare(
	    &handshake, "bare-tls", sink_port(stage->sinks[STAGE_RAW_TLS]), 0);
	table_begin("1. CPU of one delivery of 4 KiB, ms",
	    "start-up; a bare handshake; for the bundle: one anchor",
	    stage->count > 1);
	stage_serve(stage, STAGE_CLEAR, STAGE_STRANGER);
	stage_measure(
	    stage, &small, &start.command, SERIES_CPU, stage->rounds, &clear);
	stage_row(&clear, "clear", stage_floor(&clear), TABLE_TIMES_FLOOR, 1.2);
	stage_serve(stage, STAGE_TLS, STAGE_STRANGER);
	stage_measure(stage, &small, &handshake.command, SERIES_CPU,
	    stage->rounds, &unverified);
	stage_row(&unverified, "TLS, unverified", stage_floor(&unverified),
	    TABLE_TIMES_FLOOR, 1.5);
	compare_anchors(stage, stage_floor(&unverified));
	floor_free(&start);
	floor_free(&handshake);
}

/* The most that a delivery has at one of the places where the peer stalls. */
static double find_peak(const struct stage *stage, size_t contender,
    const struct peer_tls *tls, enum tree_memory kind)
{
	const enum peer_stage stalls[] = {
	    tls != NULL ? PEER_EHLO_TLS : PEER_EHLO, PEER_DOT};
	long peak = 0;

	for (int i = 0; i < 2; i++) {
		struct peer_script script = {
		    .capabilities = "PIPELINING\nSIZE\nSTARTTLS",
		    .tls = tls,
		    .overrides = {{.at = stalls[i], .action = PEER_STALL}}};
		struct peer *peer = peer_start_one(&script);
		struct stage_delivery delivery;
		long size;

		stage_route(stage, peer_port(peer));
		stage_deliver(&delivery, stage, contender, &small);
		size = tree_memory(&delivery.command, kind);
		transcript_free(peer_stop(peer));
		if (peak < size)
			peak = size;
	}
	return (double)peak;
}

static void row_of_memory(const struct stage *stage, const char *label,
    const struct peer_tls *tls, const struct series *floor, double limit)
{
	enum tree_memory kind = tls != NULL ? TREE_PRIVATE : TREE_RESIDENT;
	struct stage_result result = {.count = stage->count};

	for (size_t i = 0; i < stage->count; i++)
		series_add(&result.trials[i].series,
		    find_peak(stage, i, tls, kind) / 1024);
	stage_row(&result, label, floor, TABLE_AT_MOST, limit);
}

void bench_memory(const struct stage *stage)
{
	struct floor start;
	struct series resident = {0}, private = {0};

	floor_wait(&start);
	series_add(&resident,
	    (double)tree_memory(&start.command, TREE_RESIDENT) / 1024);
	series_add(
	    &private, (double)tree_memory(&start.command, TREE_PRIVATE) / 1024);
	floor_free(&start);
	table_begin("2. Peak memory of all processes of a delivery, MiB",
	    "a program linked as qmail-remote", stage->count > 1);
	stage_serve(stage, STAGE_CLEAR, STAGE_NO_ANCHORS);
	row_of_memory(stage, "clear, resident", NULL, &resident, 3.8);
	stage_serve(stage, STAGE_TLS, STAGE_BUNDLE);
	/* The first delivery compiles the anchors, once for all others. */
	stage_measure(
	    stage, &small, NULL, SERIES_CPU, 0, &(struct stage_result){0});
	row_of_memory(stage, "TLS, bundle, private", stage->tls, &private, 6);
	if (geteuid() != 0)
		table_say("The TLS relay shows its mappings to root only: of "
			  "it, this is what is anonymous.");
}

/* The sum in the table that strace writes. */
static double read_total(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256];
	double calls = (double)NAN;

	if (file == NULL)
		err(99, "%s", path);
	while (fgets(line, sizeof line, file) != NULL)
		if (strstr(line, " total") != NULL)
			sscanf(line, "%*s %*s %*s %lf", &calls);
	fclose(file);
	return calls;
}

static const char *find_strace(void)
{
	static const char *const paths[] = {
	    "/usr/bin/strace", "/usr/local/bin/strace", "/bin/strace"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (access(paths[i], X_OK) == 0)
			return paths[i];
	return NULL;
}

/* The first delivery of each, which compiles things, does not count. */
static void count_calls(const struct stage *stage, const char *label,
    const char *const *before, const char *table, const struct series *loader)
{
	struct stage_result result = {.count = stage->count};
	struct tree_usage usage;

	for (size_t i = 0; i < stage->count; i++) {
		struct stage_order order = small;
		struct stage_delivery delivery;

		stage_deliver(&delivery, stage, i, &order);
		tree_run(&delivery.command, &usage);
		order.before = before;
		stage_deliver(&delivery, stage, i, &order);
		tree_run(&delivery.command, &usage);
		series_add(&result.trials[i].series, read_total(table));
	}
	stage_row(&result, label, loader, TABLE_NO_TARGET, 0);
}

void bench_calls(const struct stage *stage)
{
	char path[HOME_PATH];
	const char *before[] = {find_strace(), "-f", "-c", "-o",
	    home_path(&stage->files, "calls", path), NULL};
	struct series loader = {0};
	struct tree_usage usage;
	struct floor start;

	table_begin("8. System calls of one delivery",
	    "those of the loader for both programs", stage->count > 1);
	if (before[0] == NULL) {
		table_say("strace is missing.");
		return;
	}
	floor_traced(&start, before);
	tree_run(&start.command, &usage);
	series_add(&loader, read_total(path));
	floor_free(&start);
	stage_serve(stage, STAGE_CLEAR, STAGE_NO_ANCHORS);
	count_calls(stage, "clear", before, path, &loader);
	stage_serve(stage, STAGE_TLS, STAGE_STRANGER);
	count_calls(stage, "TLS, unverified", before, path, &loader);
}

static void write_routes(const struct stage *stage, unsigned count)
{
	struct bytes text = {0};
	char line[64];

	for (unsigned i = 1; i < count; i++) {
		snprintf(line, sizeof line, "host%u.test:[192.0.2.1]\n", i);
		bytes_add_text(&text, line);
	}
	snprintf(line, sizeof line, ":[127.0.0.1]:%u\n",
	    sink_port(stage->sinks[STAGE_CLEAR]));
	bytes_add_text(&text, line);
	stage_control(stage, "smtproutes", text.data);
	bytes_free(&text);
}

void bench_routes(const struct stage *stage)
{
	struct stage_result few = {0}, many = {0};

	table_begin("7. CPU by routes, ms", "of the last: ten routes",
	    stage->count > 1);
	stage_serve(stage, STAGE_CLEAR, STAGE_NO_ANCHORS);
	for (unsigned i = 0; i < BLOCKS; i++) {
		write_routes(stage, 10);
		stage_measure(stage, &small, NULL, SERIES_CPU,
		    stage->rounds / BLOCKS, &few);
		write_routes(stage, MANY_ROUTES);
		stage_measure(stage, &small, NULL, SERIES_CPU,
		    stage->rounds / BLOCKS, &many);
	}
	stage_row(&few, "10 routes", NULL, TABLE_NO_TARGET, 0);
	stage_row(&many, "100,000 routes", &few.trials[0].series,
	    TABLE_TIMES_FLOOR, 1.1);
}
