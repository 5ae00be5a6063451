/* SPDX-License-Identifier: ISC */
/* How we authenticate with servers that do not know how, or mean us harm. */
#include "config.h"

#include "session/auth.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "session/auth-scene.h"
#include "session/lockout.h"
#include "suite.h"
#include "unit.h"

#define FAILED(name)                                                           \
	"Connected to 127.0.0.1 but authentication by " name                   \
	" failed. (#4.7.0)\n"
#define BECAUSE(name, reason)                                                  \
	"Connected to 127.0.0.1 but authentication by " name                   \
	" failed: " reason ". (#4.7.0)\n"
#define SAID(text) "Remote host said: " text "\n"
#define REFUSED                                                                \
	"Connected to 127.0.0.1 but it refused the credentials of "            \
	"control/smtproutes line 3. (#4.7.8)\n"
#define DIED "Connected to 127.0.0.1 but connection died. (#4.4.2)\n"
#define TURN "Connected to 127.0.0.1 but it replied out of turn. (#4.5.0)\n"
#define NONSENSE "the server's challenge makes no sense"
#define UNPROVED "the server has not proved that it knows the password"
#define FALSE "the server cannot prove that it knows the password"
#define EARLY "the server agrees before it has heard all"
#define NOT_BASE64 "the server's challenge is not base64"

#define COMMAND PEER_AUTH
#define RESPONSE PEER_AUTH_RESPONSE
#define NEXT AUTH_NEXT_SERVER

static bool is_bearer(const char *mechanism)
{
	return strstr(mechanism, "OAUTH") != NULL;
}

static void offer_one(struct scene *scene, const char *mechanism)
{
	char line[64];

	snprintf(line, sizeof line, "AUTH %s", mechanism);
	auth_scene_run(scene, line);
}

static bool is_cancelled(const struct scene *scene)
{
	struct bytes said = auth_scene_said(scene);
	bool cancelled = bytes_contain(&said, "\n*\n");

	bytes_free(&said);
	return cancelled;
}

