/* SPDX-License-Identifier: ISC */
/* The runner of the end-to-end tests, with shell scripts as programs. */
#include "config.h"

#include "deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include <check.h>

#include "rspawn.h"
#include "suite.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Lets a script of this text be the program under test. */
static void make_program(const struct home *home, const char *commands)
{
	char path[HOME_PATH];
	struct bytes text = {0};

	bytes_add_text(&text, "#!/bin/sh\nPATH=/usr/bin:/bin\n");
	bytes_add_text(&text, commands);
	home_write(home, "program", text.data, text.length);
	bytes_free(&text);
	home_path(home, "program", path);
	ck_assert_int_eq(chmod(path, 0700), 0);
	ck_assert_int_eq(setenv("QMAIL_REMOTE", path, 1), 0);
	ck_assert_int_eq(setenv("QR_TEST_IO", path, 1), 0);
}

static void run_script(const char *commands, const struct delivery *wanted,
    struct outcome *outcome)
{
	static const char *const recipients[] = {"b@c", NULL};
	struct delivery delivery = *wanted;
	struct home home;

	home_make(&home);
	make_program(&home, commands);
	delivery.home = &home;
	delivery.host = "c";
	delivery.sender = "a@b";
	delivery.recipients = recipients;
	deliver(&delivery, outcome);
	home_remove(&home);
}

static const struct script {
	struct delivery delivery;
	const char *commands;
	const char *output; /* without the last NUL, if there is any */
	bool good;
} scripts[] = {
    {{.message = "x\ny\n"}, "printf 'r\\0K'; cat; printf '\\0'", "r\0Kx\ny\n",
	true},
    {{.message = "ab\n", .repeat = 3, .input = DELIVER_PIPE},
	"printf 'r\\0K'; cat; printf '\\0'", "r\0Kab\nab\nab\n", true},
    {{.input = DELIVER_CLOSED}, "cat 2>&- || printf 'Zno\\n\\0'", "Zno\n",
	true},
    {{.input = DELIVER_DIRECTORY}, "cat 2>&- || printf 'Zno\\n\\0'", "Zno\n",
	true},
    {{.input = DELIVER_WRITE_ONLY}, "cat 2>&- || printf 'Zno\\n\\0'", "Zno\n",
	true},
    {{.port = 7}, "printf 'K%s\\n\\0' \"$* $QR_TEST_PORT ${PWD##*/}\"",
	"Kc a@b b@c 7 mess\n", true},
    {{.message = ""}, "printf 'Kx\\n\\0'; echo oops >&2; exec >&-",
	"Kx\n\0oops\n", false},
    {{.message = ""}, "printf 'r\\0'", "r", false},
    {{.message = ""}, "printf 'Kx\\n\\0r\\0'", "Kx\n\0r", false},
    {{.message = ""}, "printf 'Kx\\0'", "Kx", false},
    {{.message = ""}, "printf 'Kx\\n\\0'; exit 3", "Kx\n", false},
    {{.message = ""}, "printf 'Kx\\n\\0'; kill -9 $$", "Kx\n", false},
};

START_TEST(collects_output)
{
	const struct script *script = &scripts[_i];
	const char *end = script->output;
	struct outcome outcome;

	run_script(script->commands, &script->delivery, &outcome);
	for (size_t i = 0; i < outcome.count; i++)
		end += strlen(end) + 1;
	if (outcome.cut)
		end += strlen(end);
	ck_assert(outcome_is(
	    &outcome, script->output, (size_t)(end - script->output)));
	ck_assert_int_eq(outcome_well_formed(&outcome), script->good);
	outcome_free(&outcome);
}
END_TEST

START_TEST(output_elsewhere)
{
	static const enum deliver_output outputs[] = {
	    DELIVER_NOWHERE, DELIVER_FULL, DELIVER_UNREAD};
	const struct delivery delivery = {.message = "", .output = outputs[_i]};
	struct outcome outcome;

	run_script("echo x && exit 0; exit 7", &delivery, &outcome);
	ck_assert_uint_eq(outcome.output.length, 0);
	ck_assert_int_ne(outcome.status, 0);
	outcome_free(&outcome);
}
END_TEST

