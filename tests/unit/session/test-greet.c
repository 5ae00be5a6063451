/* SPDX-License-Identifier: ISC */
/*
 * The opening of the dialogue, with a scripted server on the other end of a
 * socket pair.  It says its first piece at once, and each further one after
 * a command line; with the last it closes, unless that is "...": it is silent.
 */
#include "config.h"

#include "session/greet.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { PIECES = 4 };

struct scene {
	struct dialogue dialogue;
	struct failure failure;
	struct capabilities capabilities;
	pid_t server;
	int commands; /* what the server was told */
};

/* Copies one line that comes in; false at the end. */
static bool copy_line(int from, int to)
{
	char byte = '\0';

	while (byte != '\n')
		if (read(from, &byte, 1) != 1 || write(to, &byte, 1) != 1)
			return false;
	return true;
}

static void serve(int client, int commands, const char *const pieces[PIECES])
{
	for (int i = 0; i < PIECES && pieces[i] != NULL; i++) {
		const char *piece = pieces[i];

		if (strcmp(piece, "...") == 0)
			pause();
		if (write(client, piece, strlen(piece)) < 0)
			_exit(1);
		if (i + 1 < PIECES && pieces[i + 1] != NULL &&
		    !copy_line(client, commands))
			_exit(0);
	}
	shutdown(client, SHUT_WR);
	while (copy_line(client, commands))
		continue;
	_exit(0);
}

static void start(struct scene *scene, const char *const pieces[PIECES])
{
	struct transport transport;
	int ends[2], commands[2];

	memset(scene, 0, sizeof *scene);
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	ck_assert_int_eq(pipe(commands), 0);
	scene->server = fork();
	if (scene->server == 0) {
		close(ends[0]);
		close(commands[0]);
		serve(ends[1], commands[1], pieces);
	}
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	close(ends[1]);
	close(commands[1]);
	scene->commands = commands[0];
	transport = transport_descriptors(ends[0], ends[0]);
	scene->dialogue = (struct dialogue){
	    .stream = calloc(1, sizeof *scene->dialogue.stream),
	    .server = "192.0.2.1",
	    .timeout = 600,
	    .limit = deadline_in(0)};
	stream_open(scene->dialogue.stream, &transport);
}

/* Ends the session, and checks what the server was told in it. */
static void finish(struct scene *scene, const char *expected)
{
	struct bytes told = {0};
	char chunk[1000];
	ssize_t size;

	close(scene->dialogue.stream->transport.read_descriptor);
	bytes_add_text(&told, "");
	while ((size = read(scene->commands, chunk, sizeof chunk)) > 0)
		bytes_add(&told, chunk, (size_t)size);
	ck_assert_str_eq(told.data, expected);
	ck_assert_int_eq(waitpid(scene->server, NULL, 0), scene->server);
}

static void check_failure(
    const struct failure *failure, enum failure_rank rank, const char *text)
{
	ck_assert_int_eq(failure->rank, rank);
	ck_assert_int_eq(failure->class, FAILURE_TEMPORARY);
	ck_assert_msg(strcmp(failure->text, text) == 0, "%s", failure->text);
}

#define DIED "Connected to 192.0.2.1 but connection died. (#4.4.2)\n"
#define UNWELCOME                                                              \
	"Connected to 192.0.2.1 but greeting failed.\nRemote host said: "
#define NAMELESS                                                               \
	"Connected to 192.0.2.1 but my name was rejected.\nRemote host said: "
#define TURN "Connected to 192.0.2.1 but it replied out of turn. (#4.5.0)\n"
#define CLEAR                                                                  \
	"Connected to 192.0.2.1 but STARTTLS was refused. (#4.7.0)\n"          \
	"Remote host said: "

#define EXCESS                                                                 \
	"Connected to 192.0.2.1 but it said more than an answer to "           \
	"STARTTLS. (#4.7.0)\nRemote host said: "
#define UNANSWERED                                                             \
	"Connected to 192.0.2.1 but STARTTLS was not answered. (#4.7.0)\n"

