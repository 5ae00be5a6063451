/* SPDX-License-Identifier: ISC */
/*
 * When servers are called, by a clock that only goes as far as it must.
 *
 * A scene is one word for each server: a letter for its exchanger, its
 * preference, and what it does: "-" keeps silent, "!20" refuses after 20 ms,
 * "+300" is there after 300 ms and good, "+300x500" is there and comes to
 * nothing 500 ms later, "s" is passed over.  What then happens, each with its
 * time: ">0" server 0 is called, "!0" refuses, "~0" has had its time, "<0" is
 * closed for another, "=0" is there, "." the end without a session.
 */
#include "config.h"

#include "session/stagger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { SERVERS_MAX = 32, LOG_SIZE = 2000, MINUTE = 60000 };

struct behaviour {
	char outcome;
	int64_t after; /* ms from the call; INT64_MAX: never */
	int64_t talk;  /* ms of a conversation that comes to nothing, or -1 */
};

struct scene {
	struct exchanger exchangers[SERVERS_MAX];
	struct server list[SERVERS_MAX];
	struct behaviour behaviours[SERVERS_MAX];
	struct servers servers;
	struct stagger stagger;
	int64_t now;
	char log[LOG_SIZE];
	size_t length;
};

static void note(struct scene *scene, char what, size_t server)
{
	scene->length += (size_t)snprintf(scene->log + scene->length,
	    sizeof scene->log - scene->length, "%s%ld%c%zu",
	    scene->length > 0 ? " " : "", (long)scene->now, what, server);
}

static void add_server(struct scene *scene, const char *word)
{
	size_t index = scene->servers.count++;
	struct behaviour *behaviour = &scene->behaviours[index];
	struct exchanger *exchanger = &scene->exchangers[word[0] - 'a'];
	char *end;

	exchanger->preference = (unsigned)strtoul(word + 1, &end, 10);
	scene->list[index].exchanger = exchanger;
	*behaviour = (struct behaviour){*end++, INT64_MAX, -1};
	if (behaviour->outcome == '!' || behaviour->outcome == '+')
		behaviour->after = strtol(end, &end, 10);
	if (*end == 'x')
		behaviour->talk = strtol(end + 1, &end, 10);
	ck_assert_msg(*end == '\0', "%s", word);
}

static void read_scene(struct scene *scene, const char *text)
{
	char *copy = strdup(text), *state = NULL;

	memset(scene, 0, sizeof *scene);
	scene->servers.list = scene->list;
	for (char *word = strtok_r(copy, " ", &state); word != NULL;
	     word = strtok_r(NULL, " ", &state))
		add_server(scene, word);
	free(copy);
}

static int64_t ends_at(const struct scene *scene, size_t call)
{
	const struct stagger_call *at = &scene->stagger.calls[call];
	int64_t after = scene->behaviours[at->server].after;

	return after == INT64_MAX ? after : at->at + after;
}

/*
 * Lets end what has ended by now.  True when one is there, which then comes
 * to nothing or, with *good, does not.
 */
static bool end_calls(struct scene *scene, bool *good)
{
	for (size_t i = 0; i < scene->stagger.count; i++) {
		size_t server = scene->stagger.calls[i].server;
		const struct behaviour *behaviour = &scene->behaviours[server];

		if (ends_at(scene, i) > scene->now)
			continue;
		note(scene, behaviour->outcome == '+' ? '=' : '!', server);
		if (behaviour->outcome == '+') {
			stagger_succeeded(&scene->stagger, server);
			*good = behaviour->talk < 0;
			scene->now += *good ? 0 : behaviour->talk;
			return true;
		}
		stagger_failed(&scene->stagger, server);
		return end_calls(scene, good);
	}
	return false;
}

static void call(struct scene *scene, size_t server)
{
	size_t oldest;

	if (scene->behaviours[server].outcome == 's') {
		stagger_pass_over(&scene->stagger);
		return;
	}
	if (stagger_call(&scene->stagger, scene->now, &oldest))
		note(scene, '<', oldest);
	note(scene, '>', server);
}

/* The clock goes on to what happens next. */
static void wait_until(struct scene *scene, int64_t until)
{
	for (size_t i = 0; i < scene->stagger.count; i++)
		if (ends_at(scene, i) < until)
			until = ends_at(scene, i);
	ck_assert_int_gt(until, scene->now);
	ck_assert_int_lt(until, INT64_MAX);
	scene->now = until;
}

/* Returns false when it is over. */
static bool advance(struct scene *scene)
{
	struct stagger_advice advice = stagger_ask(&scene->stagger, scene->now);

	switch (advice.step) {
	case STAGGER_CALL: call(scene, advice.server); break;
	case STAGGER_EXPIRE:
		note(scene, '~', advice.server);
		stagger_failed(&scene->stagger, advice.server);
		break;
	case STAGGER_WAIT: wait_until(scene, advice.until); break;
	case STAGGER_OVER: return false;
	}
	return true;
}