START_TEST(leftovers_are_noticed)
{
	struct delivery delivery = {.message = ""};
	struct outcome outcome;

	run_script("printf 'Kx\\n\\0'; (while kill -0 $$; do :; done; "
		   "sleep 0.3) >&- 2>&- & exit 0",
	    &delivery, &outcome);
	ck_assert(outcome_well_formed(&outcome));
	ck_assert_int_gt(outcome.lingered, outcome.elapsed + 250000);
	outcome_free(&outcome);
	delivery.seconds = 3;
	run_script("printf 'Kx\\n\\0'; setsid sleep 60 >&- 2>&- & exit 0",
	    &delivery, &outcome);
	ck_assert_uint_eq(outcome.strays, 1);
	ck_assert(!outcome.timed_out && !outcome_well_formed(&outcome));
	outcome_free(&outcome);
	delivery.seconds = 1;
	run_script("sleep 60", &delivery, &outcome);
	ck_assert(outcome.timed_out);
	outcome_free(&outcome);
}
END_TEST

START_TEST(limits_and_figures)
{
	const struct delivery delivery = {.message = "", .files = 20};
	struct outcome outcome;

	run_script("printf 'K%s\\n\\0' $(ulimit -n)", &delivery, &outcome);
	ck_assert(OUTCOME_IS(&outcome, "K20\n"));
	ck_assert_int_gt(outcome.memory, 100);
	ck_assert_int_ge(outcome.cpu, 0);
	outcome_free(&outcome);
}
END_TEST

/* What qmail-send receives. */
#define EXITED(code) ((code) << 8)
#define BYTES(literal) literal, sizeof(literal) - 1

static const struct translation {
	int status;
	const char *output;
	size_t length;
	const char *result;
} translations[] = {
    {SIGKILL, BYTES("r\0Kok\n\0"), "Zqmail-remote crashed.\n"},
    {EXITED(111), BYTES("Kok\n\0"), "ZUnable to run qmail-remote.\n"},
    {EXITED(1), BYTES("Kok\n\0"), "DUnable to run qmail-remote.\n"},
    {0, BYTES(""), "Zqmail-remote produced no output.\n"},
    {0, BYTES("r\0Kok\n\0"), "Kok\n"},
    {0, BYTES("hno\n\0Dgiveup\n\0"), "Dno\ngiveup\n"},
    {0, BYTES("slater\n\0Dgiveup\n\0"), "Zlater\ngiveup\n"},
    {0, BYTES("hno\n\0Kok\n\0"), "Dno\n"},
    {0, BYTES("r\0"), "D"},
    {0, BYTES("r\0\001text"), "D"},
    {0, BYTES("Kwarn\0r\0Dperm\0"), "Kwarn"},
    {0, BYTES("error text\nKok\0"), "Drror text\nKok"},
    {0, BYTES("Zonly\n\0"), "Zonly\n"},
    {0, BYTES("Kcut"), "D"},
};

START_TEST(rspawn_translates)
{
	const struct translation *translation = &translations[_i];
	struct bytes result;

	rspawn_report(translation->status, translation->output,
	    translation->length, &result);
	ck_assert_str_eq(result.data, translation->result);
	bytes_free(&result);
}
END_TEST

START_TEST(homes_are_removed)
{
	struct home home;
	struct bytes bytes;
	char path[HOME_PATH];

	home_make(&home);
	home_tcpto(&home, &bytes);
	ck_assert_uint_eq(bytes.length, HOME_TCPTO);
	bytes_free(&bytes);
	home_tcpto6(&home, &bytes);
	ck_assert_uint_eq(bytes.length, 0);
	home_control(&home, "me", "x\n");
	home_control_bytes(&home, "me", "y\0z", 3);
	ck_assert(home_read(&home, "control/me", &bytes));
	ck_assert(bytes_equal(&bytes, "y\0z", 3));
	bytes_free(&bytes);
	ck_assert_int_eq(chmod(home_path(&home, "control", path), 0), 0);
	home_remove(&home);
	ck_assert_int_eq(access(home.path, F_OK), -1);
}
END_TEST

SUITE("deliver")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, collects_output, 0, COUNT(scripts));
	tcase_add_loop_test(tcase, output_elsewhere, 0, 3);
	tcase_add_test(tcase, leftovers_are_noticed);
	tcase_add_test(tcase, limits_and_figures);
	tcase_add_loop_test(tcase, rspawn_translates, 0, COUNT(translations));
	tcase_add_test(tcase, homes_are_removed);
}