static const struct welcome_form {
	const char *greeting;
	const char *report; /* NULL: welcome */
	enum failure_rank rank;
} welcomes[] = {
    {"220 mx\r\n", NULL, FAILURE_NONE},
    {"220\r\n", NULL, FAILURE_NONE},
    {"220-a\r\n220-b\r\n220 c\r\n", NULL, FAILURE_NONE},
    {"554 no\r\n", UNWELCOME "554 no\n", FAILURE_ANSWERED},
    {"554-no\r\n554 way\r\n", UNWELCOME "554-no\n554 way\n", FAILURE_ANSWERED},
    {"421 later\r\n", UNWELCOME "421 later\n", FAILURE_ANSWERED},
    {"250 ok\r\n", UNWELCOME "250 ok\n", FAILURE_ANSWERED},
    {"221 ok\r\n", UNWELCOME "221 ok\n", FAILURE_ANSWERED},
    {"354 ok\r\n", UNWELCOME "354 ok\n", FAILURE_ANSWERED},
    {"220-a\r\n221 b\r\n", UNWELCOME "220-a\n221 b\n", FAILURE_ANSWERED},
    {"+OK POP3\r\n", UNWELCOME "+OK POP3\n", FAILURE_ANSWERED},
    {"220 mx\r\n250 ok\r\n", TURN, FAILURE_ANSWERED},
    /* Who hangs up may say so at any time. */
    {"220 mx\r\n421 bye\r\n", UNWELCOME "421 bye\n", FAILURE_ANSWERED},
    {"220 mx\r\n\r\n421-bye\r\n421 then\r\n", UNWELCOME "421-bye\n421 then\n",
	FAILURE_ANSWERED},
    {"220 mx\r\n421-bye\r\n", TURN, FAILURE_ANSWERED},
    {"220 mx\r\n421 bye", TURN, FAILURE_ANSWERED},
    {"220 mx\r\n421-bye\r\n250 x\r\n", TURN, FAILURE_ANSWERED},
    {"220 mx\r\n422 x\r\n", TURN, FAILURE_ANSWERED},
    {"", DIED, FAILURE_DIED},
    {"220 mx", DIED, FAILURE_DIED},
    {"220-mx\r\n", DIED, FAILURE_DIED},
};

START_TEST(welcome)
{
	const struct welcome_form *form = &welcomes[_i];
	const char *pieces[PIECES] = {form->greeting};
	struct scene scene;
	bool quits = form->report != NULL &&
		     strncmp(form->greeting, "220 ", 4) != 0 &&
		     strncmp(form->report, UNWELCOME, strlen(UNWELCOME)) == 0;

	start(&scene, pieces);
	ck_assert_int_eq(
	    greet_welcome(&scene.dialogue, &scene.failure), !form->report);
	if (form->report != NULL)
		check_failure(&scene.failure, form->rank, form->report);
	finish(&scene, quits ? "QUIT\r\n" : "");
}
END_TEST

enum {
	P = CAPABILITY_PIPELINING,
	S = CAPABILITY_SIZE,
	E = CAPABILITY_8BITMIME,
	U = CAPABILITY_SMTPUTF8,
	T = CAPABILITY_STARTTLS
};

