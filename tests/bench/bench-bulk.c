/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-bulk.h"

#include <stdio.h>

#include "bench-floor.h"

enum { RATE_ROUNDS = 3 };

static void measure_throughput(const struct stage *stage, const char *label,
    const char *bare, enum stage_server raw, enum stage_server server,
    double limit)
{
	struct stage_order order = {.message = STAGE_LARGE};
	struct stage_result result = {0};
	struct floor floor;

	floor_bare(&floor, bare, sink_port(stage->sinks[raw]),
	    stage->message_sizes[STAGE_LARGE]);
	stage_serve(stage, server, STAGE_STRANGER);
	stage_measure(stage, &order, &floor.command, SERIES_THROUGHPUT,
	    stage->rounds / 2, &result);
	stage_row(
	    &result, label, stage_floor(&result), TABLE_SHARE_OF_FLOOR, limit);
	floor_free(&floor);
}

void bench_throughput(const struct stage *stage)
{
	table_begin("5. Throughput of a message of 25 MiB, MiB/s",
	    "a bare socket; bare TLS", stage->count > 1);
	measure_throughput(
	    stage, "clear", "bare-socket", STAGE_RAW, STAGE_CLEAR, 0.33);
	measure_throughput(
	    stage, "TLS", "bare-tls", STAGE_RAW_TLS, STAGE_TLS, 0.4);
}

static void measure_rate(const struct stage *stage, const char *label,
    enum stage_server server, unsigned at_once)
{
	struct stage_order order = {.message = STAGE_SMALL,
	    .count = at_once < 20 ? 40 : 10 * at_once / (at_once / 20),
	    .at_once = at_once};
	struct stage_result result = {0};
	struct floor floor;
	char text[40];

	floor_deliver(
	    &floor, server == STAGE_TLS, sink_port(stage->sinks[server]));
	floor.command.count = order.count;
	floor.command.at_once = order.at_once;
	snprintf(text, sizeof text, "%s, at once: %u", label, at_once);
	stage_measure(
	    stage, &order, &floor.command, SERIES_RATE, RATE_ROUNDS, &result);
	stage_row(&result, text, stage_floor(&result), TABLE_NO_TARGET, 0);
	floor_free(&floor);
}

void bench_rates(const struct stage *stage)
{
	static const struct {
		const char *label;
		enum stage_server server;
		enum stage_anchors anchors;
	} kinds[] = {{"clear", STAGE_CLEAR, STAGE_NO_ANCHORS},
	    {"TLS", STAGE_TLS, STAGE_STRANGER},
	    {"TLS, verified", STAGE_TLS, STAGE_BUNDLE}};
	static const unsigned at_once[] = {1, 20, 100};

	table_begin("6. Deliveries a second, the server's work included",
	    "a client that believes every reply", stage->count > 1);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		stage_serve(stage, kinds[i].server, kinds[i].anchors);
		for (size_t j = 0; j < sizeof at_once / sizeof *at_once; j++)
			measure_rate(
			    stage, kinds[i].label, kinds[i].server, at_once[j]);
	}
}
