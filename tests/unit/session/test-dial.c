/* SPDX-License-Identifier: ISC */
/*
 * Calling real servers on loopback: who is called, when, and what is left of
 * it in the table of timeouts.
 *
 * A scene is one word for each server, the first at 127.0.0.2: a letter for
 * its exchanger, its preference, and what it does: "+" greets well, "x" with
 * 554, "X" with 554 seconds later, "!" refuses, "-" keeps silent, "~" is silent
 * until another has been called, "t" for a time, "h" is as "~" and hangs up on
 * its first caller, "s" is in the table already.
 */
#include "config.h"

#include "session/dial.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "peer.h"
#include "suite.h"
#include "tcpto-model.h"
#include "unit.h"

enum { SERVERS_MAX = 12, TEXT_SIZE = 200, LATE_MS = 300, LONG = 60 };

/* More than SYNs that are sent once or twice again take. */
enum { LONGER_MS = 5000 };

static const struct peer_script refuses_mail = {
    .overrides = {{PEER_GREETING, .bytes = "554 no\r\n"}}};
static const struct peer_script refuses_late = {
    .overrides = {{PEER_GREETING, .bytes = "554 no\r\n", .ms = LONGER_MS}}};
static const struct peer_script hangs_up = {
    .overrides = {{PEER_GREETING, .connection = 1, .action = PEER_RESET}}};

static const struct kind {
	char letter;
	enum peer_kind kind;
	const struct peer_script *script;
} kinds[] = {
    {'+', PEER_SERVES, NULL},
    {'x', PEER_SERVES, &refuses_mail},
    {'X', PEER_SERVES, &refuses_late},
    {'!', PEER_REFUSES, NULL},
    {'-', PEER_BLACKHOLE, NULL},
    {'~', PEER_LATE, NULL},
    {'t', PEER_LATE, NULL},
    {'h', PEER_LATE, &hangs_up},
    {'s', PEER_SERVES, NULL},
};

/* It leaves the address to the system. */
static const struct source anywhere;

struct scene {
	struct home home;
	struct exchanger exchangers[SERVERS_MAX];
	struct server list[SERVERS_MAX];
	struct servers servers;
	struct peer_address addresses[SERVERS_MAX];
	char texts[SERVERS_MAX][IP_TEXT_SIZE];
	struct peer *peer;
	struct tcpto tcpto;
	struct dial_settings settings;
	struct dial dial;
	struct failure worst;
	int64_t began;
	char given[TEXT_SIZE];	 /* the servers that were spoken to */
	char visited[TEXT_SIZE]; /* the servers that saw a connection */
	struct transcript *transcript;
};

static void add_server(struct scene *scene, const char *word)
{
	size_t index = scene->servers.count++;
	struct server *server = &scene->list[index];
	struct peer_address *address = &scene->addresses[index];
	struct exchanger *exchanger = &scene->exchangers[word[0] - 'a'];
	const struct kind *kind = kinds;

	while (kind->letter != word[2])
		kind++;
	snprintf(scene->texts[index], sizeof scene->texts[index], "127.0.0.%zu",
	    index + 2);
	exchanger->preference = (unsigned)(word[1] - '0');
	*server = (struct server){.exchanger = exchanger};
	ck_assert(ip_parse(&server->ip, scene->texts[index]));
	*address = (struct peer_address){.address = scene->texts[index],
	    .kind = kind->kind,
	    .script = kind->script,
	    .after = kind->letter != 't',
	    .ms = LATE_MS};
	if (word[2] == 's')
		for (int i = 0; i < 2; i++)
			tcpto_note(&scene->tcpto, &server->ip, true);
}

/* Counts twice what has timed out once: two minutes need not pass. */
static void make_skipped(struct scene *scene)
{
	struct table table;

	read_table(V4_FILE, &table);
	for (size_t i = 0; i < table.size; i += 16)
		if (table.bytes[i + 4] > 0)
			table.bytes[i + 4] = 2;
	write_table(V4_FILE, &table);
	(void)scene;
}

static void start(struct scene *scene, const char *text)
{
	char *copy = strdup(text), *state = NULL;

	memset(scene, 0, sizeof *scene);
	unit_enter_home(&scene->home);
	scene->tcpto = (struct tcpto){V4_FILE, V6_FILE};
	scene->servers.list = scene->list;
	for (char *word = strtok_r(copy, " ", &state); word != NULL;
	     word = strtok_r(NULL, " ", &state))
		add_server(scene, word);
	free(copy);
	make_skipped(scene);
	scene->peer = peer_start(scene->addresses, scene->servers.count);
	for (size_t i = 0; i < scene->servers.count; i++)
		scene->list[i].port = peer_port(scene->peer);
	scene->settings = (struct dial_settings){.timeout_connect = LONG,
	    .deadline = deadline_in(0),
	    .source = &anywhere,
	    .tcpto = &scene->tcpto};
}

static void append(char text[TEXT_SIZE], size_t index)
{
	size_t length = strlen(text);

	snprintf(text + length, TEXT_SIZE - length, "%s%zu",
	    length > 0 ? " " : "", index);
}

