/* SPDX-License-Identifier: ISC */
/*
 * Control files: what stock takes is taken, and what is wrong is named, with
 * file and line.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

#define UNABLE "ZUnable to read control files. (#4.3.0)\n"
#define OWN                                                                    \
	"Z@control/smtproutes, line 1: the relay 127.0.0.1 is this machine, "  \
	"says @control/ipme. (#4.4.4)\n"

enum { FILES = 2 };

struct file {
	const char *name;
	const char *text; /* NULL: the file is removed */
};

/* What is said in EHLO. */
static const struct naming {
	struct file files[FILES];
	const char *name;
} namings[] = {
    {{{"me", "one.test\n"}}, "one.test"},
    {{{"me", "one.test"}}, "one.test"},
    {{{"me", "one.test\ntwo.test\n"}}, "one.test"},
    {{{"me", "one.test \t \n"}}, "one.test"},
    {{{"me", "one.test\n"}, {"helohost", "two.test\n"}}, "two.test"},
    {{{"me", NULL}, {"helohost", "two.test\n"}}, "two.test"},
    {{{"me", ""}, {"helohost", "two.test\n"}}, "two.test"},
    {{{"me", "one.test\n"}, {"helohost", ""}}, "one.test"},
    {{{"me", "one.test\n"}, {"helohost", "\n"}}, "one.test"},
    {{{"me", "one.test\n"}, {"helohost", " \t\nx"}}, "one.test"},
    {{{"me", "b\xc3\xbc"
	     "cher.test\n"}},
	"xn--bcher-kva.test"},
    {{{"me", "[192.0.2.1]\n"}}, "[192.0.2.1]"},
    {{{"me", "#one.test\n"}}, "#one.test"},
};

static void write_files(const struct scene *scene, const struct file *files)
{
	for (size_t i = 0; i < FILES && files[i].name != NULL; i++) {
		if (files[i].text == NULL)
			home_remove_control(&scene->home, files[i].name);
		else
			home_control(
			    &scene->home, files[i].name, files[i].text);
	}
}

