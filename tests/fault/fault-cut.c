/* SPDX-License-Identifier: ISC */
/*
 * A server's dialogue is recorded; then the server stops after each number of
 * its bytes, those of TLS included, in each way in which a server can stop.
 */
#include "config.h"

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "cutter.h"
#include "pool.h"
#include "rig.h"
#include "suite.h"

#ifdef HAVE_GSASL
#include "mechanisms.h"
#endif

enum { PATIENCE = 10, TLS_HEADER = 5, TLS_RECORDS_AFTER = 2 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct rig_kind kinds[] = {
    {.name = "clear"},
    {.name = "pipelined",
	.script = {.capabilities = "PIPELINING\nSIZE\n8BITMIME"}},
    {.name = "tls",
	.script = {.capabilities = "STARTTLS\nPIPELINING"},
	.dns = true,
	.strictness = "0\n"},
    {.name = "verified",
	.script = {.capabilities = "STARTTLS\nPIPELINING"},
	.dns = true,
	.strictness = "2\n",
	.private = true},
#ifdef HAVE_GSASL
    {.name = "authenticated",
	.script = {.capabilities = "STARTTLS",
	    .capabilities_tls = "PIPELINING\nAUTH " MECHANISMS_BEST,
	    .account = {.user = RIG_USER,
		.secret = RIG_SECRET,
		.required = true}},
	.dns = true,
	.strictness = "2\n",
	.private = true},
#endif
    RIG_LEVELS,
};

static const struct way {
	enum cut cut;
	const char *name;
	unsigned timeout, processes;
	size_t sample;
} ways[] = {
    {CUT_FIN, "FIN", PATIENCE, 3, 25},
    {CUT_RST, "RST", PATIENCE, 3, 25},
    {CUT_STALL, "stall", 1, 32, 16},
};

struct series {
	struct rig_shared shared;
	const struct way *way;
	size_t length; /* of the server's bytes */
	size_t final;  /* where its last reply but 221 ends */
};

struct worker {
	const struct series *series;
	struct rig rig;
	struct cutter_seen seen;
};

static void *begin(const void *context)
{
	struct worker *worker = calloc(1, sizeof *worker);

	if (worker == NULL)
		err(99, "worker");
	worker->series = context;
	rig_make(&worker->rig, &worker->series->shared,
	    worker->series->way->timeout);
	return worker;
}

static void end(void *worker)
{
	rig_free(&((struct worker *)worker)->rig);
	free(worker);
}

static void deliver_cut(struct worker *worker, size_t after)
{
	struct rig *rig = &worker->rig;
	struct cutter_plan plan = {.address = RIG_ADDRESS,
	    .server = RIG_BEHIND,
	    .server_port = rig_serve(rig, RIG_BEHIND),
	    .cut = worker->series->way->cut,
	    .after = after};
	struct cutter *cutter = cutter_start(&plan);

	rig_deliver(rig, cutter_port(cutter), NULL);
	cutter_stop(cutter, &worker->seen);
	rig_stop(rig);
}

/* Servers that have accepted the message and whose words went through. */
static size_t count_heard(const struct worker *worker)
{
	size_t accepted = rig_accepted(&worker->rig);

	if (worker->seen.connections == 1 &&
	    worker->seen.forwarded[0] < worker->series->final)
		return 0;
	return accepted;
}

static const char *judge(const struct worker *worker)
{
	const struct outcome *outcome = &worker->rig.outcome;
	size_t heard = count_heard(worker);
	const char *wrong = rig_judge(&worker->rig, heard, false);
	bool success = outcome_verdict(outcome) == 'K';

	if (wrong != NULL || success)
		return wrong;
	/* What has been said before RST may be lost. */
	if (heard > 0 && worker->series->way->cut != CUT_RST)
		return "it denies what is so";
	if (rig_accepted(&worker->rig) > 0 &&
	    !outcome_says(outcome, "Possible duplicate!"))
		return "it does not warn of a duplicate";
	return NULL;
}

static char *run(void *context, size_t after)
{
	struct worker *worker = context;
	const char *wrong;

	deliver_cut(worker, after);
	wrong = judge(worker);
	if (wrong == NULL)
		return NULL;
	return rig_describe(&worker->rig, "%s after %zu of %zu: %s",
	    worker->series->way->name, after, worker->series->length, wrong);
}

/* Where the records of TLS are, of which the last two follow the reply. */
static size_t find_final_record(const char *stream, size_t length, size_t from)
{
	size_t ends[TLS_RECORDS_AFTER + 1] = {0};

	while (from + TLS_HEADER <= length) {
		const unsigned char *header =
		    (const unsigned char *)stream + from;

		from += TLS_HEADER + ((size_t)header[3] << 8 | header[4]);
		memmove(ends, ends + 1, sizeof ends - sizeof *ends);
		ends[TLS_RECORDS_AFTER] = from;
	}
	ck_assert_uint_eq(from, length);
	return ends[0];
}

static size_t end_of(const char *stream, size_t length, const char *words)
{
	const char *at = memmem(stream, length, words, strlen(words));

	ck_assert_ptr_nonnull(at);
	return (size_t)(at - stream) + strlen(words);
}

static void record(struct series *series)
{
	static const struct way uncut = {CUT_FIN, "whole", PATIENCE, 1, 1};
	struct worker *worker;

	series->way = &uncut;
	series->final = 0;
	worker = begin(series);
	deliver_cut(worker, SIZE_MAX);
	ck_assert_int_eq(outcome_verdict(&worker->rig.outcome), 'K');
	series->length = worker->seen.forwarded[0];
	ck_assert_uint_le(series->length, CUTTER_STREAM);
	if (series->shared.tls == NULL)
		series->final = end_of(
		    worker->seen.stream, series->length, "queued as TEST\r\n");
	else
		series->final =
		    find_final_record(worker->seen.stream, series->length,
			end_of(worker->seen.stream, series->length,
			    "go ahead\r\n"));
	end(worker);
}

START_TEST(server_stops)
{
	struct series series;
	size_t wrong = 0;

	rig_share(&series.shared, &kinds[_i]);
	record(&series);
	for (size_t i = 0; i < COUNT(ways); i++) {
		char name[64];

		series.way = &ways[i];
		snprintf(
		    name, sizeof name, "%s, %s", kinds[_i].name, ways[i].name);
		wrong += pool_run(&(struct pool){.name = name,
		    .count = series.length + 1,
		    .sample = ways[i].sample,
		    .processes = ways[i].processes,
		    .context = &series,
		    .begin = begin,
		    .end = end,
		    .run = run});
	}
	rig_unshare(&series.shared);
	ck_assert_uint_eq(wrong, 0);
}
END_TEST

LOOPBACK_SUITE("fault-cut")
{
	tcase_set_timeout(tcase, 3600);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, server_stops, 0, COUNT(kinds));
}
