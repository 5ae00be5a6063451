/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a message at each tlsstrictness with each kind of server.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "tls-bench.h"

#define ONLY(version) "NORMAL:-VERS-ALL:+VERS-" version
#define NOTHING_IN_COMMON "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-PSK"

enum { STRICTNESSES = 3 };

enum travel {
	CLEAR,	     /* over the connection that was made first */
	CLEAR_AGAIN, /* over a second connection, without another STARTTLS */
	VERIFIED,
	UNVERIFIED,
	NEVER /* a report Z, and nothing of the envelope was said */
};

/* What makes a server special; the rest is that of a good one. */
struct server {
	enum tls_identity identity;
	const char *priority;
	enum peer_tls_client client;
	bool late_alert;
	const char *capabilities; /* NULL: STARTTLS */
	struct peer_override overrides[2];
};

enum destination {
	TO_NAME,
	TO_LITERAL, /* [127.0.0.2] */
	TO_IPV6	    /* ::1, by a route, as it is this machine's */
};

/* Our own certificate. */
enum client { NO_CLIENT, GOOD_CLIENT, STRANGE_CLIENT };

static const struct row {
	struct server server;
	enum destination destination;
	enum client client;
	bool impatient; /* timeouts of one second */
	enum travel travels[STRICTNESSES];
	const char *text; /* the reason that reports give; NULL: any */
} rows[] = {
    /* Certificates that verify. */
    {.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.identity = TLS_WILDCARD},
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.identity = TLS_INTERMEDIATE},
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.identity = TLS_ADDRESSES},
	.destination = TO_LITERAL,
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.identity = TLS_ADDRESSES},
	.destination = TO_IPV6,
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.priority = ONLY("TLS1.2")},
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.priority = ONLY("TLS1.3")},
	.travels = {VERIFIED, VERIFIED, VERIFIED}},

    /* Certificates that do not. */
    {.server = {.identity = TLS_SELF_SIGNED},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "certificate of mx.a.test is self-signed"},
    {.server = {.identity = TLS_UNKNOWN_CA},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "mx.a.test is not trusted: CN=Strange CA"},
    {.server = {.identity = TLS_NAMESAKE_CA},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "certificate of mx.a.test is not"},
    {.server = {.identity = TLS_INCOMPLETE},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "is not trusted: CN=Intermediate CA"},
    {.server = {.identity = TLS_EXPIRED},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "certificate of mx.a.test expired on 20"},
    {.server = {.identity = TLS_NOT_YET},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "mx.a.test is not valid before 20"},
    {.server = {.identity = TLS_WRONG_NAME},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "is not for mx.a.test but for mx.b.test"},
    {.server = {.identity = TLS_CLIENT_ONLY},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "mx.a.test is not for a server"},
    {.destination = TO_LITERAL,
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "is not for 127.0.0.2 but for mx.a.test"},
    {.destination = TO_IPV6,
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "is not for ::1 but for mx.a.test"},
    {.server = {.identity = TLS_ADDRESSES},
	.travels = {UNVERIFIED, UNVERIFIED, NEVER},
	.text = "certificate is not for mx.a.test"},

    /* STARTTLS not offered, or refused. */
    {.server = {.capabilities = "PIPELINING"},
	.travels = {CLEAR, CLEAR_AGAIN, NEVER},
	.text = "127.0.0.2 but mx.a.test does not offer STARTTLS"},
    {.server = {.overrides = {{.at = PEER_EHLO, .bytes = "502 what?\r\n"}}},
	.travels = {CLEAR, CLEAR_AGAIN, NEVER},
	.text = "does not offer STARTTLS"},
    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .bytes = "454 4.7.0 not now\r\n"}}},
	.travels = {CLEAR, CLEAR_AGAIN, NEVER},
	.text = "454 4.7.0 not now"},
    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .bytes = "501 5.5.4 no\r\n"}}},
	.travels = {CLEAR, CLEAR_AGAIN, NEVER},
	.text = "501 5.5.4 no"},
    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .action = PEER_DROP,
		    .bytes = "421 4.3.2 bye\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "421 4.3.2 bye"},

    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .action = PEER_DROP,
		    .bytes = "554 5.7.1 not you\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "554 5.7.1 not you"},
    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .action = PEER_RESET,
		    .bytes = "454 4.7.0 not now\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER}},

    /* No handshake. */
    {.server = {.overrides = {{.at = PEER_STARTTLS, .action = PEER_DROP}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "not answered"},
    {.server = {.overrides = {{.at = PEER_STARTTLS, .action = PEER_STALL}}},
	.impatient = true,
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "not answered"},
    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .action = PEER_DROP,
		    .bytes = "220 go ahead\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER}},
    {.server = {.overrides = {{.at = PEER_STARTTLS, .bytes = "what?\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "what?"},
    {.server = {.overrides = {{.at = PEER_HANDSHAKE,
		    .bytes = "500 what do you mean?\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "TLS with mx.a.test failed"},
    /* An alert with a number that no alert has. */
    {.server = {.overrides = {{.at = PEER_HANDSHAKE,
		    .bytes = "\x15\3\3\0\2\2\x63",
		    .length = 7}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "the server sent the alert \"99\""},
    {.server = {.overrides = {{.at = PEER_HANDSHAKE, .action = PEER_DROP}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "the server closed the connection"},
    {.server = {.overrides = {{.at = PEER_HANDSHAKE, .action = PEER_RESET}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "TLS with mx.a.test failed"},
    {.server = {.overrides = {{.at = PEER_HANDSHAKE, .action = PEER_STALL}}},
	.impatient = true,
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "no answer within timeoutconnect"},
    {.server = {.priority = NOTHING_IN_COMMON},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "TLS with mx.a.test failed"},

    /* Response injection. */
    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .bytes = "220 go\r\n250-x\r\n250 SIZE 1\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "said more than"},
    {.server = {.overrides = {{.at = PEER_STARTTLS, .bytes = "220 go\r\n2"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "said more than"},
    {.server = {.overrides = {{.at = PEER_STARTTLS,
		    .action = PEER_SAY_SLOWLY,
		    .ms = 3,
		    .bytes = "220 go\r\n250 x\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER}},

    /* Client certificates. */
    {.server = {.client = PEER_TLS_REQUEST},
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.client = PEER_TLS_REQUIRE},
	.client = GOOD_CLIENT,
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.client = PEER_TLS_REQUIRE, .priority = ONLY("TLS1.2")},
	.client = GOOD_CLIENT,
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
    {.server = {.client = PEER_TLS_REQUIRE, .priority = ONLY("TLS1.2")},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "alert"},
    {.server = {.client = PEER_TLS_REQUIRE, .priority = ONLY("TLS1.3")},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "alert"},
    {.server = {.client = PEER_TLS_REQUIRE, .late_alert = true},
	.client = STRANGE_CLIENT,
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "CA is unknown"},
    {.server = {.client = PEER_TLS_REQUIRE, .late_alert = true},
	.client = GOOD_CLIENT,
	.travels = {VERIFIED, VERIFIED, VERIFIED}},

    /* The end of a session before it has begun. */
    {.server = {.overrides = {{.at = PEER_EHLO_TLS, .action = PEER_DROP}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "the server closed the connection"},
    {.server = {.overrides = {{.at = PEER_EHLO_TLS, .action = PEER_RESET}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "the server closed the connection"},
    {.server = {.overrides = {{.at = PEER_EHLO_TLS, .action = PEER_STALL}}},
	.impatient = true,
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "no answer within timeoutremote"},
    {.server = {.overrides = {{.at = PEER_EHLO_TLS, .bytes = "what?\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text = "no good answer to EHLO. (#4.7.0)\n"
		"Remote host said: what?\n"},
    {.server = {.overrides = {{.at = PEER_EHLO_TLS,
		    .bytes = "250 a\r\n250 b\r\n"}}},
	.travels = {CLEAR_AGAIN, CLEAR_AGAIN, NEVER},
	.text =
	    "TLS with mx.a.test failed: no good answer to EHLO. (#4.7.0)\n"},
    {.server = {.overrides = {{.at = PEER_EHLO_TLS, .bytes = "500 x\r\n"}}},
	.travels = {VERIFIED, VERIFIED, VERIFIED}},
};

static struct peer_tls *make_tls(
    const struct tls_bench *bench, const struct server *server)
{
	struct peer_tls_options options = {
	    .priority = server->priority, .client = server->client};
	struct peer_tls *tls;
	char ca[HOME_PATH];

	if (server->client != PEER_TLS_IGNORE)
		options.client_ca = home_path(bench->home, "ca.pem", ca);
	tls = tls_bench_serve(bench, server->identity, &options);
	return server->late_alert ? tls_bench_late_alert(tls) : tls;
}

static void set_up(
    const struct scene *scene, const struct row *row, int strictness)
{
	scene_control(scene, "tlsstrictness", "%d\n", strictness);
	if (row->destination == TO_IPV6)
		home_route_all(&scene->home, "::1", peer_port(scene->peer));
	if (!row->impatient)
		return;
	home_control(&scene->home, "timeoutconnect", "1\n");
	home_control(&scene->home, "timeoutremote", "1\n");
}

/* Checks the last line of a report K, after the cipher. */
static void expect_judgement(
    const char *text, const char *name, const char *reason)
{
	char verified[64];

	snprintf(verified, sizeof verified, "verified %s\n", name);
	if (reason == NULL)
		ck_assert_str_eq(text, verified);
	else
		ck_assert_msg(strncmp(text, "unverified (", 12) == 0 &&
				  strstr(text, reason) != NULL &&
				  strcmp(strchr(text, '\0') - 2, ")\n") == 0,
		    "%s", text);
}

/* Delivered under TLS; verified when there is no reason against it. */
static void expect_tls(const struct scene *scene, const char *address,
    const char *name, const char *reason)
{
	const struct transcript_connection *connection =
	    &scene->transcript->connections[0];
	const char *text;
	char begin[256];

	scene_expect(scene, 'K', "");
	ck_assert_uint_eq(scene->transcript->count, 1);
	ck_assert(connection->tls && connection->close_notify);
	ck_assert_str_eq(
	    connection->facts.sni, strcmp(name, address) == 0 ? "" : name);
	ck_assert_uint_eq(transcript_count(connection, PEER_EHLO_TLS), 1);
	snprintf(begin, sizeof begin,
	    "%s accepted message.\nRemote host said: 250 2.0.0 queued as TEST\n"
	    "%s, %s, ",
	    address, connection->facts.version, connection->facts.cipher);
	text = scene->outcome.chunks[1].text;
	ck_assert_msg(strncmp(text, begin, strlen(begin)) == 0, "%s", text);
	expect_judgement(text + strlen(begin), name, reason);
}

/* After a failure the second connection is clear from the start. */
static void expect_clear(const struct scene *scene, bool again)
{
	const struct transcript *transcript = scene->transcript;
	const struct transcript_connection *last;

	ck_assert_uint_eq(transcript->count, again ? 2 : 1);
	last = &transcript->connections[transcript->count - 1];
	ck_assert(!last->tls && last->message_count == 1);
	ck_assert(!again || transcript_count(last, PEER_STARTTLS) == 0);
	ck_assert(OUTCOME_IS(&scene->outcome,
	    "r\0K127.0.0.2 accepted message.\n"
	    "Remote host said: 250 2.0.0 queued as TEST\n"));
}

static void expect_nothing_said(const struct scene *scene)
{
	static const char *const words[] = {"MAIL", "RCPT", "alice", "bob"};

	for (size_t i = 0; i < scene->transcript->count; i++)
		for (size_t j = 0; j < COUNT(words); j++)
			ck_assert(!bytes_contain(
			    &scene->transcript->connections[i].received,
			    words[j]));
}

static void check(
    const struct scene *scene, const struct row *row, int strictness)
{
	const char *address = scene->servers[0].address;
	const char *name = row->destination == TO_NAME ? TLS_HOST : address;

	switch (row->travels[strictness]) {
	case VERIFIED: expect_tls(scene, address, name, NULL); break;
	case UNVERIFIED: expect_tls(scene, address, name, row->text); break;
	case CLEAR: expect_clear(scene, false); break;
	case CLEAR_AGAIN: expect_clear(scene, true); break;
	case NEVER:
		scene_expect(scene, 'Z', "(#4.7.0)");
		ck_assert_uint_eq(scene->transcript->count, 1);
		expect_nothing_said(scene);
		scene_expect(scene, 'Z', address);
		scene_expect(scene, 'Z', row->text != NULL ? row->text : "");
	}
}

START_TEST(matrix)
{
	const struct row *row = &rows[_i / STRICTNESSES];
	int strictness = _i % STRICTNESSES;
	struct peer_script script = {.capabilities = row->server.capabilities};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct tls_bench bench;

	if (row->destination == TO_IPV6) {
		if (!peer_has_ipv6())
			return;
		scene.servers[0].address = "::1";
	}
	if (script.capabilities == NULL)
		script.capabilities = "PIPELINING\nSTARTTLS";
	memcpy(script.overrides, row->server.overrides,
	    sizeof row->server.overrides);
	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	if (row->client != NO_CLIENT)
		tls_bench_identify(&bench,
		    row->client == GOOD_CLIENT ? bench.ca : bench.stranger);
	script.tls = make_tls(&bench, &row->server);
	scene_start(&scene);
	set_up(&scene, row, strictness);
	scene_deliver(
	    &scene, row->destination == TO_NAME ? "a.test" : "[127.0.0.2]");
	scene_stop(&scene);
	check(&scene, row, strictness);
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("tls-matrix")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, matrix, 0, (int)COUNT(rows) * STRICTNESSES);
}
