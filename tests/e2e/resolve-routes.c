/* SPDX-License-Identifier: ISC */
/* Artificial routes: control/smtproutes. */
#include "config.h"

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "scene.h"
#include "suite.h"

#define BUSY "greeting failed.\nRemote host said: 421 4.3.2 busy\n"
#define BAD(line) "smtproutes, line " line
#define NO_RELAY(name)                                                         \
	"the relay " name " does not exist, or has no IP address. (#4.4.4)\n"

/* a.test itself is at 127.0.0.2, the relay at 127.0.0.3. */
#define ZONE                                                                   \
	"a.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n"                      \
	"relay.test A 127.0.0.3\nrelay.test MX 1 mx.a.test\n"                  \
	"xn--rel-sla.test A 127.0.0.3\nbroken.test * !servfail\n"              \
	"empty.test NS ns.test\n"

static const struct row {
	const char *routes; /* a $ stands for the scene's port */
	const char *host;   /* NULL: a.test */
	const char *visits; /* NULL: none */
	char verdict;	    /* 0: Z */
	const char *text;   /* NULL: the servers are busy */
} rows[] = {
    /* Relays. */
    {"a.test:relay.test\n", .visits = "127.0.0.3"},
    {"a.test:RELAY.test:$\n", .visits = "127.0.0.3"},
    {"a.test:127.0.0.4\n", .visits = "127.0.0.4"},
    {"a.test:127.0.0.4:$x\n", .visits = "127.0.0.4"},
    {"a.test:[127.0.0.4]\n", .visits = "127.0.0.4"},
    {"a.test:[127.0.0.4]:$", .visits = "127.0.0.4"},
    {"a.test:[::ffff:127.0.0.4]:$\n", .visits = "127.0.0.4"},
    {"a.test:rel\303\244.test\n", .visits = "127.0.0.3"},
    {"a.test:nowhere.test\n", .text = NO_RELAY("nowhere.test")},
    {"a.test:broken.test\n", .text = "(#4.1.2)\n"},
    {"a.test:empty.test\n", .text = NO_RELAY("empty.test")},

    /* Keys. */
    {":127.0.0.4\n", .visits = "127.0.0.4"},
    {".test:127.0.0.4\n", .visits = "127.0.0.4"},
    {".test:127.0.0.4\n:127.0.0.5\n", .visits = "127.0.0.4"},
    {":127.0.0.5\na.test:127.0.0.4\n.test:127.0.0.3\n", .visits = "127.0.0.4"},
    {"A.TesT:127.0.0.4\n", .visits = "127.0.0.4"},
    {"a.test:127.0.0.4\n", "A.TEST", .visits = "127.0.0.4"},
    {"a.test:127.0.0.5\na.test:127.0.0.4\n", .visits = "127.0.0.4"},
    {".a.test:127.0.0.4\n", .visits = "127.0.0.2"},
    {"test:127.0.0.4\n", .visits = "127.0.0.2"},
    {".test:127.0.0.5\n.y.test:127.0.0.4\n", "x.y.test", .visits = "127.0.0.4"},
    {".test:127.0.0.5\n.x.y.test:127.0.0.4\n", "x.y.test",
	.visits = "127.0.0.5"},
    {"a.test:\n:127.0.0.4\n", .visits = "127.0.0.2"},
    {":127.0.0.4\n.test:\n", .visits = "127.0.0.2"},
    {":\n", .visits = "127.0.0.2"},
    {"", .visits = "127.0.0.2"},
    {"b\303\274cher.test:127.0.0.4\n", "B\303\234CHER.test",
	.visits = "127.0.0.4"},
    {"b\303\274cher.test:127.0.0.4\n", "xn--bcher-kva.test",
	.visits = "127.0.0.4"},
    {"xn--bcher-kva.test:127.0.0.4\n", "b\303\274cher.test",
	.visits = "127.0.0.4"},
    {".b\303\274cher.test:127.0.0.4\n", "x.b\303\274cher.test",
	.visits = "127.0.0.4"},
    {"[127.0.0.5]:127.0.0.4\n", "[127.0.0.5]", .visits = "127.0.0.4"},
    {":127.0.0.4\n", "[127.0.0.555]", .visits = "127.0.0.4"},
    {"[2001:db8:0::1]:127.0.0.4\n", "[IPv6:2001:DB8::1]",
	.visits = "127.0.0.4"},

    /* Lines that stock ignores. */
    {"# a.test:127.0.0.5\na.test\n\na.test:127.0.0.4 \t\n",
	.visits = "127.0.0.4"},
    {" a.test:127.0.0.4\n", .visits = "127.0.0.2"},

    /* Relays that make no sense concern only the mail for them. */
    {"x.test:y.test\na.test: relay.test\n", .text = BAD("2")},
    {"a.test:relay.test:0\n", .text = BAD("1")},
    {"a.test:relay.test:\n", .text = BAD("1")},
    {"a.test:relay.test:65536\n", .text = BAD("1")},
    {"a.test:relay.test:4294967321\n", .text = BAD("1")},
    {"a.test:relay.test:smtp\n", .text = BAD("1")},
    {"a.test:relay.test:-25\n", .text = BAD("1")},
    {"a.test:relay..test\n", .text = BAD("1")},
    {"a.test:[127.0.0.4\n", .text = BAD("1")},
    {"a.test:[127.0.0.444]\n", .text = BAD("1")},
    {"a.test:127.0.0.444\n", .text = BAD("1")},
    {"a.test:\377\n", .text = BAD("1")},
    {"b.test:relay.test:0\nc.test:[x\nd.test: \n:127.0.0.4\n",
	.visits = "127.0.0.4"},
};