static const struct hello_form {
	const char *ehlo, *helo; /* the replies */
	const char *report;	 /* NULL: a session */
	unsigned capabilities;
	uint64_t size_limit;
	const char *auth; /* NULL: nothing is offered */
	bool quits;
} hellos[] = {
    {.ehlo = "250 mx\r\n"},
    {.ehlo = "250\r\n"},
    {.ehlo = "250-mx\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-8BITMIME\r\n"
	     "250-SMTPUTF8\r\n250-STARTTLS\r\n250 HELP\r\n",
	.capabilities = P | S | E | U | T,
	.size_limit = 1000},
    {.ehlo = "250-mx\n250-pipelining\n250-Size\n250 sTARTtls\n",
	.capabilities = P | S | T},
    /* The first line is a name, whatever it looks like. */
    {.ehlo = "250-PIPELINING\r\n250 SIZE 5\r\n",
	.capabilities = S,
	.size_limit = 5},
    {.ehlo = "250 STARTTLS\r\n"},
    {.ehlo = "250-mx\r\n250-XPIPELINING\r\n250-PIPELININGX\r\n"
	     "250-X PIPELINING\r\n250 SIZE=5\r\n"},
    {.ehlo = "250-mx\r\n250-8BITMIME x y\r\n250 SIZE 0\r\n",
	.capabilities = E | S},
    {.ehlo = "250-mx\r\n250 SIZE 18446744073709551615\r\n",
	.capabilities = S,
	.size_limit = UINT64_MAX},
    {.ehlo = "250-mx\r\n250 SIZE 18446744073709551616\r\n", .capabilities = S},
    {.ehlo = "250-mx\r\n250 SIZE 5k\r\n", .capabilities = S},
    {.ehlo = "250-mx\r\n250 SIZE -5\r\n", .capabilities = S},
    {.ehlo = "250-mx\r\n250-AUTH PLAIN  LOGIN\r\n250-AUTH=CRAM-MD5\r\n"
	     "250-XAUTH X\r\n250-AUTH\r\n250 auth XOAUTH2\r\n",
	.auth = " PLAIN  LOGIN XOAUTH2"},
    /* HELO has none. */
    {.ehlo = "502-what\r\n502 AUTH PLAIN\r\n", .helo = "250 mx\r\n"},
    {.ehlo = "502 what\r\n", .helo = "250 mx\r\n"},
    {.ehlo = "500-what\r\n500 SIZE 5\r\n", .helo = "250 mx\r\n"},
    /* What was refused for now may be there later. */
    {.ehlo = "450 what\r\n",
	.helo = "250-mx\r\n250 SIZE\r\n",
	.capabilities = CAPABILITY_UNSURE},
    {.ehlo = "251 what\r\n",
	.helo = "250 mx\r\n",
	.capabilities = CAPABILITY_UNSURE},
    {.ehlo = "250-mx\r\n250 REQUIRETLS\r\n",
	.capabilities = CAPABILITY_REQUIRETLS},
    {.ehlo = "502 a\r\n",
	.helo = "550 no\r\n",
	.report = NAMELESS "550 no\n",
	.quits = true},
    {.ehlo = "502 a\r\n",
	.helo = "rubbish\r\n",
	.report = NAMELESS "rubbish\n",
	.quits = true},
    {.ehlo = "502 a\r\n", .helo = "", .report = DIED},
    {.ehlo = "502 a\r\n", .helo = "250 mx\r\nx", .report = TURN},
    {.ehlo = "421 bye\r\n", .report = NAMELESS "421 bye\n", .quits = true},
    {.ehlo = "what?\r\n", .report = NAMELESS "what?\n", .quits = true},
    {.ehlo = "250-mx\r\n550 SIZE\r\n",
	.report = NAMELESS "250-mx\n550 SIZE\n",
	.quits = true},
    {.ehlo = "250 mx\r\n250 mx\r\n", .report = TURN},
    {.ehlo = "250 mx\r\n\r\n250 mx\r\n", .report = TURN},
    {.ehlo = "\n250-mx\r\n250PIPELINING\r\n\r\n\r", .capabilities = P},
    {.ehlo = "502 a\r\n\n", .helo = "\r\n250 mx\r\n"},
    {.ehlo = "502 a\r\n250 mx\r\n", .report = TURN},
    /* Who hangs up may say so at any time. */
    {.ehlo = "502 a\r\n421 bye\r\n", .report = NAMELESS "421 bye\n"},
    {.ehlo = "451 a\r\n\n421 bye\r\n", .report = NAMELESS "421 bye\n"},
    {.ehlo = "250 mx\r\n421-bye\r\n421 then\r\n",
	.report = NAMELESS "421-bye\n421 then\n"},
    {.ehlo = "502 a\r\n",
	.helo = "250 mx\r\n421 bye\r\n",
	.report = NAMELESS "421 bye\n"},
    {.ehlo = "502 a\r\n421 bye", .report = TURN},
    {.ehlo = "502 a\r\n422 x\r\n", .report = TURN},
    {.ehlo = "", .report = DIED},
    {.ehlo = "250-mx\r\n250-SIZE\r\n", .report = DIED},
};

START_TEST(hello)
{
	const struct hello_form *form = &hellos[_i];
	const char *pieces[PIECES] = {"220 mx\r\n", form->ehlo, form->helo};
	struct scene scene;
	struct bytes told = {0};
	enum greet_hello result;

	start(&scene, pieces);
	ck_assert(greet_welcome(&scene.dialogue, &scene.failure));
	result = greet_hello(
	    &scene.dialogue, "me.example", &scene.capabilities, &scene.failure);
	ck_assert_int_eq(result == GREET_HELLO_HUNG_UP, *form->ehlo == '\0');
	ck_assert_int_eq(result == GREET_HELLO_DONE, form->report == NULL);
	if (result == GREET_HELLO_DONE) {
		ck_assert_uint_eq(scene.capabilities.set, form->capabilities);
		ck_assert_uint_eq(
		    scene.capabilities.size_limit, form->size_limit);
		ck_assert_str_eq(scene.capabilities.auth,
		    form->auth != NULL ? form->auth : "");
	} else {
		check_failure(&scene.failure,
		    strcmp(form->report, DIED) == 0 ? FAILURE_DIED
						    : FAILURE_ANSWERED,
		    form->report);
	}
	bytes_add_text(&told, "EHLO me.example\r\n");
	bytes_add_text(&told, form->helo ? "HELO me.example\r\n" : "");
	bytes_add_text(&told, form->quits ? "QUIT\r\n" : "");
	finish(&scene, told.data);
}
END_TEST

