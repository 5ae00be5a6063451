/* SPDX-License-Identifier: ISC */
/* The program that fetches, as far as it can fail, and whom it may call. */
#include "config.h"

#include "sts/fetch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "stand.h"
#include "suite.h"
#include "unit.h"

static struct stand stand;

static void enter(void)
{
	stand_make(&stand);
	setenv("QR_TEST_HTTPS_PORT", "1", 1);
}

/* The mail waits as long as the program is missing, if it needs a fetch. */
static void expect_impossible(const char *why)
{
	for (int i = 0; i < 2; i++) {
		stand_ask(&stand);
		ck_assert(!stand.good);
		ck_assert(!stand.sts.present);
		ck_assert_int_eq(stand.failure.class, FAILURE_TEMPORARY);
		ck_assert_msg(strstr(stand.failure.text, why) != NULL, "%s",
		    stand.failure.text);
		ck_assert_ptr_nonnull(
		    strstr(stand.failure.text, getenv("QR_TEST_STS")));
		ck_assert_ptr_nonnull(
		    strstr(stand.failure.text, "control/mtasts"));
	}
}

static void expect_unneeded(void)
{
	stand_cache(&stand, "0", 10, STAND_POLICY, "", 0);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	stand_record(&stand, NULL);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
}

START_TEST(missing)
{
	setenv("QR_TEST_STS", "/nonexistent/qmail-remote-sts", 1);
	expect_impossible("No such file or directory. (#4.3.0)\n");
	stand_record(&stand, NULL);
	stand_expect_none(&stand, "no TXT record");
	stand_record(&stand, "1");
	expect_unneeded();
}
END_TEST

START_TEST(not_executable)
{
	char path[HOME_PATH];

	home_write(&stand.home, "file", "", 0);
	setenv("QR_TEST_STS", home_path(&stand.home, "file", path), 1);
	expect_impossible("Permission denied. (#4.3.0)\n");
}
END_TEST

START_TEST(foreign)
{
	stand_script(&stand, "#!/bin/sh\nprintf 'foreign 0\\n'\n");
	expect_impossible("another version of qmail-remote. (#4.3.0)\n");
	expect_unneeded();
}
END_TEST

/* Whatever it does, the mail goes on, and it is not called again at once. */
static const char *const faults[] = {
    "exit 0",
    "exit 1",
    "kill -9 $$",
    "kill -11 $$",
    "printf 'policy 9\\nversion: '; kill -9 $$",
    "printf 'policy 999\\nversion: STSv1\\n'",
    "printf 'policy 1\\nversion: STSv1\\n'",
    "printf 'lost 0\\n'",
    "printf 'failed 0\\n'",
    "exec >&-; sleep 60",
    "echo garbage; cat /dev/zero",
};

START_TEST(fault)
{
	char script[256];
	int64_t start = unit_now();
	struct bytes calls = {0};

	snprintf(script, sizeof script,
	    "#!/bin/sh\nPATH=/bin:/usr/bin\necho called >>calls\n%s\n",
	    faults[_i]);
	stand_script(&stand, script);
	stand_expect_none(&stand, "mta-sts.a.test");
	stand_expect_none(&stand, "a moment ago");
	ck_assert_int_lt(unit_now() - start, 50000);
	ck_assert(home_read(&stand.home, "calls", &calls));
	ck_assert_str_eq(calls.data, "called\n");
	expect_unneeded();
}
END_TEST

