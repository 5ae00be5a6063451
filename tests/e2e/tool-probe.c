/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-probe: its own output, exit statuses, and what it must not do.
 * That it says what deliveries do is seen to in every scene: shadow.h.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "auth-bench.h"
#include "suite.h"

enum { DELIVERS = 0, WAITS = 1, BOUNCES = 2, MISCONFIGURED = 3, USAGE = 64 };

static struct outcome outcome; /* of the last run */

/* Runs it with these words as its arguments, by the scene's servers. */
static int probe(const struct scene *scene, const char *words,
    const char *const *environment)
{
	char *copy = strdup(words), *state = NULL, variable[128];
	const char *arguments[16] = {NULL}, *variables[16] = {NULL};
	size_t count = 0;
	struct delivery delivery = {.home = &scene->home,
	    .tool = "-probe",
	    .arguments = arguments,
	    .environment = variables,
	    .input = DELIVER_CLOSED};

	for (char *word = strtok_r(copy, " ", &state); word != NULL;
	     word = strtok_r(NULL, " ", &state))
		arguments[count++] = word;
	for (count = 0; environment != NULL && environment[count] != NULL;
	     count++)
		variables[count] = environment[count];
	if (scene->dns != NULL) {
		snprintf(variable, sizeof variable, "DNSCACHEIP=%s",
		    dns_address(scene->dns));
		variables[count] = variable;
	}
	if (scene->peer != NULL)
		delivery.port = peer_port(scene->peer);
	outcome_free(&outcome);
	deliver(&delivery, &outcome);
	free(copy);
	ck_assert(!outcome.timed_out && WIFEXITED(outcome.status));
	ck_assert_uint_eq(outcome.strays, 0);
	return WEXITSTATUS(outcome.status);
}

static const char *output(void)
{
	return outcome.output.length > 0 ? outcome.output.data : "";
}

static bool says(const char *text)
{
	return strstr(output(), text) != NULL;
}

/* Nothing but what stays where it is on a terminal. */
static void expect_harmless(void)
{
	for (const char *at = output(); *at != '\0'; at++)
		ck_assert_msg(*at == '\n' || (*at >= ' ' && *at <= '~'),
		    "a byte %#x before: %.99s", (unsigned char)*at, at);
	ck_assert_uint_eq(strlen(output()), outcome.output.length);
}

#define ZONE                                                                   \
	"a.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n"                      \
	"b.test MX 10 mx.b.test\nmx.b.test A 127.0.0.3\n"                      \
	"n.test MX 0 .\n"

static const struct peer_script busy = {
    .overrides = {{.at = PEER_GREETING, .bytes = "421 4.3.2 busy\r\n"}}};

static const struct form {
	const char *words;
	int status;
	const char *text;
} forms[] = {
    {"a.test", DELIVERS, "would go on with MAIL at 127.0.0.2, mx.a.test\n"},
    {"b.test", WAITS, "Z Connected to 127.0.0.3 but greeting failed."},
    {"n.test", BOUNCES, "(#5.1.10)"},
    {"gone.test", BOUNCES, "(#5.1.2)"},
    {"c.test", MISCONFIGURED, "control/tlspolicy"},
    {"a.test b.test", WAITS, "b.test"},
    {"n.test b.test a.test", BOUNCES, "mx.a.test"},
    {"b.test c.test n.test", MISCONFIGURED, "(#5.1.10)"},
    {"-n a.test", DELIVERS, "no server was called, because of -n"},
    {"-n n.test", BOUNCES, "(#5.1.10)"},
    {"-n b.test", DELIVERS, "not called"},
    {"r.test", MISCONFIGURED, "gone.test does not exist"},
    {"-s a@x.test a.test", DELIVERS, "authsenders line 1"},
    {"-s a@y.test a.test", DELIVERS, "none: by its mail exchangers"},
    {"[127.0.0.2]", DELIVERS, "ready for MAIL"},
    {"-n [192.0.2.1]", DELIVERS, "none: to the address itself"},
    {"-n 192.0.2.1", DELIVERS, "none: to the address itself"},
    {"-v a.test", DELIVERS, "> EHLO client.test\n"},
    {"-v a.test", DELIVERS, "> QUIT\n"},
    {"-v a.test", DELIVERS, "< 250"},
    {"", USAGE, "Usage: qmail-remote-probe [-jnv] [-s sender] host ..."},
    {"-x a.test", USAGE, "Usage: "},
    {"-s", USAGE, "Usage: "},
    {"-x a.test", USAGE, "x'\n"},
    {"--help", 0, "Usage: qmail-remote-probe"},
    {"--version", 0, "qmail-remote "},
};