/* Waits for the greeting, and returns whether it is a good one. */
static bool greets(int descriptor)
{
	struct pollfd readable = {.fd = descriptor, .events = POLLIN};
	char greeting[4];

	return poll(&readable, 1, -1) == 1 &&
	       recv(descriptor, greeting, sizeof greeting, 0) == 4 &&
	       memcmp(greeting, "220 ", 4) == 0;
}

/* Speaks to one after the other until one greets well. */
static bool find_server(struct scene *scene)
{
	size_t server;
	int descriptor;
	bool good = false;

	scene->began = unit_now();
	dial_start(&scene->dial, &scene->servers, &scene->settings);
	while (!good &&
	       dial_next(&scene->dial, &server, &descriptor, &scene->worst)) {
		ck_assert_uint_lt(scene->dial.stagger.count, STAGGER_MAX);
		append(scene->given, server);
		good = greets(descriptor);
		close(descriptor);
	}
	dial_end(&scene->dial);
	return good;
}

static void stop(struct scene *scene)
{
	scene->transcript = peer_stop(scene->peer);
	for (size_t i = 0; i < scene->transcript->count; i++)
		append(scene->visited,
		    (size_t)atol(scene->transcript->connections[i].address +
				 strlen("127.0.0.")) -
			2);
}

static void end(struct scene *scene)
{
	transcript_free(scene->transcript);
	home_remove(&scene->home);
}

/* The servers in the table, in order, each with its count. */
static const char *timed_out(void)
{
	static char text[TEXT_SIZE];
	struct table table;

	text[0] = '\0';
	read_table(V4_FILE, &table);
	for (size_t server = 0; server < SERVERS_MAX; server++)
		for (size_t i = 0; i < table.size; i += 16)
			if (table.bytes[i + 4] > 0 &&
			    table.bytes[i + 3] == server + 2)
				append(text, server);
	return text;
}

static const struct form {
	const char *scene;
	int least; /* milliseconds until the last visit, at the least */
	unsigned long timeout_connect;
	const char *given, *visited; /* NULL: whoever came, only they spoke */
	const char *timed_out;
	bool found;
	enum failure_rank rank;
} forms[] = {
    {"a1+", 0, LONG, "0", "0", "", true, FAILURE_NONE},
    {"a1! b2! c3+", 0, LONG, "2", "2", "", true, FAILURE_REFUSED},
    {"a1x b2+", 0, LONG, "0 1", "0 1", "", true, FAILURE_NONE},
    {"a1- a1+", 250, LONG, "1", "1", "", true, FAILURE_NONE},
    {"a1- b1+", 2000, LONG, "1", "1", "", true, FAILURE_NONE},
    {"a1- a1! b2+", 250, LONG, "2", "2", "", true, FAILURE_REFUSED},
    /* Late ones are still there when others come to nothing. */
    {"a1~ a1x b2+", 250, LONG, "1 0", "1 0", "", true, FAILURE_NONE},
    {"a1~ a1+", 250, LONG, "1", NULL, "", true, FAILURE_NONE},
    {"a1t a1- b2+", 0, LONG, "0", "0", "", true, FAILURE_NONE},
    /* One that waited too long for us is called anew. */
    {"a1h a1X b2+", 1000, LONG, "1 0", "1 0 0", "", true, FAILURE_NONE},
    /* Who really ran into timeoutconnect. */
    {"a1- b2+", 1000, 1, "1", "1", "0", true, FAILURE_TIMED_OUT},
    {"a1- a1-", 0, 1, "", "", "0 1", false, FAILURE_TIMED_OUT},
    {"a1- a1- a1- a1- a1- a1-", 0, 2, "", "", "2 3 4 5", false,
	FAILURE_TIMED_OUT},
    {"a1s a1- b2+", 0, 1, "2", "2", "0 1", true, FAILURE_TIMED_OUT},
    {"a1s b2s", 0, LONG, "", "", "0 1", false, FAILURE_TIMED_OUT},
    {"a1!", 0, LONG, "", "", "", false, FAILURE_REFUSED},
    {"a1x", 0, LONG, "0", "0", "", false, FAILURE_NONE},
    /* Eight silent ones, at much less than their timeoutconnect. */
    {"a1- a1- a1- a1- a1- a1- a1- a1- b1+", 7 * 250 + 2000, LONG, "8", "8", "",
	true, FAILURE_TIMED_OUT},
};

static void play(size_t number)
{
	const struct form *form = &forms[number];
	struct scene scene;
	size_t last;

	start(&scene, form->scene);
	scene.settings.timeout_connect = form->timeout_connect;
	ck_assert(find_server(&scene) == form->found);
	ck_assert_str_eq(scene.given, form->given);
	ck_assert_int_eq(scene.worst.rank, form->rank);
	ck_assert_str_eq(timed_out(), form->timed_out);
	stop(&scene);
	if (form->visited != NULL)
		ck_assert_str_eq(scene.visited, form->visited);
	last = scene.transcript->count;
	for (size_t i = 0; i < last; i++)
		ck_assert_uint_eq(
		    scene.transcript->connections[i].received.length, 0);
	if (last > 0)
		ck_assert_int_ge(
		    scene.transcript->connections[last - 1].began / 1000 -
			scene.began,
		    form->least);
	end(&scene);
}