/* One that hangs is ended when the time is over, and leaves nothing behind. */
START_TEST(hanging)
{
	int64_t start = unit_now();
	struct bytes process = {0};
	char path[64];

	stand_script(&stand, "#!/bin/sh\nPATH=/bin:/usr/bin\necho $$ >process\n"
			     "printf 'policy 9\\nversion: '\nexec sleep 60\n");
	stand.question.deadline = deadline_in(2);
	stand_expect_none(&stand, "no whole answer");
	ck_assert_int_ge(unit_now() - start, 1900);
	ck_assert_int_lt(unit_now() - start, 50000);
	ck_assert(home_read(&stand.home, "process", &process));
	snprintf(
	    path, sizeof path, "/proc/%d", (int)strtol(process.data, NULL, 10));
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

/* It has its pipe and three times nothing, and no variable. */
START_TEST(possessions)
{
	struct bytes text = {0};
	int secret = open("anchors.pem", O_RDONLY); /* not close-on-exec */
	const char *at;
	int count = 0;

	ck_assert_int_ge(secret, 0);
	setenv("SECRET", "x", 1);
	stand_script(&stand,
	    "#!/bin/sh\n"
	    "for i in 0 1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 18 19; do\n"
	    "	test ! -e /proc/$$/fd/$i ||\n"
	    "		echo $i $(/bin/readlink /proc/$$/fd/$i) >>descriptors\n"
	    "done\n"
	    "/usr/bin/env >variables\n");
	stand_expect_none(&stand, "mta-sts.a.test");
	ck_assert(home_read(&stand.home, "descriptors", &text));
	ck_assert_msg(strstr(text.data, "0 /dev/null\n1 pipe:") == text.data,
	    "%s", text.data);
	ck_assert_ptr_nonnull(strstr(text.data, "\n2 /dev/null\n"));
	for (at = text.data; (at = strchr(at, '\n')) != NULL; at++)
		count++;
	/* The shell has its script besides. */
	ck_assert_msg(count <= 4, "%s", text.data);
	ck_assert_ptr_null(strstr(text.data, "anchors.pem"));
	bytes_free(&text);
	ck_assert(home_read(&stand.home, "variables", &text));
	ck_assert_ptr_null(strstr(text.data, "SECRET"));
	ck_assert_ptr_null(strstr(text.data, "QR_TEST"));
	close(secret);
}
END_TEST

/* The addresses of a policy host, and which of them are called. */
static const struct hosts {
	const char *zone, *called;
} hosts[] = {
    {"A 127.0.0.1", NULL},
    {"A 0.0.0.0", NULL},
    {"A 10.0.0.1", NULL},
    {"A 100.64.0.1", NULL},
    {"A 169.254.169.254", NULL},
    {"A 172.16.0.1", NULL},
    {"A 192.168.0.1", NULL},
    {"A 224.0.0.1", NULL},
    {"A 255.255.255.255", NULL},
    {"A 192.0.2.77", NULL}, /* in ipme */
    {"AAAA ::1", NULL},
    {"AAAA ::", NULL},
    {"AAAA ::ffff:127.0.0.1", NULL},
    {"AAAA ::ffff:192.0.2.77", NULL},
    {"AAAA 64:ff9b::a00:1", NULL},
    {"AAAA 2002:7f00:1::1", NULL},
    {"AAAA fe80::1", NULL},
    {"AAAA fd00::1", NULL},
    {"AAAA ff02::1", NULL},
    {"A 192.0.2.1", "192.0.2.1"},
    {"AAAA 2001:db8::1", "2001:db8::1"},
    {"AAAA ::ffff:192.0.2.1", "192.0.2.1"},
    {"A 127.0.0.1\nmta-sts.a.test A 192.0.2.1\nmta-sts.a.test AAAA ::1",
	"192.0.2.1"},
    {"A 192.0.2.1\nmta-sts.a.test AAAA 2001:db8::1", "2001:db8::1 192.0.2.1"},
};

static void expect_called(const struct hosts *expected)
{
	struct bytes calls = {0};
	char line[128];

	if (expected->called == NULL) {
		stand_expect_none(&stand, "no address that may be called");
		ck_assert(!home_read(&stand.home, "calls", &calls));
		return;
	}
	stand_expect_none(&stand, "mta-sts.a.test");
	snprintf(
	    line, sizeof line, "mta-sts.a.test 1 - - %s\n", expected->called);
	ck_assert(home_read(&stand.home, "calls", &calls));
	ck_assert_str_eq(calls.data, line);
}

START_TEST(callable)
{
	struct ip own;
	char zone[256];

	unsetenv("QR_TEST_LOCAL_POLICIES");
	ck_assert(ip_parse(&own, "192.0.2.77"));
	stand.settings.ipme = (struct ipme){&own, 1};
	snprintf(zone, sizeof zone, "mta-sts.a.test %s\n", hosts[_i].zone);
	stand_zone(&stand, zone);
	stand_script(&stand, "#!/bin/sh\nshift; host=$1 port=$2; shift 4\n"
			     "echo $host $port $* >>calls\n");
	expect_called(&hosts[_i]);
}
END_TEST

START_TEST(v4_first)
{
	struct bytes calls = {0};

	unsetenv("QR_TEST_LOCAL_POLICIES");
	stand.source.v4_first = true;
	stand_zone(&stand, "mta-sts.a.test A 192.0.2.1\n"
			   "mta-sts.a.test AAAA 2001:db8::1\n");
	stand_script(&stand, "#!/bin/sh\nshift 7; echo $* >>calls\n");
	stand_expect_none(&stand, "mta-sts.a.test");
	ck_assert(home_read(&stand.home, "calls", &calls));
	ck_assert_str_eq(calls.data, "192.0.2.1 2001:db8::1\n");
}
END_TEST

static const struct lookups {
	const char *zone, *why;
} lookups[] = {
    {"other.test A 192.0.2.1\n", "no address that may be called"},
    {"mta-sts.a.test MX 1 a.test\n", "no address that may be called"},
    {"mta-sts.a.test * !servfail\n", "cannot be found out"},
    {"mta-sts.a.test * !refused\n", "cannot be found out"},
    {"mta-sts.a.test A !drop\n", "cannot be found out"},
};

/* A host that cannot be looked up is one that cannot be fetched from. */
START_TEST(lookup)
{
	setenv("QR_TEST_STS", "/nonexistent/qmail-remote-sts", 1);
	stand_zone(&stand, lookups[_i].zone);
	stand.question.deadline = deadline_in(3);
	stand_expect_none(&stand, lookups[_i].why);
	stand.question.deadline = deadline_in(0);
	stand_expect_none(&stand, "a moment ago");
}
END_TEST

/* Names that no policy host can have. */
START_TEST(domain)
{
	static const char *const domains[] = {
	    "../../etc", ".lock-a.test", "a/b.test", "a b.test", "A.test", ""};

	setenv("QR_TEST_STS", "/nonexistent/qmail-remote-sts", 1);
	for (int i = 0; i < COUNT(domains); i++) {
		stand.question.domain = domains[i];
		stand_expect_none(&stand, "");
	}
	ck_assert_int_ne(access(STAND_RUN "/mta-sts", F_OK), 0);
}
END_TEST

LOOPBACK_SUITE("sts_helper")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, missing);
	tcase_add_test(tcase, not_executable);
	tcase_add_test(tcase, foreign);
	tcase_add_loop_test(tcase, fault, 0, COUNT(faults));
	tcase_add_test(tcase, hanging);
	tcase_add_test(tcase, possessions);
	tcase_add_loop_test(tcase, callable, 0, COUNT(hosts));
	tcase_add_test(tcase, v4_first);
	tcase_add_loop_test(tcase, lookup, 0, COUNT(lookups));
	tcase_add_test(tcase, domain);
}
