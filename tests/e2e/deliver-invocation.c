/* SPDX-License-Identifier: ISC */
/*
 * How the programs are called, and what may be missing around them: nothing
 * but reports ever goes to standard output, and nothing to standard error.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define LIST(...)                                                              \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define UNREADABLE "ZUnable to read message. (#4.3.0)\n"
#define MISUSED                                                                \
	"Zqmail-remote-io was run by another program than its qmail-remote. "  \
	"(#4.3.5)\n"

/* A call in which standard error is told from standard output. */
struct call {
	const char *program;	      /* NULL: qmail-remote */
	const char *io;		      /* NULL: that of this build */
	const char *const *arguments; /* its name first; NULL: a delivery */
	unsigned closed;	      /* a bit for each of descriptors 0 to 2 */
};

struct heard {
	int status;
	struct bytes output, errors;
};

static const char *const delivery_arguments[] = {
    "qmail-remote", "example.org", "a@example.net", "b@example.org", NULL};

/* The absolute path of qmail-remote-io; the caller frees it. */
static char *find_io(void)
{
	char *program = deliver_program();
	char *beside, *io;

	if (getenv("QR_TEST_IO") != NULL) {
		free(program);
		return realpath(getenv("QR_TEST_IO"), NULL);
	}
	ck_assert_int_ne(
	    asprintf(&beside, "%s/qmail-remote-io", dirname(program)), -1);
	io = realpath(beside, NULL);
	free(beside);
	free(program);
	return io;
}

static _Noreturn void exec_call(
    const struct call *call, const char *program, const int descriptors[3])
{
	for (int fd = 0; fd < 3; fd++)
		dup2(descriptors[fd], fd);
	for (int fd = 0; fd < 3; fd++)
		if (call->closed & 1U << fd)
			close(fd);
	execv(program, (char **)call->arguments);
	_exit(99);
}

static void read_all(int fd, struct bytes *bytes)
{
	char buffer[4096];
	ssize_t got;

	while ((got = read(fd, buffer, sizeof buffer)) > 0)
		bytes_add(bytes, buffer, (size_t)got);
	close(fd);
}

/* A file with a message, open for reading. */
static int open_message(const struct scene *scene)
{
	char path[HOME_PATH];
	int fd;

	home_write(&scene->home, "message", "Subject: x\n\nx\n", 14);
	fd = open(
	    home_path(&scene->home, "message", path), O_RDONLY | O_CLOEXEC);
	ck_assert_int_ne(fd, -1);
	return fd;
}

static struct heard run(const struct scene *scene, const struct call *wanted)
{
	struct heard heard = {0};
	struct call call = *wanted;
	char *program = deliver_program();
	char *io = find_io();
	int message = open_message(scene);
	int output[2], errors[2];
	pid_t child;

