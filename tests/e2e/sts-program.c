/* SPDX-License-Identifier: ISC */
/*
 * The program that fetches policies: when it is needed, what it is told, and
 * what becomes of mail when it does not do what it should.
 */
#include "config.h"

#include <string.h>

#include <check.h>

#include "sts-bench.h"
#include "suite.h"

#define WITHOUT ", verified " TLS_HOST "\n"

static struct sts_bench bench;
static struct peer_script script;

static void enter(void)
{
	memset(&bench, 0, sizeof bench);
	script = (struct peer_script){0};
	sts_bench_make(&bench);
	sts_bench_server(&bench, &script, TLS_GOOD);
}

static void leave(void)
{
	sts_bench_free(&bench);
}

static void deliver_and_expect(char verdict, const char *text)
{
	sts_bench_deliver(&bench);
	scene_expect(&bench.scene, verdict, text);
}

/* Mail that needs no fetch does not need anchors or the program for it. */
static const struct need {
	const char *zone, *policy;
	long age;
	const char *tlspolicy;
	bool needed;
} needs[] = {
    {STS_ZONE, NULL, 0, "", true},
    {STS_ZONE, STS_ENFORCE, 30L * 86400, "", true},
    {STS_ZONE, STS_ENFORCE, 10, "", false},
    {STS_ZONE, STS_ENFORCE, 2L * 86400, "", false},
    {TLS_ZONE, NULL, 0, "", false},
    {STS_ZONE, NULL, 0, "a.test:may nosts\n", false},
    {STS_ZONE, NULL, 0, "a.test:none\n", false},
};

static void arrange(const struct need *need)
{
	bench.scene.zone = need->zone;
	scene_control(&bench.scene, "tlspolicy", "%s", need->tlspolicy);
	if (need->policy != NULL)
		sts_bench_cache(&bench, need->policy, "1", need->age, "", 0);
}

START_TEST(without_program)
{
	const struct need *need = &needs[_i];

	arrange(need);
	bench.environment[2] = "QR_TEST_STS=/nonexistent/qmail-remote-sts";
	if (!need->needed) {
		deliver_and_expect('K', "accepted message");
		return;
	}
	deliver_and_expect('Z',
	    "Unable to run /nonexistent/qmail-remote-sts: No such file or "
	    "directory. (#4.3.0)\nWith control/mtasts 1 it fetches");
	sts_bench_script(&bench, "#!/bin/sh\nprintf 'foreign 0\\n'\n");
	deliver_and_expect('Z', "it belongs to another version");
	sts_bench_script(
	    &bench, "#!/bin/sh\nprintf 'missing 13\\nit has no air'\n");
	deliver_and_expect('Z', "/script: it has no air. (#4.3.0)\n");
	ck_assert_uint_eq(bench.scene.outcome.count, 1);
}
END_TEST

/* A policy that is enforced needs them as well. */
START_TEST(without_anchors)
{
	const struct need *need = &needs[_i];

	arrange(need);
	scene_control(&bench.scene, "trustanchors", "\n");
	sts_bench_host(&bench, &(struct https_options){0});
	sts_bench_deliver(&bench);
	if (need->needed)
		scene_expect(&bench.scene, 'Z',
		    "/control/mtasts, line 1: \"1\": this needs /");
	else if (need->policy != NULL)
		scene_expect(&bench.scene, 'Z',
		    "/control/trustanchors, which is missing or empty, "
		    "demanded by MTA-STS. (#4.7.0)\n");
	else
		scene_expect(&bench.scene, 'K', "accepted message");
	ck_assert_uint_eq(https_connections(bench.https), 0);
}
END_TEST

/* Whatever it does, mail goes on as if there were no policy. */
static const char *const helpers[] = {
    "#!/bin/sh\nkill -9 $$\n",
    "#!/bin/sh\nkill -SEGV $$\n",
    "#!/bin/sh\nexit 1\n",
    "#!/bin/sh\nprintf 'policy 1000\\nversion: STSv1'\n",
    "#!/bin/sh\nprintf 'policy 0\\n'\n",
    "#!/bin/sh\nprintf 'policy 18446744073709551616\\n'\n",
    "#!/bin/sh\nprintf 'failed -1\\n'\n",
    "#!/bin/sh\nprintf 'failed 12\\n\\001\\n\\r\\377\\nK\\000Dx\\n'\n",
    "#!/bin/sh\nwhile :; do printf '%01000d\\n' 0 || exit; done\n",
    "#!/bin/sh\nexec >&-\n",
};

START_TEST(bad_program)
{
	sts_bench_script(&bench, helpers[_i]);
	deliver_and_expect('K', WITHOUT);
	ck_assert_str_eq(bench.scene.outcome.letters, "rK");
}
END_TEST

/* Where it calls, and from where: as the delivery does. */
static const struct origin {
	const char *control, *text, *control2, *text2;
	const char *arguments; /* at the end of them all; NULL: not called */
} origins[] = {
    {"me", "client.test\n", "", "", "\n-\n-\n2001:db8::1\n192.0.2.1\n"},
    {"addressfamily", "ipv4\n", "", "", "\n-\n-\n192.0.2.1\n2001:db8::1\n"},
    {"addressfamily", "ipv4-only\n", "", "", "\n-\n-\n192.0.2.1\n"},
    {"outgoingip", "127.0.0.9\n", "", "", "\n127.0.0.9\n-\n192.0.2.1\n"},
    {"outgoingip", "127.0.0.9\n", "outgoingip6", "::\n",
	"\n127.0.0.9\n-\n2001:db8::1\n192.0.2.1\n"},
    {"outgoingip", "@client.test 127.0.0.8\n", "", "",
	"\n127.0.0.8\n-\n192.0.2.1\n"},
    {"outgoingip", "@other.test 127.0.0.8\n", "", "",
	"\n-\n-\n2001:db8::1\n192.0.2.1\n"},
};

START_TEST(source)
{
	const struct origin *origin = &origins[_i];
	struct bytes arguments = {0};
	size_t length = strlen(origin->arguments);

	bench.scene.zone = TLS_ZONE STS_RECORD STS_HOST
	    " A 192.0.2.1\n" STS_HOST " AAAA 2001:db8::1\n";
	scene_control(&bench.scene, origin->control, "%s", origin->text);
	if (*origin->control2 != '\0')
		scene_control(
		    &bench.scene, origin->control2, "%s", origin->text2);
	sts_bench_witness(&bench);
	deliver_and_expect('K', WITHOUT);
	ck_assert(sts_bench_arguments(&bench, &arguments));
	ck_assert_uint_gt(arguments.length, length);
	ck_assert_str_eq(
	    arguments.data + arguments.length - length, origin->arguments);
	bytes_free(&arguments);
}
END_TEST

LOOPBACK_SUITE("sts-program")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, leave);
	tcase_add_loop_test(tcase, without_program, 0, (int)COUNT(needs));
	tcase_add_loop_test(tcase, without_anchors, 0, (int)COUNT(needs));
	tcase_add_loop_test(tcase, bad_program, 0, (int)COUNT(helpers));
	tcase_add_loop_test(tcase, source, 0, (int)COUNT(origins));
}