static void start(struct scene *scene)
{
	scene->zone = ZONE;
	scene->unprobed = "this is the probe";
	scene->servers[0] = (struct peer_address){.address = "127.0.0.2"};
	scene->servers[1] =
	    (struct peer_address){.address = "127.0.0.3", .script = &busy};
	scene_furnish(scene);
	scene_start(scene);
	scene_control(scene, "tlspolicy", "c.test:nonsense\n");
	scene_control(scene, "smtproutes", "r.test:gone.test\n");
	scene_control(scene, "authsenders", "@x.test:[127.0.0.2]:%u\n",
	    (unsigned)peer_port(scene->peer));
}

START_TEST(statuses)
{
	const struct form *form = &forms[_i];
	struct scene scene = {0};

	start(&scene);
	ck_assert_int_eq(probe(&scene, form->words, NULL), form->status);
	ck_assert_msg(
	    says(form->text), "no \"%s\" in: %.999s", form->text, output());
	expect_harmless();
	scene_stop(&scene);
	for (size_t i = 0; i < scene.transcript->count; i++)
		ck_assert_uint_eq(
		    transcript_count(
			&scene.transcript->connections[i], PEER_MAIL),
		    0);
	if (strncmp(form->words, "-n", 2) == 0)
		ck_assert_uint_eq(scene.transcript->count, 0);
	scene_free(&scene);
}
END_TEST

/* A resolver that does not do what control files ask of it. */
START_TEST(resolver)
{
	static const struct {
		const char *variable, *dane, *policy;
		int status;
	} ways[] = {
	    {"DNSCACHEIP=192.0.2.53", "1", "", MISCONFIGURED},
	    {"DNSCACHEIP=192.0.2.53", "0", "a.test:dane", MISCONFIGURED},
	    {"DNSCACHEIP=nonsense", "0", "", MISCONFIGURED},
	    {"DNSCACHEIP=127.0.0.1:1", "1", "", WAITS},
	    {"DNSCACHEIP=127.0.0.1:1", "0", "", WAITS},
	};
	struct scene scene = {.unprobed = "this is the probe"};
	const char *const environment[] = {ways[_i].variable, NULL};

	scene_furnish(&scene);
	scene_control(&scene, "dane", "%s\n", ways[_i].dane);
	scene_control(&scene, "tlspolicy", "%s\n", ways[_i].policy);
	ck_assert_int_eq(
	    probe(&scene, "-n a.test", environment), ways[_i].status);
	scene_free(&scene);
}
END_TEST

/* Those behind the first good one, too. */
START_TEST(all_servers)
{
	struct scene scene = {.unprobed = "this is the probe",
	    .zone = "a.test MX 10 mx1.a.test\na.test MX 20 mx2.a.test\n"
		    "mx1.a.test A 127.0.0.2\nmx2.a.test A 127.0.0.3\n",
	    .servers = {{.address = "127.0.0.2"},
		{.address = "127.0.0.3", .script = &busy}}};

	scene_start(&scene);
	ck_assert_int_eq(probe(&scene, "a.test", NULL), DELIVERS);
	ck_assert(says("ready for MAIL"));
	ck_assert(says("greeting failed"));
	scene_stop(&scene);
	ck_assert_uint_eq(scene.transcript->count, 2);
	scene_free(&scene);
}
END_TEST

