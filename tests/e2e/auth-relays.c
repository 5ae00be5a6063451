/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a message whose relay has several addresses, whose
 * credentials are refused, or whose mechanisms lie.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "auth-bench.h"
#include "mechanisms.h"
#include "suite.h"

#define TWO                                                                    \
	"b.test MX 10 " TLS_HOST "\n" TLS_HOST " A 127.0.0.2\n" TLS_HOST       \
	" A 127.0.0.3\n"

/* Two addresses of one relay, of which each has a script. */
static void play_two(struct auth_bench *bench, struct peer_script scripts[2])
{
	struct scene *scene = &bench->scene;

	bench->serving = tls_bench_serve(&bench->tls, TLS_GOOD, NULL);
	scripts[0].tls = scripts[1].tls = bench->serving;
	scene->zone = TWO;
	scene->servers[0] = (struct peer_address){
	    .address = "127.0.0.2", .script = &scripts[0]};
	scene->servers[1] = (struct peer_address){
	    .address = "127.0.0.3", .script = &scripts[1]};
	scene_start(scene);
	auth_bench_route(bench, "|" AUTH_USER "|" AUTH_SECRET);
	scene_deliver(scene, "c.test");
	scene_stop(scene);
}

/* Both do this; whether the second is called, and what is reported. */
static const struct form {
	struct peer_override override;
	const char *capabilities; /* NULL: all mechanisms */
	enum peer_lie lie;
	size_t connections;
	const char *text;
} forms[] = {
    {.capabilities = "PIPELINING",
	.connections = 2,
	.text = "does not offer AUTH. (#4.7.0)"},
    {.capabilities = "AUTH NTLM", .connections = 2, .text = "offers only NTLM"},
    {.override = {.at = PEER_AUTH, .bytes = "454 4.7.0 later\r\n"},
	.connections = 2,
	.text = "454 4.7.0 later"},
    {.override = {.at = PEER_AUTH, .bytes = "421 4.3.2 bye\r\n"},
	.connections = 2,
	.text = "421 4.3.2 bye"},
    {.override = {.at = PEER_AUTH, .bytes = "550 no\r\n"},
	.connections = 2,
	.text = "550 no"},
    {.override = {.at = PEER_AUTH, .bytes = "504 no\r\n"},
	.connections = 2,
	.text = "504 no"},
    {.override = {.at = PEER_AUTH, .action = PEER_DROP},
	.connections = 2,
	.text = "connection died. (#4.4.2)"},
    {.override = {.at = PEER_AUTH, .bytes = "535 5.7.8 no\r\n"},
	.connections = 1,
	.text = "(#4.7.8)\nRemote host said: 535 5.7.8 no\n"},
    /* More than was asked for, and the connection is over. */
    {.override = {.at = PEER_AUTH,
	 .bytes = "451 4.7.0 no\r\n421 4.3.2 bye\r\n"},
	.connections = 2,
	.text = "451 4.7.0 no"},
    {.override = {.at = PEER_AUTH,
	 .bytes = "504 5.7.4 no\r\n421 4.3.2 bye\r\n"},
	.connections = 2,
	.text = "504 5.7.4 no"},
    {.override = {.at = PEER_AUTH,
	 .bytes = "535 5.7.8 no\r\n421 4.3.2 bye\r\n"},
	.connections = 1,
	.text = "(#4.7.8)\nRemote host said: 535 5.7.8 no\n"},
    {.lie = PEER_EAGER,
	.connections = 2,
	.text = "has not proved that it knows the password. (#4.7.0)"},
    {.lie = PEER_NO_PROOF,
	.connections = 2,
	.text = "has not proved that it knows the password. (#4.7.0)"},
    {.lie = PEER_WRONG_PROOF,
	.connections = 2,
	.text = "cannot prove that it knows the password. (#4.7.0)"},
    {.lie = PEER_ENDLESS, .connections = 2, .text = "makes no sense. (#4.7.0)"},
};

START_TEST(each_address)
{
	const struct form *form = &forms[_i];
	struct peer_script scripts[2];
	struct auth_bench bench;

	auth_bench_make(&bench);
	if (form->lie == PEER_WRONG_PROOF)
		bench.scene.unprobed = "a proof is never the same";
	scripts[0] = bench.script;
	scripts[0].overrides[0] = form->override;
	scripts[0].account.lie = form->lie;
	if (form->capabilities != NULL)
		scripts[0].capabilities_tls = form->capabilities;
	scripts[1] = scripts[0];
	play_two(&bench, scripts);
	scene_expect(&bench.scene, 'Z', form->text);
	ck_assert_uint_eq(bench.scene.transcript->count, form->connections);
	ck_assert_uint_eq(scene_messages(&bench.scene), 0);
	for (size_t i = 0; i < bench.scene.transcript->count; i++)
		ck_assert_uint_eq(
		    transcript_count(
			&bench.scene.transcript->connections[i], PEER_MAIL),
		    0);
	auth_bench_free(&bench);
}
END_TEST