START_TEST(helohost)
{
	struct scene scene = {0};
	char hello[64];

	scene_furnish(&scene);
	write_files(&scene, namings[_i].files);
	clear_play(&scene, NULL, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	snprintf(hello, sizeof hello, "EHLO %s", namings[_i].name);
	ck_assert(
	    transcript_said(clear_connection(&scene, 0), PEER_EHLO, 0, hello));
	scene_free(&scene);
}
END_TEST

/* What stock takes for its defaults, and what all files allow. */
static const struct file harmless[] = {
    {"timeoutremote", ""},
    {"timeoutremote", "\n"},
    {"timeoutremote", "0\n"},
    {"timeoutremote", "soon\n"},
    {"timeoutremote", "-1\n"},
    {"timeoutremote", "30 seconds\n"},
    {"timeoutremote", "2147483647\n"},
    {"timeoutremote", "5\r\n"},
    {"timeoutconnect", "0\n"},
    {"timeoutconnect", "x\n"},
    {"timeoutconnect", "00000000000000000005\n"},
    {"timeoutdns", "0\n"},
    {"timeoutdns", " 5 \n"},
    {"tlsstrictness", "1\n"},
    {"ipme", ""},
    {"ipme", "# ours\n\n192.0.2.1\n  2001:db8::1 \t\n #x\n::ffff:192.0.2.2"},
};

START_TEST(harmless_files)
{
	struct scene scene = {0};
	struct file files[FILES] = {harmless[_i]};

	scene_furnish(&scene);
	write_files(&scene, files);
	clear_play(&scene, NULL, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	scene_free(&scene);
}
END_TEST

static const struct mistake {
	struct file files[FILES];
	const char *report;
} mistakes[] = {
    {{{"me", NULL}}, UNABLE "@control/me: it names no host.\n"},
    {{{"me", ""}}, UNABLE "@control/me: it names no host.\n"},
    {{{"me", "\n"}, {"helohost", "\n"}},
	UNABLE "@control/me: it names no host.\n"},
    {{{"helohost", "a\001b\n"}},
	UNABLE "@control/helohost, line 1: \"a?b\": there is a control "
	       "character in it.\n"},
    {{{"helohost", "two.test\r\n"}},
	UNABLE "@control/helohost, line 1: \"two.test?\": there is a control "
	       "character in it.\n"},
    {{{"me", "a\033[31m\n"}, {"helohost", "two.test\n"}},
	UNABLE "@control/me, line 1: \"a?[31m\": there is a control "
	       "character in it.\n"},
    {{{"me", "\xff\n"}},
	UNABLE "@control/me, line 1: \"?\": not a domain name.\n"},
    {{{"timeoutremote", "2147483648\n"}},
	UNABLE "@control/timeoutremote, line 1: \"2147483648\": the number is "
	       "too large.\n"},
    {{{"timeoutremote", "99999999999999999999999x\n"}},
	UNABLE "@control/timeoutremote, line 1: \"99999999999999999999999x\": "
	       "the number is too large.\n"},
    {{{"timeoutconnect", "4294967296\n"}},
	UNABLE "@control/timeoutconnect, line 1: \"4294967296\": the number "
	       "is too large.\n"},
    {{{"timeoutdns", "\n"}},
	UNABLE "@control/timeoutdns, line 1: \"\": not a number.\n"},
    {{{"tlsstrictness", ""}},
	UNABLE "@control/tlsstrictness, line 1: \"\": not a number.\n"},
    {{{"timeoutdns", "5 s\n"}},
	UNABLE "@control/timeoutdns, line 1: \"5 s\": not a number.\n"},
    {{{"timeoutdns", "-1\n"}},
	UNABLE "@control/timeoutdns, line 1: \"-1\": not a number.\n"},
    {{{"timeoutdns", "99999999999\n"}},
	UNABLE "@control/timeoutdns, line 1: \"99999999999\": the number is "
	       "too large.\n"},
    {{{"tlsstrictness", "3\n"}},
	UNABLE "@control/tlsstrictness, line 1: \"3\": the number is too "
	       "large.\n"},
    {{{"tlsstrictness", "60x\n"}},
	UNABLE "@control/tlsstrictness, line 1: \"60x\": not a number.\n"},
    {{{"timeoutdns", "99999999999s\n"}},
	UNABLE "@control/timeoutdns, line 1: \"99999999999s\": not a "
	       "number.\n"},
    {{{"tlsstrictness", "high\n"}},
	UNABLE "@control/tlsstrictness, line 1: \"high\": not a number.\n"},
    {{{"tlsstrictness", "2\n"}},
	UNABLE "@control/tlsstrictness, line 1: \"2\": this needs "
	       "@control/trustanchors, which is missing or empty.\n"},
    {{{"trustanchors", "/nonexistent/ca.pem\n"}},
	UNABLE "@control/trustanchors, line 1: \"/nonexistent/ca.pem\": No "
	       "such file or directory.\n"},
    {{{"ipme", "192.0.2.1\n\n# x\nlocalhost\n"}},
	UNABLE "@control/ipme, line 4: \"localhost\": not an IP address.\n"},
    {{{"ipme", "192.0.2.256\n"}},
	UNABLE "@control/ipme, line 1: \"192.0.2.256\": not an IP address.\n"},
    {{{"ipme", "192.0.2.1 192.0.2.2\n"}},
	UNABLE "@control/ipme, line 1: \"192.0.2.1 192.0.2.2\": not an IP "
	       "address.\n"},
    /* Where the route leads is named as ours. */
    {{{"ipme", "127.0.0.1\n"}}, OWN},
    {{{"ipme", "::ffff:127.0.0.1\n"}}, OWN},
};

/* This report, in which each @ stands for the full path of the home. */
static void expect_named(const struct scene *scene, const char *report)
{
	struct bytes expected = {0};

	for (; *report != '\0'; report++) {
		if (*report != '@') {
			bytes_add(&expected, report, 1);
			continue;
		}
		bytes_add_text(&expected, scene->home.path);
		bytes_add_text(&expected, "/");
	}
	clear_expect(scene, expected.data, expected.length + 1);
	bytes_free(&expected);
}

START_TEST(mistakes_are_named)
{
	struct scene scene = {0};

	scene_furnish(&scene);
	write_files(&scene, mistakes[_i].files);
	clear_play(&scene, NULL, NULL);
	expect_named(&scene, mistakes[_i].report);
	clear_expect_wire(&scene, NULL);
	scene_free(&scene);
}
END_TEST

START_TEST(nul_in_name)
{
	struct scene scene = {0};

	scene_furnish(&scene);
	home_control_bytes(
	    &scene.home, "me", "one.test\0x\n", sizeof "one.test\0x\n" - 1);
	clear_play(&scene, NULL, NULL);
	expect_named(&scene, UNABLE "@control/me, line 1: \"one.test\": there "
				    "is a control character in it.\n");
	scene_free(&scene);
}
END_TEST

/* Not root's business alone: a directory can be read by nobody. */
START_TEST(unreadable)
{
	static const char *const names[] = {"me", "helohost", "timeoutconnect",
	    "timeoutremote", "timeoutdns", "timeoutdelivery", "minrate",
	    "addressfamily", "ipme", "trustanchors", "tlsstrictness", "dane",
	    "mtasts", "smtproutes"};
	char path[HOME_PATH], name[64], expected[256];
	struct scene scene = {0};

	clear_start(&scene, NULL);
	snprintf(name, sizeof name, "control/%s", names[_i]);
	home_path(&scene.home, name, path);
	unlink(path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	clear_deliver(&scene, &(struct delivery){0});
	scene_stop(&scene);
	snprintf(
	    expected, sizeof expected, UNABLE "@%s: Is a directory.\n", name);
	expect_named(&scene, expected);
	clear_expect_wire(&scene, NULL);
	scene_free(&scene);
}
END_TEST

START_TEST(forbidden)
{
	char path[HOME_PATH];
	struct scene scene = {0};

	if (geteuid() == 0)
		return;
	scene_furnish(&scene);
	chmod(home_path(&scene.home, "control/timeoutremote", path), 0);
	clear_play(&scene, NULL, NULL);
	expect_named(
	    &scene, UNABLE "@control/timeoutremote: Permission denied.\n");
	scene_free(&scene);
}
END_TEST

/* A timeout of 0 is none, also where there is something to wait for. */
START_TEST(zero_is_no_limit)
{
	static const struct peer_script script = {
	    .capabilities = "PIPELINING", .latency = 50};
	struct scene scene = {0};

	scene_furnish(&scene);
	home_control(&scene.home, "timeoutremote", "0\n");
	home_control(&scene.home, "timeoutconnect", "0\n");
	clear_play(&scene, &script, NULL);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-control")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, helohost, 0, COUNT(namings));
	tcase_add_loop_test(tcase, harmless_files, 0, COUNT(harmless));
	tcase_add_loop_test(tcase, mistakes_are_named, 0, COUNT(mistakes));
	tcase_add_test(tcase, nul_in_name);
	tcase_add_loop_test(tcase, unreadable, 0, 14);
	tcase_add_test(tcase, forbidden);
	tcase_add_test(tcase, zero_is_no_limit);
}