static void play(struct scene *scene, int64_t patience, int64_t end)
{
	bool good = false;

	stagger_start(&scene->stagger, &scene->servers, patience, end);
	for (;;) {
		while (scene->now < end && end_calls(scene, &good))
			if (good)
				return;
		if (!advance(scene))
			break;
		ck_assert_uint_le(scene->stagger.count, STAGGER_MAX);
	}
	snprintf(scene->log + scene->length, sizeof scene->log - scene->length,
	    " %ld.", (long)scene->now);
}

static const struct form {
	const char *scene;
	int64_t patience, end; /* 0: none */
	const char *log;
} forms[] = {
    {"", 0, 0, " 0."},
    {"a1+0", 0, 0, "0>0 0=0"},
    {"a1+249 a1+0", 0, 0, "0>0 249=0"},
    /* Late by 300 ms: the other one is called, and is sooner there, or not. */
    {"a1+300 a1+10", 0, 0, "0>0 250>1 260=1"},
    {"a1+300 a1+90", 0, 0, "0>0 250>1 300=0"},
    {"a1+300 a1+90 a1+90", 0, 0, "0>0 250>1 300=0"},
    /* Another exchanger, of equal and of worse preference. */
    {"a1- b1+5", 0, 0, "0>0 2000>1 2005=1"},
    {"a1- b2+5", 0, 0, "0>0 10000>1 10005=1"},
    {"a1+1999 b1+0", 0, 0, "0>0 1999=0"},
    {"a1+9999 b2+0", 0, 0, "0>0 9999=0"},
    /* The times count from the last call. */
    {"a1- a1- b1- b1- c2+5", 0, 0,
	"0>0 250>1 2250>2 2500>3 12500<0 12500>4 12505=4"},
    /* A refusal calls the next at once, whatever its preference. */
    {"a1!0 a1+0", 0, 0, "0>0 0!0 0>1 0=1"},
    {"a1!20 b2!0 c3+0", 0, 0, "0>0 20!0 20>1 20!1 20>2 20=2"},
    {"a1- a1!30 b2+5", 0, 0, "0>0 250>1 280!1 280>2 285=2"},
    /* Four at most; the oldest is closed for a fifth. */
    {"a1- a1- a1- a1- a1- a1+5", 0, 0,
	"0>0 250>1 500>2 750>3 1000<0 1000>4 1250<1 1250>5 1255=5"},
    {"a1- a1- a1- a1!1 a1+5", 0, 0, "0>0 250>1 500>2 750>3 751!3 751>4 756=4"},
    /* Only the last four of silent ones are waited for. */
    {"a1- a1- a1- a1- a1- a1-", MINUTE, 0,
	"0>0 250>1 500>2 750>3 1000<0 1000>4 1250<1 1250>5 60500~2 60750~3 "
	"61000~4 61250~5 61250."},
    /* Who has had its time makes room like one that refuses. */
    {"a1- b2+5", 1000, 0, "0>0 1000~0 1000>1 1005=1"},
    {"a1- a1- b2+5", 1000, 0, "0>0 250>1 1000~0 1000>2 1005=2"},
    {"a1+1000", 1000, 0, "0>0 1000=0"},
    {"a1+1001", 1000, 0, "0>0 1000~0 1000."},
    /* What comes to nothing: those under way go first. */
    {"a1+0x10 a1+0", 0, 0, "0>0 0=0 10>1 10=1"},
    {"a1+0x10 b2+0", 0, 0, "0>0 0=0 10>1 10=1"},
    {"a1+400 a1+10x10 b2+0", 0, 0, "0>0 250>1 260=1 400=0"},
    {"a1+300 a1+10x90 a1+0", 0, 0, "0>0 250>1 260=1 350=0"},
    {"a1+3000 a1+10x90 a1+0", 0, 0, "0>0 250>1 260=1 500>2 500=2"},
    {"a1- a1+10x9000 b2+0", 0, 0, "0>0 250>1 260=1 10250>2 10250=2"},
    /* While one was spoken to another has had its time. */
    {"a1- a1+10x90000 b2+0", MINUTE, 0,
	"0>0 250>1 260=1 90260~0 90260>2 90260=2"},
    {"a1!5000 a1+10x9000 b2+0", 0, 0, "0>0 250>1 260=1 9260!0 9260>2 9260=2"},
    /* Who is passed over does not count as called. */
    {"a1s a1s b2+5", 0, 0, "0>2 5=2"},
    {"a1- a1s b2+5", 0, 0, "0>0 10000>2 10005=2"},
    {"a1- a1s a1+5", 0, 0, "0>0 250>2 255=2"},
    {"a1s", 0, 0, " 0."},
    {"a1- a1- a1- a1- a1s b2+5", 0, 0,
	"0>0 250>1 500>2 750>3 10750<0 10750>5 10755=5"},
    /* The end. */
    {"a1- a1-", MINUTE, 400, "0>0 250>1 400."},
    {"a1+400", MINUTE, 400, "0>0 400."},
    {"a1- b1+0", MINUTE, 2000, "0>0 2000."},
    {"a1+0x500 a1+0", MINUTE, 400, "0>0 0=0 500."},
    {"a1- b1-", 1000, 5000, "0>0 1000~0 1000>1 2000~1 2000."},
};

