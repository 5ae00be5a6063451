/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls-bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>
#include <gnutls/gnutls.h>

enum { DAY = 24 * 60 * 60 };

static void save_one(
    const struct home *home, const char *file, const struct cert *cert)
{
	const struct cert *list[] = {cert, NULL};
	char path[HOME_PATH];

	certs_write(home_path(home, file, path), list);
}

void tls_bench_point(
    const struct tls_bench *bench, const char *control, const char *file)
{
	char path[HOME_PATH];

	home_control(bench->home, control, home_path(bench->home, file, path));
}

void tls_bench_make(struct tls_bench *bench, const struct scene *scene)
{
	bench->home = &scene->home;
	bench->ca = certs_make_ca("Test CA");
	bench->namesake = certs_make_ca("Test CA");
	bench->stranger = certs_make_ca("Strange CA");
	bench->intermediate =
	    certs_make(&(struct cert_request){.common_name = "Intermediate CA",
		.use = CERT_CA,
		.issuer = bench->ca});
	save_one(bench->home, "ca.pem", bench->ca);
	save_one(bench->home, "stranger.pem", bench->stranger);
	tls_bench_point(bench, "trustanchors", "ca.pem");
}

void tls_bench_free(struct tls_bench *bench)
{
	certs_free(bench->intermediate);
	certs_free(bench->stranger);
	certs_free(bench->namesake);
	certs_free(bench->ca);
}

struct cert *tls_bench_cert(
    const struct tls_bench *bench, enum tls_identity identity)
{
	static const char *const addresses[] = {"127.0.0.2", "::1", NULL};
	const char *names[] = {TLS_HOST, NULL};
	time_t now = time(NULL);
	struct cert_request request = {.names = names, .issuer = bench->ca};

	switch (identity) {
	case TLS_GOOD: break;
	case TLS_WILDCARD: names[0] = "*.a.test"; break;
	case TLS_ADDRESSES:
		request = (struct cert_request){.common_name = "addresses",
		    .addresses = addresses,
		    .issuer = bench->ca};
		break;
	case TLS_INTERMEDIATE:
	case TLS_INCOMPLETE: request.issuer = bench->intermediate; break;
	case TLS_SELF_SIGNED: request.issuer = NULL; break;
	case TLS_UNKNOWN_CA: request.issuer = bench->stranger; break;
	case TLS_NAMESAKE_CA: request.issuer = bench->namesake; break;
	case TLS_EXPIRED: request.until = now - DAY; break;
	case TLS_NOT_YET: request.from = now + DAY; break;
	case TLS_WRONG_NAME: names[0] = "mx.b.test"; break;
	case TLS_CLIENT_ONLY: request.use = CERT_CLIENT; break;
	case TLS_MISUSED: request.key_usage = GNUTLS_KEY_KEY_AGREEMENT; break;
	}
	return certs_make(&request);
}

static struct peer_tls *serve(
    const struct tls_bench *bench, const struct peer_tls_options *options)
{
	struct peer_tls_options complete = {0};
	char certificate[HOME_PATH], key[HOME_PATH];

	if (options != NULL)
		complete = *options;
	complete.certificate =
	    home_path(bench->home, "server.pem", certificate);
	complete.key = home_path(bench->home, "server.key", key);
	return peer_tls_new(&complete);
}

struct peer_tls *tls_bench_serve(const struct tls_bench *bench,
    enum tls_identity identity, const struct peer_tls_options *options)
{
	struct cert *cert = tls_bench_cert(bench, identity);

	certs_save(cert, bench->home->path, "server");
	if (identity == TLS_INCOMPLETE)
		save_one(bench->home, "server.pem", cert);
	certs_free(cert);
	return serve(bench, options);
}

struct peer_tls *tls_bench_show(const struct tls_bench *bench,
    const struct cert *const list[], const struct peer_tls_options *options)
{
	char path[HOME_PATH];

	certs_write(home_path(bench->home, "server.pem", path), list);
	certs_write_key(home_path(bench->home, "server.key", path), list[0]);
	return serve(bench, options);
}

void tls_bench_identify(
    const struct tls_bench *bench, const struct cert *issuer)
{
	static const char *const names[] = {"client.test", NULL};
	struct cert *client = certs_make(&(struct cert_request){
	    .names = names, .use = CERT_CLIENT, .issuer = issuer});

	certs_save(client, bench->home->path, "client");
	certs_free(client);
	tls_bench_point(bench, "clientcert", "client.pem");
	tls_bench_point(bench, "clientkey", "client.key");
}

struct late_alert {
	struct peer_tls hook; /* first: the hook is all of it */
	const struct peer_tls *inner;
};

static void *start(
    const struct peer_tls *tls, int fd, struct peer_tls_facts *facts)
{
	const struct peer_tls *inner = ((const struct late_alert *)tls)->inner;
	gnutls_session_t session = inner->start(inner, fd, facts);

	if (session == NULL || facts->client_trusted)
		return session;
	snprintf(facts->error, sizeof facts->error, "refused");
	gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_UNKNOWN_CA);
	gnutls_deinit(session);
	return NULL;
}

struct peer_tls *tls_bench_late_alert(const struct peer_tls *inner)
{
	struct late_alert *late = calloc(1, sizeof *late);

	ck_assert_ptr_nonnull(late);
	late->hook = *inner;
	late->hook.start = start;
	late->inner = inner;
	return &late->hook;
}

void tls_bench_expect_private(const struct scene *scene)
{
	static const char *const words[] = {
	    "MAIL", "RCPT", "DATA", "alice", "bob", "Subject"};

	for (size_t i = 0; i < scene->transcript->count; i++) {
		const struct transcript_connection *connection =
		    &scene->transcript->connections[i];
		struct bytes clear = connection->received;

		if (connection->tls)
			clear.length = connection->tls_at;
		for (size_t j = 0; j < COUNT(words); j++)
			ck_assert(clear.length == 0 ||
				  memmem(clear.data, clear.length, words[j],
				      strlen(words[j])) == NULL);
	}
}