/* Passed over by tcpto, which stays as it is; so does the other one. */
START_TEST(tcpto)
{
	struct scene scene = {.unprobed = "this is the probe",
	    .zone = "a.test MX 10 mx1.a.test\na.test MX 20 mx2.a.test\n"
		    "mx1.a.test A 127.0.0.2\nmx2.a.test A 127.0.0.3\n",
	    .servers = {{.address = "127.0.0.2"}, {.address = "127.0.0.3"}}};
	long long now = (long long)time(NULL) - 60;
	char table[HOME_TCPTO] = {127, 0, 0, 2, 2};
	struct bytes after;

	for (size_t i = 0; i < 4; i++)
		table[8 + i] = (char)(now >> (8 * i));
	memcpy(table + 16, table, 16);
	table[16 + 3] = 3;
	table[16 + 4] = 1;
	scene_start(&scene);
	home_write(&scene.home, "queue/lock/tcpto", table, sizeof table);
	ck_assert_int_eq(probe(&scene, "a.test", NULL), DELIVERS);
	ck_assert(says("passed over"));
	ck_assert(says("MAIL at 127.0.0.3"));
	home_tcpto(&scene.home, &after);
	ck_assert(bytes_equal(&after, table, sizeof table));
	bytes_free(&after);
	scene_stop(&scene);
	ck_assert_uint_eq(scene.transcript->count, 1);
	scene_free(&scene);
}
END_TEST

/* What a server may say to spoil a terminal, or JSON. */
#define HOSTILE "\033[2J\033]0;x\007\r\177\200\377\302\205\342\200\256\"\\\001"

static struct bytes make_long(const char *line, size_t times)
{
	struct bytes bytes = {0};

	for (size_t i = 0; i < times; i++)
		bytes_add_text(&bytes, line);
	bytes_add_text(&bytes, "250 END\r\n");
	return bytes;
}

static const char *const hostile_words[] = {"a.test", "-v a.test",
#ifdef HAVE_JANSSON
    "-j a.test", "-j -v a.test"
#endif
};

START_TEST(hostile)
{
	struct bytes reply = make_long("250-X " HOSTILE "\r\n", 4000);
	struct peer_script script = {
	    .overrides = {{.at = PEER_GREETING, .bytes = "220 " HOSTILE "\r\n"},
		{.at = PEER_EHLO,
		    .bytes = reply.data,
		    .length = reply.length}}};
	struct scene scene = {.unprobed = "this is the probe",
	    .zone = ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};

	ck_assert_uint_gt(reply.length, 100000);
	scene_start(&scene);
	ck_assert_int_eq(probe(&scene, hostile_words[_i], NULL), DELIVERS);
	expect_harmless();
	ck_assert(says(_i < 2 ? "\\x1b[2J" : "\\u001B[2J"));
	bytes_free(&reply);
	scene_free(&scene);
}
END_TEST

/* Secrets that servers repeat, in clear or as base64, at every stage. */
static const char *const secret_words[] = {"b.test", "-v b.test",
#ifdef HAVE_JANSSON
    "-j b.test", "-j -v b.test"
#endif
};
static const enum peer_stage echoing[] = {
    PEER_GREETING, PEER_EHLO, PEER_STARTTLS, PEER_EHLO_TLS, PEER_AUTH};

START_TEST(secrets)
{
	static const char echo[] = "250 " AUTH_SECRET "\r\n";
	struct auth_bench bench;

	auth_bench_make(&bench);
	bench.scene.unprobed = "this is the probe";
	if (_i >= (int)COUNT(secret_words))
		bench.script.overrides[0] = (struct peer_override){
		    .at = echoing[(size_t)_i / COUNT(secret_words) - 1],
		    .bytes = echo};
	auth_bench_start(&bench, "127.0.0.2", TLS_GOOD);
	auth_bench_route(&bench, "|" AUTH_USER "|" AUTH_SECRET);
	probe(
	    &bench.scene, secret_words[(size_t)_i % COUNT(secret_words)], NULL);
	ck_assert(says(AUTH_USER));
	ck_assert_msg(!says(AUTH_SECRET), "%.999s", output());
	scene_stop(&bench.scene);
	auth_bench_free(&bench);
}
END_TEST