/* One of the two is as it should be. */
START_TEST(one_is_good)
{
	const struct form *form = &forms[_i];
	struct peer_script scripts[2];
	struct auth_bench bench;

	auth_bench_make(&bench);
	scripts[0] = scripts[1] = bench.script;
	scripts[0].overrides[0] = form->override;
	scripts[0].account.lie = form->lie;
	if (form->capabilities != NULL)
		scripts[0].capabilities_tls = form->capabilities;
	play_two(&bench, scripts);
	if (form->connections == 2) {
		scene_expect(&bench.scene, 'K', "127.0.0.3 accepted message.");
		ck_assert_uint_eq(scene_messages(&bench.scene), 1);
	} else if (bench.scene.transcript->count == 1 &&
		   scene_messages(&bench.scene) == 0) {
		scene_expect(&bench.scene, 'Z', form->text);
	}
	auth_bench_free(&bench);
}
END_TEST

/* Each mechanism, end to end; PLUS binds to the TLS that is really there. */
static const char *const mechanisms[] = {MECHANISMS_BOUND "SCRAM-SHA-256",
    "SCRAM-SHA-1", "PLAIN", "LOGIN", "CRAM-MD5", "OAUTHBEARER", "XOAUTH2"};

START_TEST(mechanism)
{
	const char *name = mechanisms[_i];
	bool bearer = strstr(name, "OAUTH") != NULL;
	char offer[64];
	struct auth_bench bench;
	const struct transcript_event *command;

	auth_bench_make(&bench);
	snprintf(offer, sizeof offer, "AUTH %s", name);
	bench.script.capabilities_tls = offer;
	auth_bench_start(&bench, "127.0.0.2", TLS_GOOD);
	auth_bench_route(&bench, bearer ? "|" AUTH_USER "|bearer:" AUTH_SECRET
					: "|" AUTH_USER "|" AUTH_SECRET);
	scene_deliver(&bench.scene, "c.test");
	scene_stop(&bench.scene);
	scene_expect(&bench.scene, 'K', ", verified " TLS_HOST "\n");
	ck_assert_uint_eq(scene_messages(&bench.scene), 1);
	command = transcript_command(
	    &bench.scene.transcript->connections[0], PEER_AUTH, 0);
	ck_assert_ptr_nonnull(command);
	ck_assert(strncmp(command->bytes + 5, name, strlen(name)) == 0);
	/* RFC 4954 section 5: no AUTH= on MAIL. */
	ck_assert(transcript_said(&bench.scene.transcript->connections[0],
	    PEER_MAIL, 0, "MAIL FROM:<alice@client.test>"));
	auth_bench_free(&bench);
}
END_TEST

/* After a 535 the relay is left alone, whoever else wants to send. */
START_TEST(lockout)
{
	struct auth_bench bench;

	auth_bench_make(&bench);
	bench.scene.unprobed = "refused credentials are kept by port";
	bench.script.account.secret = "another one";
	auth_bench_start(&bench, "127.0.0.2", TLS_GOOD);
	auth_bench_route(&bench, "|" AUTH_USER "|" AUTH_SECRET);
	scene_deliver(&bench.scene, "c.test");
	scene_expect(&bench.scene, 'Z', "(#4.7.8)\nRemote host said: 535");
	scene_deliver(&bench.scene, "d.test");
	scene_expect(&bench.scene, 'Z', "refused less than 5 minutes ago");
	/* Another secret, and then the right one, are tried at once. */
	auth_bench_route(&bench, "|" AUTH_USER "|a third one");
	scene_deliver(&bench.scene, "c.test");
	scene_expect(&bench.scene, 'Z', "(#4.7.8)\nRemote host said: 535");
	auth_bench_route(&bench, "|" AUTH_USER "|another one");
	scene_deliver(&bench.scene, "c.test");
	scene_expect(&bench.scene, 'K', "");
	scene_stop(&bench.scene);
	ck_assert_uint_eq(bench.scene.transcript->count, 3);
	auth_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("auth-relays")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, each_address, 0, (int)COUNT(forms));
	tcase_add_loop_test(tcase, one_is_good, 0, (int)COUNT(forms));
	tcase_add_loop_test(tcase, mechanism, 0, (int)COUNT(mechanisms));
	tcase_add_test(tcase, lockout);
}