	if (call.arguments == NULL)
		call.arguments = delivery_arguments;
	ck_assert_int_eq(pipe2(output, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(errors, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		setenv("QR_TEST_HOME", scene->home.path, 1);
		setenv("QR_TEST_IO", call.io != NULL ? call.io : io, 1);
		exec_call(&call, call.program != NULL ? call.program : program,
		    (const int[]){message, output[1], errors[1]});
	}
	close(message);
	close(output[1]);
	close(errors[1]);
	read_all(output[0], &heard.output);
	read_all(errors[0], &heard.errors);
	ck_assert_int_eq(waitpid(child, &heard.status, 0), child);
	free(program);
	free(io);
	return heard;
}

static void expect(struct heard *heard, const char *output, size_t length)
{
	struct outcome outcome = {.output = heard->output};

	ck_assert(outcome_is(&outcome, output, length));
	ck_assert_uint_eq(heard->errors.length, 0);
	ck_assert_int_eq(heard->status, 0);
	bytes_free(&heard->output);
	bytes_free(&heard->errors);
}

#define EXPECT(heard, literal) expect(heard, literal, sizeof(literal))

/* Whatever is closed, the session is the same, and no report goes astray. */
START_TEST(closed_descriptors)
{
	struct scene scene = {0};
	struct heard heard;

	clear_start(&scene, NULL);
	heard = run(&scene, &(struct call){.closed = (unsigned)_i});
	scene_stop(&scene);
	if (_i & 2)
		expect(&heard, "", 0);
	else if (_i & 1)
		EXPECT(&heard, UNREADABLE);
	else
		EXPECT(&heard, "r\0" CLEAR_ACCEPTED);
	clear_expect_wire(&scene, _i & 1 ? NULL : CLEAR_ALL);
	scene_free(&scene);
}
END_TEST

START_TEST(unwritable_output)
{
	static const enum deliver_output outputs[] = {
	    DELIVER_NOWHERE, DELIVER_FULL, DELIVER_UNREAD};
	static const struct peer_script script = {
	    .overrides = {{PEER_RCPT, 2, .bytes = "550 no\r\n"}}};
	struct delivery delivery = {
	    .recipients = LIST("b@example.org", "c@d"), .output = outputs[_i]};
	struct scene scene = {0};

	clear_play(&scene, &script, &delivery);
	ck_assert_int_eq(scene.outcome.status, 0);
	ck_assert_uint_eq(scene.outcome.output.length, 0);
	ck_assert_uint_eq(scene.outcome.strays, 0);
	ck_assert(!scene.outcome.timed_out);
	scene_free(&scene);
}
END_TEST

static const struct misuse {
	struct call call;
	const char *begins; /* what is printed */
} options[] = {
    {{.arguments = LIST("qmail-remote", "--help")},
	"Usage: qmail-remote host sender recip [recip ...]"},
    {{.arguments = LIST("qmail-remote", "--version")}, PACKAGE_STRING "\n"},
    {{.arguments = LIST("qmail-remote", "--help"), .closed = 5},
	"Usage: qmail-remote host sender recip [recip ...]"},
    {{.arguments = LIST("qmail-remote", "--help", "x")},
	"DI (qmail-remote) was invoked improperly. (#5.3.5)\n"},
    {{.arguments = LIST("qmail-remote", "--versio")},
	"DI (qmail-remote) was invoked improperly. (#5.3.5)\n"},
    {{.arguments = LIST("qmail-remote", "-h")},
	"DI (qmail-remote) was invoked improperly. (#5.3.5)\n"},
    {{.arguments = LIST("qmail-remote")},
	"DI (qmail-remote) was invoked improperly. (#5.3.5)\n"},
};

START_TEST(options_alone)
{
	const struct misuse *misuse = &options[_i];
	struct scene scene = {0};
	struct heard heard;

	clear_start(&scene, NULL);
	heard = run(&scene, &misuse->call);
	ck_assert_uint_ge(heard.output.length, strlen(misuse->begins));
	ck_assert_mem_eq(
	    heard.output.data, misuse->begins, strlen(misuse->begins));
	ck_assert_uint_eq(heard.errors.length, 0);
	ck_assert_int_eq(heard.status, 0);
	bytes_free(&heard.output);
	scene_free(&scene);
}
END_TEST

/* With more arguments they are a host like any other. */
START_TEST(option_as_host)
{
	static const char *const hosts[] = {"--help", "--version", "-h", "--"};
	struct scene scene = {0};

	clear_play(&scene, NULL, &(struct delivery){.host = hosts[_i]});
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	clear_expect_wire(&scene, CLEAR_ALL);
	scene_free(&scene);
}
END_TEST

/* Makes what stands in the place of qmail-remote-io. */
static void make_io(const struct scene *scene, int kind, char path[HOME_PATH])
{
	static const char rubbish[] = "\1\2\3";

	home_path(&scene->home, "io", path);
	if (kind == 1)
		ck_assert_int_eq(mkdir(path, 0700), 0);
	if (kind < 2)
		return;
	home_write(&scene->home, "io", rubbish, sizeof rubbish);
	ck_assert_int_eq(chmod(path, kind == 2 ? 0600 : 0700), 0);
}

START_TEST(no_second_program)
{
	static const int errors[] = {ENOENT, EACCES, EACCES, ENOEXEC};
	char path[HOME_PATH], expected[2 * HOME_PATH];
	struct scene scene = {0};
	struct heard heard;
	int length;

	clear_start(&scene, NULL);
	make_io(&scene, _i, path);
	heard = run(&scene, &(struct call){.io = path});
	length = snprintf(expected, sizeof expected,
	    "ZUnable to run %s: %s. (#4.3.0)\n", path, strerror(errors[_i]));
	expect(&heard, expected, (size_t)length + 1);
	scene_stop(&scene);
	ck_assert_uint_eq(scene_messages(&scene), 0);
	scene_free(&scene);
}
END_TEST

#define HANDING_OVER "qmail-remote-io", PACKAGE_VERSION
#define HANDED_OVER(recipients, input, output)                                 \
	recipients, input, output, "5", "0", "s", "0", "0", "0", "", "", "0",  \
	    "a@b"

/* Called by hand, or by a qmail-remote of another version, it does nothing, and
   a report says so. */
static const char *const *const strange_arguments[] = {
    LIST("qmail-remote-io"),
    LIST("qmail-remote-io", "x"),
    LIST("qmail-remote-io", "example.org", "a@example.net", "b@example.org"),
    /* As version 0.9 does it, and another one. */
    LIST("qmail-remote-io", "3", "3", "5", "s", "0", "0", "", "a@b", "c@d"),
    LIST("qmail-remote-io", "0.8", HANDED_OVER("1", "3", "3"), "c@d"),
    LIST(HANDING_OVER, HANDED_OVER("1", "-1", "3"), "c@d"),
    LIST(HANDING_OVER, HANDED_OVER("1", "3", "3x"), "c@d"),
    /* Fields that are missing, or one too many. */
    LIST(HANDING_OVER, HANDED_OVER("0", "3", "3")),
    LIST(HANDING_OVER, HANDED_OVER("1", "3", "3")),
    LIST(HANDING_OVER, HANDED_OVER("2", "3", "3"), "c@d"),
    LIST(HANDING_OVER, HANDED_OVER("1", "3", "3"), "c@d", "e@f"),
};

START_TEST(second_program_by_hand)
{
	struct scene scene = {0};
	char *io = find_io();
	struct heard heard;

	scene_furnish(&scene);
	heard = run(&scene,
	    &(struct call){.program = io, .arguments = strange_arguments[_i]});
	EXPECT(&heard, MISUSED);
	free(io);
	scene_free(&scene);
}
END_TEST

/* Not even without a message is there a report that is not qmail's. */
START_TEST(second_program_without_message)
{
	struct scene scene = {0};
	char *io = find_io();
	struct heard heard;

	scene_furnish(&scene);
	heard = run(&scene, &(struct call){.program = io,
				.arguments = LIST(HANDING_OVER,
				    HANDED_OVER("1", "1", "1"), "c@d"),
				.closed = 1});
	EXPECT(&heard, UNREADABLE);
	free(io);
	scene_free(&scene);
}
END_TEST

/* With few descriptors it may not get far, but says so; it gets further where
   the routes need not be compiled. */
START_TEST(few_descriptors)
{
	bool warm = _i % 2 == 1;
	struct scene scene = {0};

	clear_start(&scene, NULL);
	if (warm)
		clear_deliver(&scene, &(struct delivery){0});
	clear_deliver(
	    &scene, &(struct delivery){.files = 4 + (unsigned)_i / 2});
	scene_stop(&scene);
	ck_assert(outcome_well_formed(&scene.outcome));
	ck_assert_int_ne(outcome_verdict(&scene.outcome), 'D');
	ck_assert_uint_eq(scene_messages(&scene),
	    (warm ? 1U : 0U) +
		(outcome_verdict(&scene.outcome) == 'K' ? 1U : 0U));
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-invocation")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, closed_descriptors, 0, 8);
	tcase_add_loop_test(tcase, unwritable_output, 0, 3);
	tcase_add_loop_test(tcase, options_alone, 0, COUNT(options));
	tcase_add_loop_test(tcase, option_as_host, 0, 4);
	tcase_add_loop_test(tcase, no_second_program, 0, 4);
	tcase_add_loop_test(
	    tcase, second_program_by_hand, 0, COUNT(strange_arguments));
	tcase_add_test(tcase, second_program_without_message);
	tcase_add_loop_test(tcase, few_descriptors, 0, 2 * 6);
}