/* Within COLUMNS, but for words that are longer. */
START_TEST(width)
{
	static const char *const narrow[] = {"COLUMNS=60", NULL};
	struct scene scene = {0};

	start(&scene);
	ck_assert_int_eq(probe(&scene, "b.test a.test", narrow), WAITS);
	for (const char *at = output(); *at != '\0';) {
		size_t length = strcspn(at, "\n");

		ck_assert_uint_le(length, 60);
		at += length + (at[length] == '\n');
	}
	scene_free(&scene);
}
END_TEST

static _Noreturn void become_probe(
    const struct scene *scene, const char *terminal, const char *file)
{
	int end = open(file, O_RDWR | O_NOCTTY);
	char program[HOME_PATH], *remote = deliver_program();

	snprintf(program, sizeof program, "%s-probe", remote);
	setenv("QR_TEST_HOME", scene->home.path, 1);
	setenv("DNSCACHEIP", dns_address(scene->dns), 1);
	setenv("TERM", terminal, 1);
	if (dup2(end, STDOUT_FILENO) < 0 || dup2(end, STDERR_FILENO) < 0)
		_exit(99);
	execl(program, program, "-n", "a.test", NULL);
	_exit(99);
}

/*
 * Returns what it prints on a terminal of that kind, which need not come all at
 * once: the terminal is at its end when reading fails.
 */
static struct bytes probe_on(
    const struct scene *scene, const char *terminal, int master)
{
	struct bytes text = {0};
	char chunk[4096];
	ssize_t got;
	int status;
	pid_t child;

	ck_assert(grantpt(master) == 0 && unlockpt(master) == 0);
	child = fork();
	if (child == 0)
		become_probe(scene, terminal, ptsname(master));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == DELIVERS);
	bytes_add_text(&text, "");
	while ((got = read(master, chunk, sizeof chunk)) > 0)
		bytes_add(&text, chunk, (size_t)got);
	close(master);
	return text;
}

/* What stands there in the end. */
static const char *behind_last(const char *text, const char *wipe)
{
	const char *next;

	while ((next = strstr(text, wipe)) != NULL)
		text = next + strlen(wipe);
	return text;
}

/* What is waited for is seen, where that can be wiped out again, and is. */
START_TEST(progress)
{
	static const char wipe[] = "\r\033[K",
			  words[] = "a.test: looking it up";
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct scene scene = {.zone = ZONE};
	struct bytes text;
	bool able = _i == 0;

	if (master < 0)
		return; /* no terminals here */
	scene_start(&scene);
	text = probe_on(&scene, able ? "xterm" : "dumb", master);
	ck_assert_int_eq(strstr(text.data, words) != NULL, able);
	ck_assert_int_eq(strstr(text.data, wipe) != NULL, able);
	ck_assert_ptr_null(strstr(behind_last(text.data, wipe), words));
	ck_assert_ptr_nonnull(
	    strstr(behind_last(text.data, wipe), "mx.a.test"));
	bytes_free(&text);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("tool-probe")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, statuses, 0, (int)COUNT(forms));
	tcase_add_loop_test(tcase, resolver, 0, 5);
	tcase_add_test(tcase, all_servers);
	tcase_add_test(tcase, tcpto);
	tcase_add_loop_test(tcase, hostile, 0, (int)COUNT(hostile_words));
	tcase_add_loop_test(tcase, secrets, 0,
	    (int)(COUNT(secret_words) * (COUNT(echoing) + 1)));
	tcase_add_test(tcase, width);
	tcase_add_loop_test(tcase, progress, 0, 2);
}
