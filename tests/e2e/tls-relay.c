/* SPDX-License-Identifier: ISC */
/* The relay between the server's TLS and qmail-remote-io. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "body.h"
#include "suite.h"
#include "tls-bench.h"

enum { SECOND = 1000000, LARGE = 25 * 1024 * 1024 };

#define LINE "A line of a large message, 64 bytes with what ends it, ......"

/* A scene with one server whose certificate verifies. */
static void start(struct scene *scene, struct peer_script *script)
{
	struct tls_bench bench;

	scene->zone = TLS_ZONE;
	scene->servers[0] =
	    (struct peer_address){.address = "127.0.0.2", .script = script};
	scene_furnish(scene);
	home_control(&scene->home, "tlsstrictness", "2\n");
	home_control(&scene->home, "timeoutremote", "1\n");
	tls_bench_make(&bench, scene);
	if (script->capabilities == NULL)
		script->capabilities = "PIPELINING\nSTARTTLS";
	script->tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	scene_start(scene);
	tls_bench_free(&bench);
}

static const char *const capabilities[] = {
    "STARTTLS", "PIPELINING\nSTARTTLS", "PIPELINING\nSIZE\nSTARTTLS"};

START_TEST(large_message)
{
	struct peer_script script = {
	    .digest = true, .capabilities = capabilities[_i]};
	struct scene scene = {.delivery = {
				  .message = LINE "\n.\n",
				  .repeat = LARGE / sizeof LINE,
			      }};
	const char wire[] = LINE "\r\n.\r\n";
	const struct transcript_message *message;
	uint64_t hash = BODY_HASH_START;

	start(&scene, &script);
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect(&scene, 'K', "verified mx.a.test\n");
	message = scene.transcript->connections[0].messages;
	for (size_t i = 0; i < scene.delivery.repeat; i++)
		hash = body_hash(hash, wire, sizeof wire - 1);
	ck_assert_uint_eq(
	    message->length, scene.delivery.repeat * (sizeof wire - 1));
	ck_assert_uint_eq(message->hash, hash);
	scene_free(&scene);
}
END_TEST

/* How the server ends the session, and what the report says of it. */
static const struct ending {
	struct peer_override override;
	char verdict;
	bool duplicate, died;
	bool large; /* a message that does not fit into buffers */
} endings[] = {
    {{PEER_DOT, .action = PEER_DROP, .bytes = "250 ok\r\n"}, .verdict = 'K'},
    {{PEER_DOT, .action = PEER_HALF_CLOSE, .bytes = "250 ok\r\n"},
	.verdict = 'K'},
    {{PEER_QUIT, .action = PEER_DROP}, .verdict = 'K'},
    {{PEER_QUIT, .action = PEER_RESET}, .verdict = 'K'},
    {{PEER_QUIT, .action = PEER_STALL}, .verdict = 'K'},
    {{PEER_QUIT, .action = PEER_DEAF}, .verdict = 'K'},
    {{PEER_QUIT, .action = PEER_FLOOD, .bytes = "221 x\r\n"}, .verdict = 'K'},
    {{PEER_DOT, .action = PEER_DROP, .bytes = "550 no\r\n"}, .verdict = 'D'},
    {{PEER_DOT, .action = PEER_DROP}, 'Z', .duplicate = true, .died = true},
    {{PEER_DOT, .action = PEER_DROP, .bytes = "250-o\r\n"}, 'Z',
	.duplicate = true, .died = true},
    {{PEER_DOT, .action = PEER_DROP, .bytes = "250 o"}, 'Z', .duplicate = true,
	.died = true},
    {{PEER_DOT, .action = PEER_HALF_CLOSE}, 'Z', .duplicate = true,
	.died = true},
    {{PEER_DOT, .action = PEER_RESET}, 'Z', .duplicate = true, .died = true},
    {{PEER_DOT, .action = PEER_STALL}, 'Z', .duplicate = true, .died = true},
    {{PEER_MAIL, .action = PEER_DROP}, 'Z', .died = true},
    {{PEER_MAIL, .action = PEER_HALF_CLOSE}, 'Z', .died = true},
    {{PEER_RCPT, .action = PEER_RESET}, 'Z', .died = true},
    {{PEER_RCPT, .action = PEER_STALL}, 'Z', .died = true},
    {{PEER_DATA, .action = PEER_DROP}, 'Z', .died = true},
    {{PEER_BODY, .after = 70000, .action = PEER_DROP}, 'Z', .died = true,
	.large = true},
    {{PEER_BODY, .after = 70000, .action = PEER_RESET}, 'Z', .died = true,
	.large = true},
    {{PEER_BODY, .after = 70000, .action = PEER_DEAF}, 'Z', .died = true,
	.large = true},
};

START_TEST(ends)
{
	const struct ending *ending = &endings[_i];
	struct peer_script script = {.overrides = {ending->override}};
	struct scene scene = {0};

	if (ending->large) {
		/* Of a fixed size, or it could grow to hold all of it. */
		script.receive_buffer = 65536;
		scene.delivery = (struct delivery){
		    .message = LINE "\n", .repeat = LARGE / sizeof LINE};
	}
	start(&scene, &script);
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect(&scene, ending->verdict,
	    ending->duplicate	     ? "died. Possible duplicate! (#4.4.2)\n"
	    : ending->died	     ? "but connection died. (#4.4.2)\n"
	    : ending->verdict == 'K' ? ", verified mx.a.test\n"
				     : "failed after I sent the message.\n");
	ck_assert_uint_eq(scene.outcome.strays, 0);
	scene_free(&scene);
}
END_TEST

/* Where the session comes to nothing, the server hears of it all the same. */
START_TEST(farewell)
{
	struct peer_script script = {
	    .overrides = {{PEER_EHLO_TLS, .bytes = "550 no\r\n"},
		{PEER_HELO, .bytes = "550 no\r\n"}}};
	struct scene scene = {0};
	const struct transcript_connection *connection;

	start(&scene, &script);
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect(&scene, 'Z',
	    "failed: no good answer to EHLO. (#4.7.0)\n"
	    "Remote host said: 550 no\n");
	connection = &scene.transcript->connections[0];
	ck_assert(connection->tls && connection->close_notify);
	ck_assert_uint_eq(transcript_count(connection, PEER_QUIT), 1);
	scene_free(&scene);
}
END_TEST

/* TLS that failed tells more than a second connection that is cut at once. */
START_TEST(telling_failure)
{
	struct peer_script script = {
	    .overrides = {{PEER_HANDSHAKE, .action = PEER_DROP},
		{PEER_GREETING, .connection = 2, .action = PEER_DROP}}};
	struct scene scene = {0};

	start(&scene, &script);
	home_control(&scene.home, "tlsstrictness", "0\n");
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect(&scene, 'Z', "TLS with mx.a.test failed: ");
	ck_assert_uint_eq(scene.transcript->count, 2);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("tls-relay")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, farewell);
	tcase_add_test(tcase, telling_failure);
	tcase_add_loop_test(tcase, large_message, 0, (int)COUNT(capabilities));
	tcase_add_loop_test(tcase, ends, 0, (int)COUNT(endings));
}