START_TEST(scene_by_scene)
{
	suite_at_once(COUNT(forms), play);
}
END_TEST

/* At the deadline all is over, and nobody is said to have timed out. */
START_TEST(deadline)
{
	struct scene scene;

	start(&scene, _i == 0 ? "a1- a1-" : "a1- b1- b1- c1+");
	scene.settings.deadline = deadline_in(1);
	ck_assert(!find_server(&scene));
	ck_assert_int_ge(unit_now() - scene.began, 1000);
	ck_assert_int_eq(scene.worst.rank, FAILURE_TIMED_OUT);
	ck_assert_str_eq(timed_out(), "");
	stop(&scene);
	ck_assert_str_eq(scene.visited, "");
	end(&scene);
}
END_TEST

/* After the deadline not even a connection that is there is of use. */
START_TEST(deadline_while_speaking)
{
	struct scene scene;
	struct failure failure;
	size_t server;
	int descriptor;

	start(&scene, "a1x b1+");
	scene.settings.deadline = deadline_in_ms(200);
	dial_start(&scene.dial, &scene.servers, &scene.settings);
	ck_assert(dial_next(&scene.dial, &server, &descriptor, &scene.worst));
	deadline_poll(NULL, 0, scene.settings.deadline);
	close(descriptor);
	ck_assert(!dial_next(&scene.dial, &server, &descriptor, &scene.worst));
	ck_assert(!dial_again(&scene.dial, 0, &descriptor, &failure));
	ck_assert_int_eq(failure.rank, FAILURE_TIMED_OUT);
	dial_end(&scene.dial);
	stop(&scene);
	ck_assert_str_eq(scene.visited, "0");
	end(&scene);
}
END_TEST

/* The same server once more; no other is called for that. */
START_TEST(again)
{
	static const struct {
		const char *scene;
		bool good;
		enum failure_rank rank;
		const char *timed_out;
	} rows[] = {
	    {"a1+ b1+", true, FAILURE_NONE, ""},
	    {"a1! b1+", false, FAILURE_REFUSED, ""},
	    {"a1- b1+", false, FAILURE_TIMED_OUT, "0"},
	};
	struct failure failure = {.rank = FAILURE_NONE};
	struct scene scene;
	int descriptor;

	start(&scene, rows[_i].scene);
	scene.settings.timeout_connect = 1;
	dial_start(&scene.dial, &scene.servers, &scene.settings);
	ck_assert(
	    dial_again(&scene.dial, 0, &descriptor, &failure) == rows[_i].good);
	ck_assert_int_eq(failure.rank, rows[_i].rank);
	ck_assert_str_eq(timed_out(), rows[_i].timed_out);
	ck_assert(!rows[_i].good || greets(descriptor));
	dial_end(&scene.dial);
	if (rows[_i].good)
		close(descriptor);
	stop(&scene);
	ck_assert_str_eq(scene.visited, rows[_i].good ? "0" : "");
	end(&scene);
}
END_TEST

/* What a connection is like, and where it comes from. */
START_TEST(properties)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof address, size = sizeof(int);
	struct scene scene;
	struct source source = {.v4 = {.number = 1}};
	struct ip seen;
	size_t server;
	int descriptor, on = 0;

	start(&scene, "a1+");
	ck_assert(
	    ip_parse(&source.v4.ip, _i == 0 ? "127.0.0.77" : "192.0.2.1"));
	scene.settings.source = &source;
	dial_start(&scene.dial, &scene.servers, &scene.settings);
	ck_assert(dial_next(&scene.dial, &server, &descriptor, &scene.worst) ==
		  (_i == 0));
	if (_i == 0) {
		getsockname(descriptor, (struct sockaddr *)&address, &length);
		ck_assert(ip_from_sockaddr(&seen, (struct sockaddr *)&address));
		ck_assert(ip_equal(&source.v4.ip, &seen));
		getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, &size);
		ck_assert_int_ne(on, 0);
		ck_assert_int_ne(fcntl(descriptor, F_GETFL) & O_NONBLOCK, 0);
		ck_assert_int_eq(fcntl(descriptor, F_GETFD), FD_CLOEXEC);
		close(descriptor);
	}
	dial_end(&scene.dial);
	stop(&scene);
	ck_assert_str_eq(scene.visited, _i == 0 ? "0" : "");
	end(&scene);
}
END_TEST

LOOPBACK_SUITE("dial")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, scene_by_scene);
	tcase_add_loop_test(tcase, deadline, 0, 2);
	tcase_add_test(tcase, deadline_while_speaking);
	tcase_add_loop_test(tcase, again, 0, 3);
	tcase_add_loop_test(tcase, properties, 0, 2);
}