/* Writes control/smtproutes, with the port in its place. */
static void set_routes(const struct scene *scene, const char *routes)
{
	size_t before = strcspn(routes, "$");

	if (routes[before] == '\0')
		home_control(&scene->home, "smtproutes", routes);
	else
		scene_control(scene, "smtproutes", "%.*s%u%s", (int)before,
		    routes, peer_port(scene->peer), routes + before + 1);
}

START_TEST(routes)
{
	const struct row *row = &rows[_i];
	struct scene scene = {.zone = ZONE};

	scene_crowd(&scene);
	scene_start(&scene);
	set_routes(&scene, row->routes);
	scene_deliver(&scene, row->host != NULL ? row->host : "a.test");
	scene_stop(&scene);
	scene_expect_visits(&scene, row->visits != NULL ? row->visits : "");
	scene_expect(&scene, row->verdict != 0 ? row->verdict : 'Z',
	    row->text != NULL ? row->text : BUSY);
	scene_free(&scene);
}
END_TEST

/* control/authsenders comes before; a mistake is that of its own senders. */
START_TEST(senders)
{
	static const char lines[] = "one@b\303\274cher.test:127.0.0.4\n"
				    "@xn--bcher-kva.test:127.0.0.5\n"
				    ".x.test:relay.test:0\n"
				    "no@colon.test\n"
				    "!@:127.0.0.5\n"
				    "other@one.test:\n";
	static const struct {
		const char *sender, *visits, *text;
	} by_sender[] = {{"one@B\303\234CHER.test", "127.0.0.4", BUSY},
	    {"two@b\303\274cher.test", "127.0.0.5", BUSY},
	    {"a@y.x.test", "",
		"/control/authsenders, line 3: \"relay.test:0\": "},
	    {"no@colon.test", "",
		"/control/authsenders, line 4: there is no colon "},
	    {"", "127.0.0.5", BUSY}, {"other@one.test", "127.0.0.3", BUSY},
	    {"third@one.test", "127.0.0.3", BUSY}};
	struct scene scene = {
	    .zone = ZONE, .delivery.sender = by_sender[_i].sender};

	scene_crowd(&scene);
	scene_start(&scene);
	home_control(&scene.home, "authsenders", lines);
	home_control(&scene.home, "smtproutes", "a.test:127.0.0.3\n");
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect_visits(&scene, by_sender[_i].visits);
	scene_expect(&scene, 'Z', by_sender[_i].text);
	scene_free(&scene);
}
END_TEST

/* What stands in place of the run directory or of files in it. */
enum { CDB_IS_DIRECTORY = 4, LOCK_IS_DIRECTORY, RUN_STATES };

static void spoil(const struct home *home, int state)
{
	static const char garbage[4096] = "garbage";
	char path[HOME_PATH];

	home_path(home, "run/qmail-remote", path);
	switch (state) {
	case 0: ck_assert_int_eq(rmdir(path), 0); break;
	case 1:
		ck_assert_int_eq(rmdir(path), 0);
		home_write(home, "run/qmail-remote", "x", 1);
		break;
	case 2:
		home_write(home, "run/qmail-remote/smtproutes.cdb", "", 0);
		break;
	case 3:
		home_write(home, "run/qmail-remote/smtproutes.cdb", garbage,
		    sizeof garbage);
		break;
	case CDB_IS_DIRECTORY:
		home_path(home, "run/qmail-remote/smtproutes.cdb", path);
		ck_assert_int_eq(mkdir(path, 0700), 0);
		break;
	case LOCK_IS_DIRECTORY:
		home_path(home, "run/qmail-remote/smtproutes.lock", path);
		ck_assert_int_eq(mkdir(path, 0700), 0);
		break;
	default: break;
	}
}

START_TEST(without_run_directory)
{
	struct scene scene = {.zone = ZONE};

	scene_crowd(&scene);
	scene_start(&scene);
	spoil(&scene.home, _i);
	set_routes(&scene, "a.test:127.0.0.4\n");
	scene_deliver(&scene, "a.test");
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect_visits(&scene, "127.0.0.4 127.0.0.4");
	scene_free(&scene);
}
END_TEST

