/* SPDX-License-Identifier: ISC */
/*
 * What a server says under TLS beside SMTP: warnings, and wishes that are not
 * granted.  The message goes through all the same.
 */
#include "config.h"

#include <stdlib.h>

#include <check.h>
#include <gnutls/gnutls.h>

#include "suite.h"
#include "tls-bench.h"

#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"

/* A server that has something to say once the handshake is over. */
struct talker {
	struct peer_tls hook; /* first: the hook is all of it */
	const struct peer_tls *inner;
	int (*say)(gnutls_session_t session);
};

static void *start(
    const struct peer_tls *tls, int fd, struct peer_tls_facts *facts)
{
	const struct talker *talker = (const struct talker *)tls;
	gnutls_session_t session =
	    talker->inner->start(talker->inner, fd, facts);

	if (session != NULL && talker->say(session) < 0) {
		gnutls_deinit(session);
		return NULL;
	}
	return session;
}

static int say_warning(gnutls_session_t session)
{
	return gnutls_alert_send(
	    session, GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED);
}

/* A HelloRequest. */
static int ask_for_handshake(gnutls_session_t session)
{
	return gnutls_rehandshake(session);
}

static int change_key(gnutls_session_t session)
{
	return gnutls_session_key_update(session, 0);
}

static int change_both_keys(gnutls_session_t session)
{
	return gnutls_session_key_update(session, GNUTLS_KU_PEER);
}

static int send_tickets(gnutls_session_t session)
{
	return gnutls_session_ticket_send(session, 3, 0);
}

static const struct row {
	int (*say)(gnutls_session_t session);
	const char *priority;
} rows[] = {
    {say_warning, TLS12},
    {ask_for_handshake, TLS12},
    {change_key, TLS13},
    {change_both_keys, TLS13},
    {send_tickets, TLS13},
};

START_TEST(aside)
{
	const struct row *row = &rows[_i];
	struct peer_tls_options options = {.priority = row->priority};
	struct peer_script script = {.capabilities = "PIPELINING\nSTARTTLS"};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct talker talker = {.say = row->say};
	struct tls_bench bench;

	scene_furnish(&scene);
	home_control(&scene.home, "tlsstrictness", "2\n");
	tls_bench_make(&bench, &scene);
	talker.inner = tls_bench_serve(&bench, TLS_GOOD, &options);
	talker.hook = *talker.inner;
	talker.hook.start = start;
	script.tls = &talker.hook;
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'K', ", verified mx.a.test\n");
	ck_assert_uint_eq(scene_messages(&scene), 1);
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("tls-asides")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, aside, 0, (int)COUNT(rows));
}
