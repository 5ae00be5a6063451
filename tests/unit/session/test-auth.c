/* SPDX-License-Identifier: ISC */
/* How we authenticate with servers that mean it well. */
#include "config.h"

#include "session/auth.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "session/auth-scene.h"
#include "suite.h"
#include "unit.h"

#define PASSWORDS                                                              \
	"SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1 "       \
	"PLAIN LOGIN CRAM-MD5"
#define TOKENS "OAUTHBEARER XOAUTH2"

static const unsigned char binding[32] = "so many bytes of some exporter";

static void offer(struct scene *scene, const char *mechanisms)
{
	char line[1024];

	snprintf(line, sizeof line, "AUTH %s", mechanisms);
	auth_scene_run(scene, line);
}

static void bind(struct scene *scene)
{
	scene->task.binding = binding;
	scene->task.binding_size = sizeof binding;
	scene->script.account.binding = binding;
}

static const struct choice {
	const char *offered;
	const char *chosen; /* NULL: none of them */
	bool bearer, bound;
} choices[] = {
    {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS", false, true},
    {"SCRAM-SHA-256", "SCRAM-SHA-256", false, true},
    {"SCRAM-SHA-256", "SCRAM-SHA-256", false, false},
    {"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1-PLUS", false, true},
    {"SCRAM-SHA-1", "SCRAM-SHA-1", false, false},
    {"PLAIN", "PLAIN", false, false},
    {"LOGIN", "LOGIN", false, false},
    {"CRAM-MD5", "CRAM-MD5", false, false},
    {"OAUTHBEARER", "OAUTHBEARER", true, false},
    {"XOAUTH2", "XOAUTH2", true, false},
    {"xoauth2", "XOAUTH2", true, false},
    {PASSWORDS " " TOKENS, "SCRAM-SHA-256-PLUS", false, true},
    {PASSWORDS " " TOKENS, "SCRAM-SHA-256", false, false},
    {PASSWORDS " " TOKENS, "OAUTHBEARER", true, false},
    {"XOAUTH2 OAUTHBEARER", "OAUTHBEARER", true, false},
    {"CRAM-MD5 LOGIN PLAIN", "PLAIN", false, false},
    {"CRAM-MD5 LOGIN", "LOGIN", false, false},
    {"LOGIN PLAIN SCRAM-SHA-1", "SCRAM-SHA-1", false, false},
    {"SCRAM-SHA-1-PLUS SCRAM-SHA-256", "SCRAM-SHA-256", false, true},
    {"  PLAIN  ", "PLAIN", false, false},
    {"DIGEST-MD5 NTLM plain", "PLAIN", false, false},
    {"SCRAM-SHA-256-PLUS", NULL, false, false},
    {"SCRAM-SHA-512 PLAINX XPLAIN", NULL, false, false},
    {PASSWORDS, NULL, true, true},
    {TOKENS, NULL, false, true},
    {"", NULL, false, false},
};

START_TEST(chosen)
{
	const struct choice *choice = &choices[_i];
	const struct transcript_connection *connection;
	struct scene scene;

	auth_scene_init(&scene, choice->bearer);
	if (choice->bound)
		bind(&scene);
	offer(&scene, choice->offered);
	connection = transcript_connection(scene.transcript, NULL, 0);
	ck_assert_int_eq((int)transcript_count(connection, PEER_AUTH),
	    choice->chosen != NULL);
	if (choice->chosen != NULL) {
		ck_assert_msg(
		    scene.result == AUTH_DONE, "%s", scene.failure.text);
		ck_assert_str_eq(scene.mechanism, choice->chosen);
		ck_assert_int_eq(
		    (int)transcript_count(connection, PEER_QUIT), 0);
	} else {
		ck_assert_int_eq(scene.result, AUTH_NEXT_SERVER);
		ck_assert_ptr_null(scene.mechanism);
		ck_assert_int_eq(scene.failure.class, FAILURE_TEMPORARY);
		ck_assert(scene.failure.unmet);
		ck_assert_int_eq(
		    (int)transcript_count(connection, PEER_QUIT), 1);
	}
	auth_scene_end(&scene);
}
END_TEST

static const struct offer_form {
	const char *capabilities, *report;
} offer_forms[] = {
    {NULL, "Connected to 127.0.0.1 but it does not offer AUTH. (#4.7.0)\n"},
    {"AUTH", "Connected to 127.0.0.1 but it does not offer AUTH. (#4.7.0)\n"},
    {"AUTH=PLAIN LOGIN",
	"Connected to 127.0.0.1 but it does not offer AUTH. (#4.7.0)\n"},
    {"AUTH NTLM  \x1b X",
	"Connected to 127.0.0.1 but of AUTH it offers only NTLM  ? X, which "
	"does not do for these credentials. (#4.7.0)\n"},
    /* A server that has seen the secret before. */
    {"AUTH X-" SECRET,
	"Connected to 127.0.0.1 but of AUTH it offers only X-*, which does "
	"not do for these credentials. (#4.7.0)\n"},
};

START_TEST(no_offer)
{
	struct scene scene;

	auth_scene_init(&scene, false);
	auth_scene_run(&scene, offer_forms[_i].capabilities);
	ck_assert_int_eq(scene.result, AUTH_NEXT_SERVER);
	ck_assert_str_eq(scene.failure.text, offer_forms[_i].report);
	auth_scene_end(&scene);
}
END_TEST

/* Those without anything random, octet for octet. */
static const struct words {
	const char *mechanism, *said;
	bool bearer;
	const char *user; /* NULL: USER */
} words[] = {
    {"PLAIN", "AUTH PLAIN AG1lQGV4YW1wbGUubmV0AGh1bnRlcjI=\n", false, NULL},
    {"LOGIN", "AUTH LOGIN\nbWVAZXhhbXBsZS5uZXQ=\naHVudGVyMg==\n", false, NULL},
    {"CRAM-MD5",
	"AUTH "
	"CRAM-"
	"MD5\nbWVAZXhhbXBsZS5uZXQgN2NmNmZiNjZhZjJhMDhiOTExZjFmY2NjYmZjNDE5ZDM="
	"\n",
	false, NULL},
    {"OAUTHBEARER",
	"AUTH OAUTHBEARER bixhPW1lQGV4YW1wbGUubmV0LAFob3N0PW1haWwuZXhhbXBsZS5"
	"uZXQBcG9ydD01ODcBYXV0aD1CZWFyZXIgeWEyOS50b2tlbi0wMTIzNDU2Nzg5AQE=\n",
	true, NULL},
    {"OAUTHBEARER",
	"AUTH OAUTHBEARER bixhPWE9MkNiPTNEYywBaG9zdD1tYWlsLmV4YW1wbGUubmV0AXB"
	"vcnQ9NTg3AWF1dGg9QmVhcmVyIHlhMjkudG9rZW4tMDEyMzQ1Njc4OQEB\n",
	true, "a,b=c"},
    {"XOAUTH2",
	"AUTH XOAUTH2 dXNlcj1tZUBleGFtcGxlLm5ldAFhdXRoPUJlYXJlciB5YTI5LnRva2Vu"
	"LTAxMjM0NTY3ODkBAQ==\n",
	true, NULL},
};

START_TEST(octets)
{
	struct scene scene;
	struct bytes said;
	char *user = words[_i].user != NULL ? strdup(words[_i].user) : NULL;

	auth_scene_init(&scene, words[_i].bearer);
	if (user != NULL)
		scene.credentials.user = user;
	scene.script.account.user = scene.credentials.user;
	offer(&scene, words[_i].mechanism);
	said = auth_scene_said(&scene);
	ck_assert_int_eq(scene.result, AUTH_DONE);
	ck_assert_str_eq(said.data, words[_i].said);
	bytes_free(&said);
	auth_scene_end(&scene);
}
END_TEST

/* Users and passwords that are not of the usual kind. */
static const struct account {
	const char *user, *secret;
	const char *mechanism; /* that can be used, of all */
} accounts[] = {
    {"a,b=c", "p=w,d", "SCRAM-SHA-256"},
    {"me", "s\xc3\xa9same, ouvre-toi", "SCRAM-SHA-256"},
    {"m\xc3\xa9", "secret", "SCRAM-SHA-256"},
    {"me", "latin1 s\xe9same", "PLAIN"}, /* no UTF-8 */
    {"m\xe9", "secret", "PLAIN"},
    {"me", "bell \a", "PLAIN"}, /* RFC 4013 prohibits it */
    {"\"me\" <>", " | \\ ", "SCRAM-SHA-256"},
};

START_TEST(account)
{
	struct scene scene;

	auth_scene_init(&scene, false);
	scene.credentials.user = strdup(accounts[_i].user);
	scene.credentials.secret = strdup(accounts[_i].secret);
	scene.script.account.user = accounts[_i].user;
	scene.script.account.secret = accounts[_i].secret;
	offer(&scene, PASSWORDS);
	ck_assert_msg(scene.result == AUTH_DONE, "%s", scene.failure.text);
	ck_assert_str_eq(scene.mechanism, accounts[_i].mechanism);
	auth_scene_end(&scene);
}
END_TEST

/*
 * The initial response goes with the command as long as the line, CRLF
 * included, has no more than 512 octets.
 */
static const char *const long_ones[] = {
    "PLAIN", "SCRAM-SHA-256", "OAUTHBEARER", "XOAUTH2"};

START_TEST(long_response)
{
	const char *name = long_ones[_i % 4];
	size_t length = 300 + (size_t)_i / 4 * 6;
	struct scene scene;
	struct bytes said;
	char *text = malloc(length + 1);
	size_t line;

	memset(text, 'x', length);
	text[length] = '\0';
	auth_scene_init(&scene, _i % 4 >= 2);
	if (_i % 4 == 1)
		scene.script.account.user = scene.credentials.user = text;
	else
		scene.script.account.secret = scene.credentials.secret = text;
	offer(&scene, name);
	ck_assert_msg(scene.result == AUTH_DONE, "%s", scene.failure.text);
	said = auth_scene_said(&scene);
	line = strcspn(said.data, "\n");
	ck_assert_uint_le(line + 2, 512);
	if (line == strlen("AUTH ") + strlen(name))
		ck_assert_uint_gt(
		    line + 1 + strcspn(said.data + line + 1, "\n") + 2, 512);
	else
		ck_assert_int_eq(
		    said.data[strlen("AUTH ") + strlen(name)], ' ');
	bytes_free(&said);
	free(text);
	auth_scene_end(&scene);
}
END_TEST

/* A server that has no such mechanism, or not for this user, has others. */
static const struct fallback {
	const char *replies[3]; /* to AUTH, in turn; NULL: the normal one */
	const char *chosen;
	bool bearer;
} fallbacks[] = {
    {{"504 5.5.4 no\r\n"}, "SCRAM-SHA-1", false},
    {{"534 5.7.9 no\r\n"}, "SCRAM-SHA-1", false},
    {{"504 no\r\n", "534 no\r\n"}, "PLAIN", false},
    {{"504 no\r\n", "504 no\r\n", "504 no\r\n"}, "LOGIN", false},
    {{"534 no\r\n"}, "XOAUTH2", true},
};

START_TEST(fallback)
{
	struct scene scene;

	auth_scene_init(&scene, fallbacks[_i].bearer);
	for (unsigned i = 0; i < 3; i++)
		if (fallbacks[_i].replies[i] != NULL)
			scene.script.overrides[i] =
			    (struct peer_override){.at = PEER_AUTH,
				.nth = i + 1,
				.bytes = fallbacks[_i].replies[i]};
	offer(&scene, PASSWORDS " " TOKENS);
	ck_assert_msg(scene.result == AUTH_DONE, "%s", scene.failure.text);
	ck_assert_str_eq(scene.mechanism, fallbacks[_i].chosen);
	auth_scene_end(&scene);
}
END_TEST

/* When it has no other the last refusal is told. */
START_TEST(no_fallback)
{
	struct scene scene;

	auth_scene_init(&scene, false);
	scene.script.overrides[0] = (struct peer_override){
	    .at = PEER_AUTH, .bytes = "504 5.5.4 no " SECRET "\r\n"};
	offer(&scene, PASSWORDS);
	ck_assert_int_eq(scene.result, AUTH_NEXT_SERVER);
	ck_assert_str_eq(scene.mechanism, "CRAM-MD5");
	ck_assert_str_eq(scene.failure.text,
	    "Connected to 127.0.0.1 but authentication by CRAM-MD5 failed. "
	    "(#4.7.0)\nRemote host said: 504 5.5.4 no *\n");
	ck_assert_int_eq(
	    (int)transcript_count(
		transcript_connection(scene.transcript, NULL, 0), PEER_AUTH),
	    5);
	auth_scene_end(&scene);
}
END_TEST

LOOPBACK_SUITE("auth")
{
	tcase_add_loop_test(tcase, chosen, 0, COUNT(choices));
	tcase_add_loop_test(tcase, no_offer, 0, COUNT(offer_forms));
	tcase_add_loop_test(tcase, octets, 0, COUNT(words));
	tcase_add_loop_test(tcase, account, 0, COUNT(accounts));
	tcase_add_loop_test(tcase, long_response, 0, 4 * 20);
	tcase_add_loop_test(tcase, fallback, 0, COUNT(fallbacks));
	tcase_add_test(tcase, no_fallback);
}
