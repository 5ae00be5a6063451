/* SPDX-License-Identifier: ISC */
/*
 * Servers' identities for a scene, made by one CA that the scene trusts and
 * by others.  The exchanger that they are made for is mx.a.test.
 */
#ifndef TLS_BENCH_H
#define TLS_BENCH_H

#include "certs.h"
#include "peer-tls.h"
#include "scene.h"

#define TLS_HOST "mx.a.test"

/* a.test with the exchanger mx.a.test, which is 127.0.0.2. */
#define TLS_ZONE "a.test MX 10 " TLS_HOST "\n" TLS_HOST " A 127.0.0.2\n"

enum tls_identity {
	TLS_GOOD,
	TLS_WILDCARD,
	TLS_ADDRESSES,	  /* no name, but 127.0.0.2 and ::1 */
	TLS_INTERMEDIATE, /* with the chain that it needs */
	TLS_INCOMPLETE,	  /* without */
	TLS_SELF_SIGNED,
	TLS_UNKNOWN_CA,
	TLS_NAMESAKE_CA, /* named as the trusted one, but another key */
	TLS_EXPIRED,
	TLS_NOT_YET,
	TLS_WRONG_NAME,
	TLS_CLIENT_ONLY, /* its purpose is not that of a server */
	TLS_MISUSED,	 /* its key is not for signatures */
};

struct tls_bench {
	const struct home *home;
	struct cert *ca, *intermediate, *stranger, *namesake;
};

/*
 * Makes the issuers, writes ca.pem and stranger.pem into the scene's home,
 * which is furnished, and lets control/trustanchors be ca.pem.
 */
void tls_bench_make(struct tls_bench *bench, const struct scene *scene);
void tls_bench_free(struct tls_bench *bench);

/* A certificate of that identity, with its key; the caller frees it. */
struct cert *tls_bench_cert(
    const struct tls_bench *bench, enum tls_identity identity);

/*
 * A server of that identity.  Of options, which may be NULL, certificate and
 * key are not looked at.
 */
struct peer_tls *tls_bench_serve(const struct tls_bench *bench,
    enum tls_identity identity, const struct peer_tls_options *options);

/* One that shows these certificates, ended by NULL, its own first. */
struct peer_tls *tls_bench_show(const struct tls_bench *bench,
    const struct cert *const list[], const struct peer_tls_options *options);

/*
 * Gives the scene a client certificate of that issuer for client.test, in
 * the home's client.pem and client.key.
 */
void tls_bench_identify(
    const struct tls_bench *bench, const struct cert *issuer);

/* Writes a control file that names a file of the home. */
void tls_bench_point(
    const struct tls_bench *bench, const char *control, const char *file);

/*
 * As inner, but once the handshake is over it sends a fatal alert to a client
 * whose certificate it does not trust.
 */
struct peer_tls *tls_bench_late_alert(const struct peer_tls *inner);

/* Fails the test if anything of envelope or message was said in clear. */
void tls_bench_expect_private(const struct scene *scene);

#endif