START_TEST(scene_by_scene)
{
	const struct form *form = &forms[_i];
	struct scene scene;

	read_scene(&scene, form->scene);
	play(&scene, form->patience > 0 ? form->patience : INT64_MAX,
	    form->end > 0 ? form->end : INT64_MAX);
	ck_assert_str_eq(scene.log, form->log);
}
END_TEST

/* Eight silent ones cost less than one of them would alone. */
START_TEST(eight_silent)
{
	static const char *const scenes[] = {
	    "a1- a1- a1- a1- a1- a1- a1- a1- b1+0",
	    "a1- b1- c1- d1- e1- f1- g1- h1- i1+0",
	    "a1- a1- c1- c1- e1- e1- g1- g1- i2+0",
	};
	struct scene scene;

	read_scene(&scene, scenes[_i]);
	play(&scene, MINUTE, INT64_MAX);
	ck_assert_int_lt(scene.now, MINUTE);
	ck_assert_ptr_nonnull(strstr(scene.log, "=8"));
}
END_TEST

/* Whatever servers do: each is called once, and the good one is found. */
START_TEST(random_servers)
{
	uint64_t random = (uint64_t)_i;

	for (int round = 0; round < 300; round++) {
		struct scene scene = {.servers = {.list = scene.list}};
		size_t count = 1 + unit_random(&random, 20), calls = 0;
		char word[40];

		for (size_t i = 0; i < count; i++) {
			char outcome = "-!+s"[unit_random(&random, 4)];
			unsigned exchanger = unit_random(&random, 3);

			snprintf(word, sizeof word,
			    outcome == '-' || outcome == 's' ? "%c%u%c"
			    : outcome == '!'		     ? "%c%u%c%u"
							     : "%c%u%c%ux%u",
			    'a' + (int)(i + exchanger) / 3, (unsigned)i / 5,
			    outcome, unit_random(&random, 3000),
			    unit_random(&random, 20000));
			add_server(&scene, word);
			calls += outcome != 's';
		}
		add_server(&scene, "z9+0");
		play(&scene, MINUTE, INT64_MAX);
		for (const char *at = scene.log; *at != '\0'; at++)
			calls -= *at == '>';
		ck_assert_int_eq((int)calls, -1);
		snprintf(word, sizeof word, "=%zu", count);
		ck_assert_str_eq(scene.log + scene.length - strlen(word), word);
	}
}
END_TEST

/* Times at the end of the world are no trouble. */
START_TEST(no_limits)
{
	struct scene scene;
	struct stagger_advice advice;
	size_t oldest;

	read_scene(&scene, "a1- b2-");
	stagger_start(&scene.stagger, &scene.servers, INT64_MAX, INT64_MAX);
	stagger_call(&scene.stagger, INT64_MAX - 5, &oldest);
	advice = stagger_ask(&scene.stagger, INT64_MAX - 4);
	ck_assert_int_eq(advice.step, STAGGER_WAIT);
	ck_assert_int_eq(advice.until, INT64_MAX);
}
END_TEST

/* One that is called anew has its whole time again, and is the youngest. */
START_TEST(renewed)
{
	struct scene scene;
	struct stagger_advice advice;
	size_t oldest;

	read_scene(&scene, "a1- a1-");
	stagger_start(&scene.stagger, &scene.servers, MINUTE, INT64_MAX);
	stagger_call(&scene.stagger, 0, &oldest);
	stagger_call(&scene.stagger, 250, &oldest);
	stagger_renew(&scene.stagger, 0, 500);
	advice = stagger_ask(&scene.stagger, 600);
	ck_assert_int_eq(advice.step, STAGGER_WAIT);
	ck_assert_int_eq(advice.until, 250 + MINUTE);
	advice = stagger_ask(&scene.stagger, 250 + MINUTE);
	ck_assert_int_eq(advice.step, STAGGER_EXPIRE);
	ck_assert_uint_eq(advice.server, 1);
	stagger_failed(&scene.stagger, 1);
	advice = stagger_ask(&scene.stagger, 500 + MINUTE);
	ck_assert_int_eq(advice.step, STAGGER_EXPIRE);
	ck_assert_uint_eq(advice.server, 0);
}
END_TEST

SUITE("stagger")
{
	tcase_add_loop_test(tcase, scene_by_scene, 0, COUNT(forms));
	tcase_add_loop_test(tcase, eight_silent, 0, 3);
	tcase_add_loop_test(tcase, random_servers, 0, 4);
	tcase_add_test(tcase, no_limits);
	tcase_add_test(tcase, renewed);
}