/* Each byte of the compiled routes in turn is another one. */
START_TEST(damaged)
{
	enum { STEP = 151 };
	struct scene scene = {.zone = ZONE};
	const char *file = "run/qmail-remote/smtproutes.cdb";
	size_t deliveries = 1;
	struct bytes compiled;

	scene_crowd(&scene);
	scene_start(&scene);
	set_routes(&scene, ".test:127.0.0.5\na.test:127.0.0.4\n");
	scene_deliver(&scene, "a.test");
	ck_assert(home_read(&scene.home, file, &compiled));
	for (size_t at = 3; at < compiled.length; at += STEP) {
		compiled.data[at] = (char)~compiled.data[at];
		home_write(&scene.home, file, compiled.data, compiled.length);
		compiled.data[at] = (char)~compiled.data[at];
		scene_deliver(&scene, "a.test");
		scene_expect(&scene, 'Z', BUSY);
		deliveries++;
	}
	scene_stop(&scene);
	ck_assert_uint_eq(
	    transcript_connections(scene.transcript, "127.0.0.4"), deliveries);
	ck_assert_uint_eq(scene.transcript->count, deliveries);
	bytes_free(&compiled);
	scene_free(&scene);
}
END_TEST

/* A change counts at once, however alike the file looks. */
START_TEST(changed)
{
	static const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
	struct scene scene = {.zone = ZONE};
	char path[HOME_PATH];

	scene_crowd(&scene);
	scene_start(&scene);
	home_path(&scene.home, "control/smtproutes", path);
	for (int i = 0; i < 6; i++) {
		set_routes(&scene,
		    i % 2 == 0 ? "a.test:127.0.0.4\n" : "a.test:127.0.0.5\n");
		if (i > 2)
			ck_assert_int_eq(
			    utimensat(AT_FDCWD, path, times, 0), 0);
		scene_deliver(&scene, "a.test");
	}
	ck_assert_int_eq(unlink(path), 0);
	scene_deliver(&scene, "a.test");
	scene_stop(&scene);
	scene_expect_visits(&scene,
	    "127.0.0.4 127.0.0.5 127.0.0.4 127.0.0.5 127.0.0.4 127.0.0.5 "
	    "127.0.0.2");
	scene_free(&scene);
}
END_TEST

START_TEST(unreadable)
{
	struct scene scene = {.zone = ZONE};
	char path[HOME_PATH];

	scene_crowd(&scene);
	scene_start(&scene);
	home_path(&scene.home, "control/smtproutes", path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	scene_deliver(&scene, "a.test");
	scene_expect(&scene, 'Z', "Unable to read control files. ");
	scene_expect(&scene, 'Z', "smtproutes");
	scene_free(&scene);
}
END_TEST

/*
 * Two states of the file, one of which is always there.  A reader that mixed
 * them would find 127.0.0.4 or 127.0.0.5.
 */
static const char *const states[] = {
    "a.test:127.0.0.2\n.test:127.0.0.4\n",
    ".test:127.0.0.3\n:127.0.0.5\n",
};

static _Noreturn void keep_renaming(const struct scene *scene)
{
	char file[HOME_PATH], new[HOME_PATH];

	home_path(&scene->home, "control/smtproutes", file);
	home_path(&scene->home, "control/new", new);
	for (unsigned i = 0;; i++) {
		home_control(&scene->home, "new", states[i % 2]);
		if (rename(new, file) != 0)
			err(99, "%s", file);
		poll(NULL, 0, (int)(i % 60));
	}
}

static _Noreturn void deliver_batch(struct scene *scene, unsigned count)
{
	for (; count > 0; count--) {
		scene_deliver(scene, "a.test");
		if (!outcome_well_formed(&scene->outcome) ||
		    outcome_verdict(&scene->outcome) != 'K')
			errx(1, "%s", scene->outcome.output.data);
	}
	_exit(0);
}

static pid_t start_process(void)
{
	pid_t child = fork();

	ck_assert_int_ne(child, -1);
	return child;
}

START_TEST(renamed_over)
{
	enum { BATCHES = 5, BATCH = 10 };
	struct scene scene = {.zone = ZONE,
	    .servers = {{.address = "127.0.0.2"}, {.address = "127.0.0.3"},
		{.address = "127.0.0.4"}, {.address = "127.0.0.5"}},
	    .delivery.input = DELIVER_PIPE};
	pid_t renamer, children[BATCHES];
	int status;

	scene_start(&scene);
	set_routes(&scene, states[0]);
	renamer = start_process();
	if (renamer == 0)
		keep_renaming(&scene);
	for (size_t i = 0; i < BATCHES; i++) {
		children[i] = start_process();
		if (children[i] == 0)
			deliver_batch(&scene, BATCH);
	}
	for (size_t i = 0; i < BATCHES; i++) {
		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
	kill(renamer, SIGKILL);
	waitpid(renamer, &status, 0);
	scene_stop(&scene);
	ck_assert_uint_eq(scene.transcript->count, BATCHES * BATCH);
	ck_assert_uint_eq(
	    transcript_connections(scene.transcript, "127.0.0.2") +
		transcript_connections(scene.transcript, "127.0.0.3"),
	    BATCHES * BATCH);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("resolve-routes")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, senders, 0, 7);
	tcase_add_loop_test(tcase, routes, 0, (int)COUNT(rows));
	tcase_add_loop_test(tcase, without_run_directory, 0, RUN_STATES);
	tcase_add_test(tcase, damaged);
	tcase_add_test(tcase, changed);
	tcase_add_test(tcase, unreadable);
	tcase_add_test(tcase, renamed_over);
}
