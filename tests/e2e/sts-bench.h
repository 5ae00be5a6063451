/* SPDX-License-Identifier: ISC */
/*
 * A scene whose deliveries go by MTA-STS: a policy host beside it, for the
 * domain a.test with the exchanger mx.a.test, and what the cache has of it.
 */
#ifndef STS_BENCH_H
#define STS_BENCH_H

#include "https.h"
#include "tls-bench.h"

#define STS_HOST "mta-sts.a.test"
#define STS_CACHED "run/qmail-remote/mta-sts/a.test"

/* The record, and the policy host's address. */
#define STS_RECORD "_mta-sts.a.test TXT text:v=STSv1;id=1;\n"
#define STS_NAMES STS_RECORD STS_HOST " A 127.0.0.1\n"
#define STS_ZONE TLS_ZONE STS_NAMES

#define STS_POLICY(mode, mx)                                                   \
	"version: STSv1\nmode: " mode "\nmx: " mx "\nmax_age: 604800\n"
#define STS_ENFORCE STS_POLICY("enforce", TLS_HOST)

enum { STS_VARIABLES = 6 };

struct sts_bench {
	struct scene scene;
	struct tls_bench tls;
	struct https *https, *shadow; /* the same for the probe */
	/* What a delivery is told beyond the scene, ended by NULL. */
	const char *environment[STS_VARIABLES];
	char port[32], program[HOME_PATH + 16];
};

/*
 * The scene, which may have its zone (default: STS_ZONE), is furnished, and
 * mtasts is 1.
 */
void sts_bench_make(struct sts_bench *bench);
void sts_bench_free(struct sts_bench *bench);

/*
 * A policy host in place of the one that there is; options without a
 * certificate get a good one, those without a body STS_ENFORCE.
 */
void sts_bench_host(
    struct sts_bench *bench, const struct https_options *options);

/* A server at 127.0.0.2, and then 127.0.0.3 and so on, of that identity. */
void sts_bench_server(struct sts_bench *bench, struct peer_script *script,
    enum tls_identity identity);

/* Other names from now on. */
void sts_bench_zone(struct sts_bench *bench, const char *zone);

/* Delivers to a.test, and starts the scene before the first time. */
void sts_bench_deliver(struct sts_bench *bench);

/* All of it: to the scene's end. */
void sts_bench_play(struct sts_bench *bench);

/*
 * Puts a policy into the cache, fetched so many seconds ago for that id, and a
 * fetch for failed_id, unless that is empty, that failed then.
 */
void sts_bench_cache(const struct sts_bench *bench, const char *policy,
    const char *id, long age, const char *failed_id, long failed_age);

/* A script in place of qmail-remote-sts; nothing is in its PATH. */
void sts_bench_script(struct sts_bench *bench, const char *text);

/* One that fails, and leaves its arguments, a line each, to be read. */
void sts_bench_witness(struct sts_bench *bench);

/* Returns false when it has not been called. */
bool sts_bench_arguments(
    const struct sts_bench *bench, struct bytes *arguments);

#endif