/* Replies in place of the normal one. */
static const struct form {
	const char *mechanism;
	enum peer_stage at;
	unsigned nth;
	enum peer_action action;
	const char *bytes;
	const char *report;
	enum auth_result result;
	bool cancelled;
} forms[] = {
    /* Codes. */
    {"PLAIN", COMMAND, 1, PEER_SAY, "535 5.7.8 no\r\n",
	REFUSED SAID("535 5.7.8 no"), AUTH_REFUSED, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "454 4.7.0 later\r\n",
	FAILED("PLAIN") SAID("454 4.7.0 later"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "421 bye\r\n",
	FAILED("PLAIN") SAID("421 bye"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "450 x\r\n", FAILED("PLAIN") SAID("450 x"),
	NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "500 x\r\n", FAILED("PLAIN") SAID("500 x"),
	NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "538 x\r\n", FAILED("PLAIN") SAID("538 x"),
	NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "554-x\r\n554 y\r\n",
	FAILED("PLAIN") SAID("554-x\n554 y"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "250 ok\r\n",
	FAILED("PLAIN") SAID("250 ok"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "220 ok\r\n",
	FAILED("PLAIN") SAID("220 ok"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "354 go\r\n",
	FAILED("PLAIN") SAID("354 go"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "504 x\r\n", FAILED("PLAIN") SAID("504 x"),
	NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "534 x\r\n", FAILED("PLAIN") SAID("534 x"),
	NEXT, false},
    {"LOGIN", RESPONSE, 1, PEER_SAY, "535 x\r\n", REFUSED SAID("535 x"),
	AUTH_REFUSED, false},
    {"LOGIN", RESPONSE, 2, PEER_SAY, "454 x\r\n", FAILED("LOGIN") SAID("454 x"),
	NEXT, false},
    {"LOGIN", RESPONSE, 2, PEER_SAY, "504 x\r\n", FAILED("LOGIN") SAID("504 x"),
	NEXT, false},
    {"SCRAM-SHA-256", RESPONSE, 1, PEER_SAY, "535 x\r\n", REFUSED SAID("535 x"),
	AUTH_REFUSED, false},
    {"SCRAM-SHA-256", RESPONSE, 2, PEER_SAY, "535 x\r\n", REFUSED SAID("535 x"),
	AUTH_REFUSED, false},
    {"XOAUTH2", COMMAND, 1, PEER_SAY, "535 x\r\n", REFUSED SAID("535 x"),
	AUTH_REFUSED, false},
    /* No SMTP. */
    {"PLAIN", COMMAND, 1, PEER_SAY, "what?\r\n", FAILED("PLAIN") SAID("what?"),
	NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "235-a\r\n335 b\r\n",
	FAILED("PLAIN") SAID("235-a\n335 b"), NEXT, false},
    {"LOGIN", RESPONSE, 1, PEER_SAY, "what?\r\n", FAILED("LOGIN") SAID("what?"),
	NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "235 a\r\n250 b\r\n", TURN, NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "235 a\r\n421 b\r\n",
	FAILED("PLAIN") SAID("421 b"), NEXT, false},
    {"LOGIN", COMMAND, 1, PEER_SAY, "334 VXNlcjo=\r\n421 b\r\n",
	FAILED("LOGIN") SAID("421 b"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "504 a\r\n421 b\r\n",
	FAILED("PLAIN") SAID("504 a"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "454 a\r\n421 b\r\n",
	FAILED("PLAIN") SAID("454 a"), NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_SAY, "535 a\r\n421 b\r\n", REFUSED SAID("535 a"),
	AUTH_REFUSED, false},
    {"LOGIN", COMMAND, 1, PEER_SAY, "334 VXNlcjo=\r\n334 UGFzczo=\r\n", TURN,
	NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_DROP, NULL, DIED, NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_DROP, "235 ok", DIED, NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_DROP, "235-ok\r\n", DIED, NEXT, false},
    {"PLAIN", COMMAND, 1, PEER_RESET, NULL, DIED, NEXT, false},
    {"LOGIN", RESPONSE, 1, PEER_DROP, NULL, DIED, NEXT, false},
    {"LOGIN", RESPONSE, 2, PEER_DROP, NULL, DIED, NEXT, false},
    {"SCRAM-SHA-1", RESPONSE, 1, PEER_DROP, NULL, DIED, NEXT, false},
    {"SCRAM-SHA-1", RESPONSE, 2, PEER_DROP, NULL, DIED, NEXT, false},
    /* Challenges. */
    {"LOGIN", COMMAND, 1, PEER_SAY, "334 Username:\r\n",
	BECAUSE("LOGIN", NOT_BASE64) SAID("334 Username:"), NEXT, true},
    {"LOGIN", COMMAND, 1, PEER_SAY, "334 VXNlcjo\r\n",
	BECAUSE("LOGIN", NOT_BASE64) SAID("334 VXNlcjo"), NEXT, true},
    {"LOGIN", COMMAND, 1, PEER_SAY, "334  VXNlcjo=\r\n",
	BECAUSE("LOGIN", NOT_BASE64) SAID("334  VXNlcjo="), NEXT, true},
    {"LOGIN", COMMAND, 1, PEER_SAY, "334 =\r\n",
	BECAUSE("LOGIN", NOT_BASE64) SAID("334 ="), NEXT, true},
    {"LOGIN", RESPONSE, 1, PEER_SAY, "334 Password:\r\n",
	BECAUSE("LOGIN", NOT_BASE64) SAID("334 Password:"), NEXT, true},
    {"LOGIN", RESPONSE, 2, PEER_SAY, "334 VXNlcjo=\r\n",
	BECAUSE("LOGIN", NONSENSE) SAID("334 VXNlcjo="), NEXT, true},
    {"LOGIN", COMMAND, 1, PEER_SAY, "334-VXNlcjo=\r\n334 VXNlcjo=\r\n",
	BECAUSE("LOGIN", "the server's challenge is too long")
	    SAID("334-VXNlcjo=\n334 VXNlcjo="),
	NEXT, true},
    {"PLAIN", COMMAND, 1, PEER_SAY, "334 VXNlcjo=\r\n",
	BECAUSE("PLAIN", NONSENSE) SAID("334 VXNlcjo="), NEXT, true},
    {"PLAIN", COMMAND, 1, PEER_SAY, "334 \r\n",
	BECAUSE("PLAIN", NONSENSE) SAID("334 "), NEXT, true},
    {"PLAIN", COMMAND, 1, PEER_SAY, "334\r\n",
	BECAUSE("PLAIN", NONSENSE) SAID("334"), NEXT, true},
    {"CRAM-MD5", RESPONSE, 1, PEER_SAY, "334 \r\n",
	BECAUSE("CRAM-MD5", NONSENSE) SAID("334 "), NEXT, true},
    {"SCRAM-SHA-256", COMMAND, 1, PEER_SAY, "334 \r\n",
	BECAUSE("SCRAM-SHA-256", NONSENSE) SAID("334 "), NEXT, true},
    {"SCRAM-SHA-256", COMMAND, 1, PEER_SAY, "334 cj0=\r\n",
	BECAUSE("SCRAM-SHA-256", NONSENSE) SAID("334 cj0="), NEXT, true},
    {"SCRAM-SHA-256", COMMAND, 1, PEER_SAY, "334 AAAAAAAA\r\n",
	BECAUSE("SCRAM-SHA-256", NONSENSE) SAID("334 AAAAAAAA"), NEXT, true},
    {"SCRAM-SHA-256", RESPONSE, 1, PEER_SAY, "334 \r\n",
	BECAUSE("SCRAM-SHA-256", NONSENSE) SAID("334 "), NEXT, true},
    {"SCRAM-SHA-256", RESPONSE, 1, PEER_SAY, "334 dj1ub3RoaW5n\r\n",
	BECAUSE("SCRAM-SHA-256", FALSE) SAID("334 dj1ub3RoaW5n"), NEXT, true},
    {"SCRAM-SHA-256", RESPONSE, 2, PEER_SAY, "334 dj1ub3RoaW5n\r\n",
	BECAUSE("SCRAM-SHA-256", NONSENSE) SAID("334 dj1ub3RoaW5n"), NEXT,
	true},
    /* Success that cannot be. */
    {"SCRAM-SHA-256", COMMAND, 1, PEER_SAY, "235 ok\r\n",
	BECAUSE("SCRAM-SHA-256", UNPROVED) SAID("235 ok"), NEXT, false},
    {"SCRAM-SHA-1", RESPONSE, 1, PEER_SAY, "235 ok\r\n",
	BECAUSE("SCRAM-SHA-1", UNPROVED) SAID("235 ok"), NEXT, false},
    {"LOGIN", COMMAND, 1, PEER_SAY, "235 ok\r\n",
	BECAUSE("LOGIN", EARLY) SAID("235 ok"), NEXT, false},
    {"LOGIN", RESPONSE, 1, PEER_SAY, "235 ok\r\n",
	BECAUSE("LOGIN", EARLY) SAID("235 ok"), NEXT, false},
    {"CRAM-MD5", COMMAND, 1, PEER_SAY, "235 ok\r\n",
	BECAUSE("CRAM-MD5", EARLY) SAID("235 ok"), NEXT, false},
    /* What it echoes. */
    {"PLAIN", COMMAND, 1, PEER_SAY,
	"454 " SECRET " AG1lQGV4YW1wbGUubmV0AGh1bnRlcjI= x\r\n",
	FAILED("PLAIN") SAID("454 * * x"), NEXT, false},
    {"LOGIN", RESPONSE, 2, PEER_SAY, "454-aHVudGVyMg==\r\n454 x" SECRET "\r\n",
	FAILED("LOGIN") SAID("454-*\n454 x*"), NEXT, false},
};

START_TEST(one_reply)
{
	const struct form *form = &forms[_i];
	struct scene scene;

	auth_scene_init(&scene, is_bearer(form->mechanism));
	scene.script.overrides[0] = (struct peer_override){.at = form->at,
	    .nth = form->nth,
	    .action = form->action,
	    .bytes = form->bytes};
	offer_one(&scene, form->mechanism);
	ck_assert_int_eq(scene.result, form->result);
	ck_assert_int_eq(scene.failure.class, FAILURE_TEMPORARY);
	ck_assert_str_eq(scene.failure.text, form->report);
	ck_assert_str_eq(scene.mechanism, form->mechanism);
	ck_assert_int_eq(is_cancelled(&scene), form->cancelled);
	auth_scene_end(&scene);
}
END_TEST

/* Challenges and rounds that are, and are not, too many. */
static const struct size_form {
	size_t size;
	bool good;
} sizes[] = {
    {4092, true}, {4096, true}, {4100, false}, {5000, false}, {100000, false}};

START_TEST(long_challenge)
{
	struct scene scene;
	struct bytes reply = {0};

	bytes_add_text(&reply, "334 ");
	for (size_t i = 0; i < sizes[_i].size; i++)
		bytes_add_text(&reply, "A");
	bytes_add_text(&reply, "\r\n");
	auth_scene_init(&scene, false);
	scene.script.overrides[0] =
	    (struct peer_override){.at = PEER_AUTH, .bytes = reply.data};
	offer_one(&scene, "LOGIN");
	ck_assert_int_eq(scene.result == AUTH_DONE, sizes[_i].good);
	ck_assert_int_eq(is_cancelled(&scene), !sizes[_i].good);
	bytes_free(&reply);
	auth_scene_end(&scene);
}
END_TEST

/* The lies that need to know what was said before. */
static const struct lie {
	const char *mechanism;
	enum peer_lie lie;
	const char *report; /* how it begins */
	enum auth_result result;
	bool cancelled;
} lies[] = {
#define BY_SCRAM(name)                                                         \
	{name, PEER_NO_PROOF, BECAUSE(name, UNPROVED), NEXT, false},           \
	    {name, PEER_WRONG_PROOF, BECAUSE(name, FALSE), NEXT, true},        \
	    {name, PEER_WRONG_NONCE, BECAUSE(name, FALSE), NEXT, true},        \
	    {name, PEER_MANY_ROUNDS, BECAUSE(name, NONSENSE), NEXT, true},     \
	    {name, PEER_EAGER, BECAUSE(name, UNPROVED), NEXT, false},          \
	{                                                                      \
		name, PEER_ENDLESS, BECAUSE(name, NONSENSE), NEXT, true        \
	}
    BY_SCRAM("SCRAM-SHA-256-PLUS"),
    BY_SCRAM("SCRAM-SHA-256"),
    BY_SCRAM("SCRAM-SHA-1-PLUS"),
    BY_SCRAM("SCRAM-SHA-1"),
    {"LOGIN", PEER_EAGER, BECAUSE("LOGIN", EARLY), NEXT, false},
    {"LOGIN", PEER_ENDLESS, BECAUSE("LOGIN", NONSENSE), NEXT, true},
    {"CRAM-MD5", PEER_EAGER, BECAUSE("CRAM-MD5", EARLY), NEXT, false},
    {"CRAM-MD5", PEER_ENDLESS, BECAUSE("CRAM-MD5", NONSENSE), NEXT, true},
    {"PLAIN", PEER_ENDLESS, BECAUSE("PLAIN", NONSENSE), NEXT, true},
    {"OAUTHBEARER", PEER_ENDLESS, BECAUSE("OAUTHBEARER", NONSENSE), NEXT, true},
    {"XOAUTH2", PEER_ENDLESS, BECAUSE("XOAUTH2", NONSENSE), NEXT, true},
};

START_TEST(lying)
{
	static const unsigned char binding[32] = "an exporter";
	const struct lie *lie = &lies[_i];
	int64_t begin = unit_now();
	struct scene scene;

	auth_scene_init(&scene, is_bearer(lie->mechanism));
	scene.task.binding = scene.script.account.binding = binding;
	scene.task.binding_size = sizeof binding;
	scene.script.account.lie = lie->lie;
	offer_one(&scene, lie->mechanism);
	ck_assert_int_eq(scene.result, lie->result);
	ck_assert_msg(
	    strncmp(scene.failure.text, lie->report, strlen(lie->report)) == 0,
	    "%s", scene.failure.text);
	ck_assert_int_eq(is_cancelled(&scene), lie->cancelled);
	ck_assert_int_lt(unit_now() - begin, 10000);
	auth_scene_end(&scene);
}
END_TEST

static const char *const all[] = {"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN",
    "LOGIN", "CRAM-MD5", "OAUTHBEARER", "XOAUTH2"};

/* A mechanism that answers whatever comes. */
static enum sasl_step answer_all(struct sasl *sasl, const char *challenge,
    size_t size, struct sasl_response *response)
{
	(void)sasl;
	(void)challenge;
	(void)size;
	response->bytes = strdup("yes");
	response->size = 3;
	return SASL_RESPONSE;
}

/* Eight challenges are answered, and that is enough. */
START_TEST(many_rounds)
{
	struct sasl sasl = {.step = answer_all};
	struct scene scene;
	struct bytes said, expected = {0};

	auth_scene_init(&scene, false);
	scene.sasl = &sasl;
	scene.script.overrides[0] = (struct peer_override){
	    .at = PEER_AUTH, .bytes = "334 bW9yZQ==\r\n"};
	scene.script.overrides[1] = (struct peer_override){
	    .at = PEER_AUTH_RESPONSE, .bytes = "334 bW9yZQ==\r\n"};
	auth_scene_run(&scene, "AUTH MADE-UP");
	said = auth_scene_said(&scene);
	bytes_add_text(&expected, "AUTH MADE-UP eWVz\n");
	for (int i = 0; i < 8; i++)
		bytes_add_text(&expected, "eWVz\n");
	bytes_add_text(&expected, "*\nQUIT\n");
	ck_assert_str_eq(said.data, expected.data);
	ck_assert_ptr_nonnull(strstr(scene.failure.text, "asks on and on"));
	bytes_free(&said);
	bytes_free(&expected);
	auth_scene_end(&scene);
}
END_TEST

/* A secret that is wrong: one attempt, and no second for a while. */
START_TEST(refusal)
{
	struct scene scene;
	char other[] = "hunter3";

	auth_scene_init(&scene, is_bearer(all[_i]));
	scene.script.account.secret = "another one";
	offer_one(&scene, all[_i]);
	ck_assert_int_eq(scene.result, AUTH_REFUSED);
	ck_assert_msg(
	    strncmp(scene.failure.text, REFUSED, strlen(REFUSED)) == 0, "%s",
	    scene.failure.text);
	ck_assert(is_cancelled(&scene) == false);
	ck_assert_ptr_nonnull(strstr(scene.failure.text, "535 5.7.8 no\n"));

	ck_assert(!auth_prepare(&scene.task, &scene.failure));
	offer_one(&scene, all[_i]);
	ck_assert_int_eq(scene.result, AUTH_REFUSED);
	ck_assert_str_eq(scene.failure.text,
	    "The credentials of control/smtproutes line 3 were refused less "
	    "than 5 minutes ago, and are not tried again yet. (#4.7.8)\n");
	ck_assert_uint_eq(
	    transcript_count(
		transcript_connection(scene.transcript, NULL, 0), PEER_AUTH),
	    0);

	/* A secret that has been changed is tried at once. */
	scene.credentials.secret = other;
	scene.script.account.secret = other;
	ck_assert(auth_prepare(&scene.task, &scene.failure));
	offer_one(&scene, all[_i]);
	ck_assert_int_eq(scene.result, AUTH_DONE);
	auth_scene_end(&scene);
}
END_TEST

/* Only a 535 counts as one: 454 does not. */
START_TEST(no_refusal)
{
	struct scene scene;

	auth_scene_init(&scene, false);
	scene.script.overrides[0] = (struct peer_override){
	    .at = PEER_AUTH, .bytes = "454 4.7.8 later\r\n"};
	offer_one(&scene, "PLAIN");
	ck_assert_int_eq(scene.result, AUTH_NEXT_SERVER);
	ck_assert(auth_prepare(&scene.task, &scene.failure));
	ck_assert_int_ne(access("run/qmail-remote/" LOCKOUT_FILE, F_OK), 0);
	auth_scene_end(&scene);
}
END_TEST

/* SCRAM has a word of its own for it, which we answer by leaving. */
START_TEST(scram_error)
{
	struct scene scene;

	auth_scene_init(&scene, false);
	scene.script.account.secret = "another one";
	scene.script.account.lie = PEER_TELLS_ERROR;
	offer_one(&scene, "SCRAM-SHA-256");
	ck_assert_int_eq(scene.result, AUTH_REFUSED);
	ck_assert_str_eq(scene.failure.text, REFUSED SAID("535 5.7.8 no"));
	ck_assert(is_cancelled(&scene));
	auth_scene_end(&scene);
}
END_TEST

/* OAuth servers explain first, and get an answer that says nothing. */
static const struct json {
	const char *mechanism, *answer, *challenge, *explanation;
} jsons[] = {
    {"OAUTHBEARER", "\nAQ==\n", NULL,
	"{\"status\":\"invalid_token\",\"scope\":\"mail\"}"},
    {"XOAUTH2", "\n\n", NULL,
	"{\"status\":\"invalid_token\",\"scope\":\"mail\"}"},
    {"XOAUTH2", "\n\n", "334 \r\n", ""},
    /* A line break, and ESC; the token itself. */
    {"XOAUTH2", "\n\n", "334 YQobYg==\r\n", "a??b"},
    {"XOAUTH2", "\n\n", "334 PHlhMjkudG9rZW4tMDEyMzQ1Njc4OT4=\r\n", "<*>"},
};

START_TEST(explanation)
{
	const struct json *json = &jsons[_i];
	struct scene scene;
	struct bytes said, report = {0};

	auth_scene_init(&scene, true);
	scene.script.account.secret = "another one";
	if (json->challenge != NULL)
		scene.script.overrides[0] = (struct peer_override){
		    .at = PEER_AUTH, .bytes = json->challenge};
	offer_one(&scene, json->mechanism);
	said = auth_scene_said(&scene);
	ck_assert_int_eq(scene.result, AUTH_REFUSED);
	ck_assert(bytes_contain(&said, json->answer));
	bytes_add_text(&report, REFUSED SAID("535 5.7.8 no"));
	bytes_add_text(&report, "Its explanation: ");
	bytes_add_text(&report, json->explanation);
	bytes_add_text(&report, "\n");
	ck_assert_str_eq(scene.failure.text, report.data);
	bytes_free(&said);
	bytes_free(&report);
	auth_scene_end(&scene);
}
END_TEST

/* Success after an explanation of why not. */
START_TEST(two_minds)
{
	struct scene scene;

	auth_scene_init(&scene, true);
	scene.script.account.secret = "another one";
	scene.script.overrides[0] = (struct peer_override){
	    .at = PEER_AUTH_RESPONSE, .bytes = "235 ok\r\n"};
	offer_one(&scene, _i == 0 ? "OAUTHBEARER" : "XOAUTH2");
	ck_assert_int_eq(scene.result, AUTH_NEXT_SERVER);
	ck_assert_ptr_nonnull(strstr(scene.failure.text, EARLY));
	auth_scene_end(&scene);
}
END_TEST

/* All that was told comes back, decoded too: nothing of the secret is seen. */
START_TEST(echo)
{
	static const char *const secrets[] = {"hunter2",
	    "a long pass phrase that nobody would type twice a day", "x7"};
	const char *mechanism = all[_i % COUNT(all)];
	const char *text;
	struct scene scene;

	auth_scene_init(&scene, is_bearer(mechanism));
	scene.credentials.secret = strdup(secrets[_i / COUNT(all)]);
	scene.script.account.secret = "another one";
	scene.script.account.lie = PEER_SHOUTS_ANSWER;
	offer_one(&scene, mechanism);
	text = scene.failure.text;
	ck_assert_int_eq(scene.result, AUTH_REFUSED);
	ck_assert_ptr_nonnull(strstr(text, "535 5.7.8 that was wrong\n"));
	ck_assert_ptr_null(strstr(text, scene.credentials.secret));
	if (strcmp(mechanism, "LOGIN") != 0) /* there the user is no secret */
		ck_assert_ptr_nonnull(strstr(text, "535-5.7.8 *\n"));
	auth_scene_end(&scene);
}
END_TEST

START_TEST(no_module)
{
	struct scene scene;

	auth_scene_init(&scene, false);
	setenv("QR_TEST_SASL", "/nonexistent/sasl.so", 1);
	ck_assert(!auth_prepare(&scene.task, &scene.failure));
	ck_assert_ptr_nonnull(
	    strstr(scene.failure.text, "Unable to load /nonexistent/sasl.so"));
	offer_one(&scene, "PLAIN");
	ck_assert_int_eq(scene.result, AUTH_REFUSED);
	scene.credentials.bearer = true;
	ck_assert(auth_prepare(&scene.task, &scene.failure));
	unsetenv("QR_TEST_SASL");
	auth_scene_end(&scene);
}
END_TEST

LOOPBACK_SUITE("auth-lies")
{
	tcase_add_loop_test(tcase, one_reply, 0, COUNT(forms));
	tcase_add_loop_test(tcase, long_challenge, 0, COUNT(sizes));
	tcase_add_loop_test(tcase, lying, 0, COUNT(lies));
	tcase_add_test(tcase, many_rounds);
	tcase_add_loop_test(tcase, refusal, 0, COUNT(all));
	tcase_add_test(tcase, no_refusal);
	tcase_add_test(tcase, scram_error);
	tcase_add_loop_test(tcase, explanation, 0, COUNT(jsons));
	tcase_add_loop_test(tcase, two_minds, 0, 2);
	tcase_add_loop_test(tcase, echo, 0, 3 * COUNT(all));
	tcase_add_test(tcase, no_module);
}