static const struct tls_form {
	const char *reply;
	enum greet_tls result;
	const char *report;
} tls_forms[] = {
    {"220 go\r\n", GREET_TLS_READY, NULL},
    {"220\n", GREET_TLS_READY, NULL},
    {"220-a\r\n220 b\r\n", GREET_TLS_READY, NULL},
    {"454 not now\r\n", GREET_TLS_REFUSED, CLEAR "454 not now\n"},
    {"500 what\r\n", GREET_TLS_REFUSED, CLEAR "500 what\n"},
    {"250 ok\r\n", GREET_TLS_REFUSED, CLEAR "250 ok\n"},
    {"421 bye\r\n", GREET_TLS_BROKEN, CLEAR "421 bye\n"},
    {"rubbish\r\n", GREET_TLS_BROKEN, CLEAR "rubbish\n"},
    {"\r\n220 go\r\n", GREET_TLS_READY, NULL},
    {"220go\r\n", GREET_TLS_READY, NULL},
    {"454 no\r\n\r\n", GREET_TLS_REFUSED, CLEAR "454 no\n"},
    /* Not even that, behind the 220. */
    {"220 go\r\n\r\n", GREET_TLS_BROKEN, EXCESS "220 go\n"},
    {"220 go\r\n\n", GREET_TLS_BROKEN, EXCESS "220 go\n"},
    {"220 go\r\n\r", GREET_TLS_BROKEN, EXCESS "220 go\n"},
    {"220 go\r\nx", GREET_TLS_BROKEN, EXCESS "220 go\n"},
    {"220 go\r\n250 mx\r\n", GREET_TLS_BROKEN, EXCESS "220 go\n"},
    {"454 no\r\n250 mx\r\n", GREET_TLS_BROKEN, EXCESS "454 no\n"},
    {"", GREET_TLS_BROKEN, UNANSWERED},
    {"220 go", GREET_TLS_BROKEN, UNANSWERED},
};

START_TEST(starttls)
{
	const struct tls_form *form = &tls_forms[_i];
	const char *pieces[PIECES] = {"220 mx\r\n", form->reply};
	struct scene scene;

	start(&scene, pieces);
	ck_assert(greet_welcome(&scene.dialogue, &scene.failure));
	greet_ask_tls(&scene.dialogue);
	ck_assert_int_eq(
	    greet_hear_tls(&scene.dialogue, &scene.failure), form->result);
	if (form->report != NULL)
		check_failure(&scene.failure, FAILURE_ANSWERED, form->report);
	finish(&scene, "STARTTLS\r\n");
}
END_TEST

/* The whole reply is due in time. */
START_TEST(silence)
{
	static const char *const scripts[][PIECES] = {
	    {"..."}, {"220 mx\r\n", "..."}};
	int64_t begin = unit_now();
	struct scene scene;
	bool good;

	start(&scene, scripts[_i]);
	scene.dialogue.timeout = 1;
	good = greet_welcome(&scene.dialogue, &scene.failure);
	ck_assert_int_eq(good, _i == 1);
	if (_i == 1)
		ck_assert_int_eq(greet_hello(&scene.dialogue, "me",
				     &scene.capabilities, &scene.failure),
		    GREET_HELLO_FAILED);
	check_failure(&scene.failure, FAILURE_DIED, DIED);
	ck_assert_int_ge(unit_now() - begin, 990);
	unit_end(scene.server);
}
END_TEST

/* An EHLO reply of any length is read to its end. */
START_TEST(long_hello)
{
	const char *pieces[PIECES] = {"220 mx\r\n"};
	struct bytes reply = {0};
	struct scene scene;

	for (int i = 0; i < 3000; i++)
		bytes_add_text(&reply, "250-XSOMETHING of no interest\r\n");
	bytes_add_text(&reply, "250 PIPELINING\r\n");
	pieces[1] = reply.data;
	start(&scene, pieces);
	ck_assert(greet_welcome(&scene.dialogue, &scene.failure));
	ck_assert_int_eq(greet_hello(&scene.dialogue, "me", &scene.capabilities,
			     &scene.failure),
	    GREET_HELLO_DONE);
	ck_assert_uint_eq(scene.capabilities.set, P);
	finish(&scene, "EHLO me\r\n");
}
END_TEST

/* A name that no server would take: the session fails, mail waits. */
START_TEST(endless_name)
{
	static char name[STREAM_OUTPUT_SIZE];
	const char *pieces[PIECES] = {"", "250 mx\r\n"};
	struct scene scene;

	memset(name, 'x', sizeof name - 1);
	start(&scene, pieces);
	ck_assert_int_eq(greet_hello(&scene.dialogue, name, &scene.capabilities,
			     &scene.failure),
	    GREET_HELLO_FAILED);
	check_failure(&scene.failure, FAILURE_DIED, DIED);
	finish(&scene, "");
}
END_TEST

SUITE("greet")
{
	tcase_add_loop_test(tcase, welcome, 0, COUNT(welcomes));
	tcase_add_loop_test(tcase, hello, 0, COUNT(hellos));
	tcase_add_loop_test(tcase, starttls, 0, COUNT(tls_forms));
	tcase_add_loop_test(tcase, silence, 0, 2);
	tcase_add_test(tcase, long_hello);
	tcase_add_test(tcase, endless_name);
}
