/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-time.h"

#include <stdio.h>

#include "bench-floor.h"
#include "dns.h"
#include "peer.h"

enum { LATE_REPLY_MS = 50, LATE_ANSWER_MS = 100, ROUNDS = 5 };

#define CLEAR "PIPELINING\nSIZE\n8BITMIME"

static const char *offer(const struct peer_tls *tls)
{
	return tls != NULL ? CLEAR "\nSTARTTLS" : CLEAR;
}

static double take_turns(struct peer *peer, const struct tree_command *command)
{
	struct transcript *transcript;
	struct tree_usage usage;
	double turns = 0;

	tree_run(command, &usage);
	transcript = peer_stop(peer);
	for (size_t i = 0; i < transcript->count; i++)
		turns += transcript->connections[i].turns;
	transcript_free(transcript);
	return turns;
}

/* Lets the delivery go to a peer of its own.  Returns the turns it took. */
static double count_turns(const struct stage *stage, size_t contender,
    const struct peer_tls *tls, unsigned recipients)
{
	struct peer_script script = {.capabilities = offer(tls), .tls = tls};
	struct stage_order order = {
	    .message = STAGE_SMALL, .recipients = recipients};
	struct peer *peer = peer_start_one(&script);
	struct stage_delivery delivery;

	stage_route(stage, peer_port(peer));
	stage_deliver(&delivery, stage, contender, &order);
	return take_turns(peer, &delivery.command);
}

static double count_floor_turns(const struct peer_tls *tls)
{
	struct peer_script script = {.capabilities = offer(tls), .tls = tls};
	struct peer *peer = peer_start_one(&script);
	struct floor floor;
	double turns;

	floor_deliver(&floor, tls != NULL, peer_port(peer));
	turns = take_turns(peer, &floor.command);
	floor_free(&floor);
	return turns;
}

void bench_round_trips(const struct stage *stage)
{
	static const unsigned recipients[] = {1, 10, 100};
	char label[40];

	table_begin("3. Replies waited for, handshakes not counted",
	    "a client that believes every reply", stage->count > 1);
	stage_serve(stage, STAGE_TLS, STAGE_STRANGER);
	for (int i = 0; i < 6; i++) {
		const struct peer_tls *tls = i < 3 ? NULL : stage->tls;
		struct stage_result result = {.count = stage->count};

		for (size_t j = 0; j < stage->count; j++)
			series_add(&result.trials[j].series,
			    count_turns(stage, j, tls, recipients[i % 3]));
		series_add(&result.trials[stage->count].series,
		    count_floor_turns(tls));
		snprintf(label, sizeof label, "%s, recipients: %u",
		    tls != NULL ? "TLS" : "clear", recipients[i % 3]);
		stage_row(&result, label, stage_floor(&result), TABLE_AT_MOST,
		    tls != NULL ? 6 : 4);
	}
}

static void time_replies(const struct stage *stage, const char *label,
    const struct peer_tls *tls, double limit)
{
	struct peer_script script = {
	    .capabilities = offer(tls), .tls = tls, .latency = LATE_REPLY_MS};
	struct stage_order order = {.message = STAGE_SMALL};
	struct stage_result result = {0};
	struct peer *peer = peer_start_one(&script);
	struct floor floor;

	stage_route(stage, peer_port(peer));
	floor_deliver(&floor, tls != NULL, peer_port(peer));
	stage_measure(
	    stage, &order, &floor.command, SERIES_WALL, ROUNDS, &result);
	floor_free(&floor);
	transcript_free(peer_stop(peer));
	stage_row(&result, label, stage_floor(&result), TABLE_AT_MOST, limit);
}

void bench_latency(const struct stage *stage)
{
	table_begin("3. Wall time with each reply 50 ms late, ms",
	    "a client that believes every reply", stage->count > 1);
	stage_serve(stage, STAGE_TLS, STAGE_STRANGER);
	time_replies(stage, "clear", NULL, 205);
	time_replies(stage, "TLS 1.3", stage->tls, 310);
}

/* 127.0.0.1 is this machine's own: a loop. */
static void add_exchangers(struct bytes *zone, unsigned count)
{
	char lines[128];

	for (unsigned i = 0; i < count; i++) {
		snprintf(lines, sizeof lines,
		    "example.test MX %u mx%u.test\nmx%u.test A 127.0.0.%u\n", i,
		    i, i, i + 2);
		bytes_add_text(zone, lines);
	}
}

static void time_resolution(const struct stage *stage, unsigned exchangers)
{
	struct dns_options options = {.delay = LATE_ANSWER_MS};
	struct peer_address address = {.address = "127.0.0.2"};
	struct peer *peer = peer_start(&address, 1);
	struct stage_order order = {
	    .message = STAGE_SMALL, .port = peer_port(peer)};
	struct stage_result result = {0};
	struct series floor = {0};
	struct bytes zone = {0};
	struct dns *dns;
	char label[40];

	add_exchangers(&zone, exchangers);
	dns = dns_start(zone.data, &options);
	order.dns = dns_address(dns);
	stage_measure(stage, &order, NULL, SERIES_WALL, ROUNDS, &result);
	for (int i = 0; i < ROUNDS; i++)
		series_add(&floor, 2 * LATE_ANSWER_MS);
	snprintf(label, sizeof label, "exchangers: %u", exchangers);
	stage_row(&result, label, &floor, TABLE_TIMES_FLOOR, 1.1);
	dns_stop(dns);
	transcript_free(peer_stop(peer));
	bytes_free(&zone);
}

void bench_resolution(const struct stage *stage)
{
	static const unsigned counts[] = {1, 8, 40};

	table_begin("4. Wall time with each DNS answer 100 ms late, ms",
	    "two delays", stage->count > 1);
	for (size_t i = 0; i < stage->count; i++) {
		if (stage->contenders[i].fixed_home == NULL)
			continue;
		table_say("Left out: one program has its own home and asks "
			  "for port 25.");
		table_say("As root in a network namespace of your own (ip "
			  "netns) this can be measured by hand.");
		return;
	}
	stage_serve(stage, STAGE_CLEAR, STAGE_NO_ANCHORS);
	stage_control(stage, "smtproutes", "");
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		time_resolution(stage, counts[i]);
}
