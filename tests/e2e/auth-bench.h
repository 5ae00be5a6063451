/* SPDX-License-Identifier: ISC */
/*
 * A scene with a relay that wants to know who sends.  All mail goes to
 * mx.a.test by a route with credentials.
 */
#ifndef AUTH_BENCH_H
#define AUTH_BENCH_H

#include "tls-bench.h"

#define AUTH_USER "office@a.test"
#define AUTH_SECRET "Tr0ub4dor&3 horse"
#define AUTH_ADDRESS "192.0.2.2" /* in a network of its own */

struct auth_bench {
	struct scene scene;
	struct tls_bench tls;
	struct peer_script script; /* of the relay */
	struct peer_tls *serving;
};

/*
 * The scene is furnished, the relay knows AUTH_USER, offers all mechanisms
 * under TLS alone, and has no address yet.
 */
void auth_bench_make(struct auth_bench *bench);

/* Starts it at that address, with a certificate of this kind. */
void auth_bench_start(
    struct auth_bench *bench, const char *address, enum tls_identity identity);

/* The same with a certificate of the caller's, and with more of the zone. */
void auth_bench_show(struct auth_bench *bench, const char *address,
    const struct cert *cert, const char *records);

/* All mail goes there: "|USER|SECRET" or the like follows the port. */
void auth_bench_route(struct auth_bench *bench, const char *credentials);

/* The same, from start to the relay's end, with the usual credentials. */
void auth_bench_play(
    struct auth_bench *bench, const char *address, enum tls_identity identity);

/* Whether the client has said AUTH, in clear or under TLS. */
bool auth_bench_tried(const struct auth_bench *bench, bool in_clear);

void auth_bench_free(struct auth_bench *bench);

#endif
