/* SPDX-License-Identifier: ISC */
/*
 * Whatever hinders a fetch, or spoils what is kept, costs no mail; and nobody
 * is called who must not be.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "patience.h"
#include "sts-bench.h"
#include "suite.h"

#define WITHOUT ", verified " TLS_HOST "\n"
#define WITH ", verified " TLS_HOST ", MTA-STS\n"

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

/* Hosts at addresses that must not be called are not, nor named to anybody. */
static const struct address {
	const char *record;
	bool called;
} addresses[] = {
    {"A 192.0.2.1", true},
    {"A 127.0.0.1", false},
    {"A 127.255.0.1", false},
    {"A 0.0.0.0", false},
    {"A 0.1.2.3", false},
    {"A 10.1.2.3", false},
    {"A 100.64.0.1", false},
    {"A 169.254.169.254", false},
    {"A 172.16.0.1", false},
    {"A 192.168.1.1", false},
    {"A 224.0.0.1", false},
    {"A 240.0.0.1", false},
    {"A 255.255.255.255", false},
    {"AAAA 2001:db8::1", true},
    {"AAAA ::1", false},
    {"AAAA ::", false},
    {"AAAA fe80::1", false},
    {"AAAA fec0::1", false},
    {"AAAA fc00::1", false},
    {"AAAA fd12::1", false},
    {"AAAA ff02::1", false},
    {"AAAA ::ffff:127.0.0.1", false},
    {"AAAA ::ffff:192.0.2.1", true},
    {"AAAA ::127.0.0.1", false},
    {"AAAA 64:ff9b::7f00:1", false},
    {"AAAA 64:ff9b::a01:203", false},
    {"AAAA 2002:7f00:1::1", false},
    {"AAAA 2002:c0a8:101::1", false},
    /* One of control/ipme. */
    {"A 198.51.100.7", false},
    {"AAAA ::ffff:198.51.100.7", false},
};

START_TEST(forbidden)
{
	const struct address *address = &addresses[_i];
	struct bytes arguments = {0};
	char zone[256];

	snprintf(zone, sizeof zone, "%s%s%s %s\n", TLS_ZONE, STS_RECORD,
	    STS_HOST, address->record);
	sts_bench_zone(&bench, zone);
	bench.environment[1] = NULL;
	sts_bench_host(&bench, &(struct https_options){0});
	scene_control(&bench.scene, "ipme", "198.51.100.7\n");
	if (!address->called) {
		deliver_and_expect('K', WITHOUT);
		ck_assert_uint_eq(https_connections(bench.https), 0);
		sts_bench_cache(&bench, NULL, "", 0, "", 0);
	}
	bench.environment[1] = "QR_TEST_UNUSED=1";
	sts_bench_witness(&bench);
	deliver_and_expect('K', WITHOUT);
	ck_assert_msg(
	    sts_bench_arguments(&bench, &arguments) == address->called, "%s",
	    address->record);
	bytes_free(&arguments);
}
END_TEST

/* What holds a fetch up costs 20 s, whoever does, and only the first mail; less
   where a DNS does it and the library asks no more. */
static void hold_lock(void)
{
	char path[HOME_PATH];
	int lock;

	home_path(&bench.scene.home, "run/qmail-remote/mta-sts", path);
	mkdir(path, 0700);
	home_path(
	    &bench.scene.home, "run/qmail-remote/mta-sts/.lock-a.test", path);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(lock, 0);
	ck_assert_int_eq(flock(lock, LOCK_EX), 0);
}

static void hold_up(size_t number)
{
	enter();
	sts_bench_host(&bench,
	    &(struct https_options){.silent = number == 0, .pace = 5000});
	switch (number) {
	case 2: hold_lock(); break;
	case 3:
		bench.scene.zone = TLS_ZONE STS_RECORD STS_HOST " * !drop\n";
		break;
	case 4:
		sts_bench_script(
		    &bench, "#!/bin/sh\nwhile :; do read x; done\n");
		break;
	default: break;
	}
	deliver_and_expect('K', WITHOUT);
	ck_assert_int_ge(
	    bench.scene.outcome.elapsed, (number == 3 ? 5 : 15) * 1000000);
	ck_assert_int_le(
	    bench.scene.outcome.elapsed, patience(50) * INT64_C(1000000));
	leave();
}

START_TEST(held_up)
{
	suite_at_once(4, hold_up);
}
END_TEST

/* Where nothing can be kept, or what is kept is damaged, mail flows and the
   policy counts. */
static void put_file(const char *name, const char *text)
{
	char path[HOME_PATH];

	mkdir(home_path(&bench.scene.home, "run/qmail-remote/mta-sts", path),
	    0700);
	home_write(&bench.scene.home, name, text, strlen(text));
}

static void spoil(int how)
{
	char path[HOME_PATH], *cached = path;

	put_file(STS_CACHED, "");
	home_path(&bench.scene.home, STS_CACHED, path);
	switch (how) {
	case 0: put_file(STS_CACHED, "garbage\n\n"); break;
	case 1: put_file(STS_CACHED, STS_POLICY("enforce", "x.test")); break;
	case 2: ck_assert_int_eq(truncate(cached, 1L << 40), 0); break;
	case 3:
		unlink(cached);
		ck_assert_int_eq(mkdir(cached, 0700), 0);
		break;
	case 4:
		unlink(cached);
		ck_assert_int_eq(mkfifo(cached, 0600), 0);
		break;
	case 5:
		unlink(cached);
		ck_assert_int_eq(symlink("/dev/zero", cached), 0);
		break;
	case 6: ck_assert_int_eq(chmod(cached, 0), 0); break;
	case 7:
		home_path(&bench.scene.home,
		    "run/qmail-remote/mta-sts/.lock-a.test", path);
		ck_assert_int_eq(mkdir(path, 0700), 0);
		break;
	case 8:
		home_path(&bench.scene.home,
		    "run/qmail-remote/mta-sts/.lock-a.test", path);
		ck_assert_int_eq(mkfifo(path, 0600), 0);
		break;
	case 9:
		home_path(&bench.scene.home,
		    "run/qmail-remote/mta-sts/.new-a.test", path);
		ck_assert_int_eq(mkdir(path, 0700), 0);
		break;
	case 10:
		unlink(cached);
		home_path(&bench.scene.home, "run/qmail-remote/mta-sts", path);
		ck_assert_int_eq(rmdir(path), 0);
		home_write(
		    &bench.scene.home, "run/qmail-remote/mta-sts", "a", 1);
		break;
	default: bench.environment[2] = "QR_TEST_RUN=/nonexistent/run";
	}
}

enum { WAYS_TO_SPOIL = 12 };

START_TEST(nothing_kept)
{
	spoil(_i);
	sts_bench_host(&bench, &(struct https_options){0});
	deliver_and_expect('K', WITH);
	ck_assert_uint_eq(https_requests(bench.https), 1);
	deliver_and_expect('K', WITH);
	ck_assert_uint_le(https_requests(bench.https), 2);
}
END_TEST

/* A descriptor more each time: none is enough to miss the policy. */
START_TEST(few_descriptors)
{
	sts_bench_host(&bench,
	    &(struct https_options){.body = STS_POLICY("enforce", "x.test")});
	bench.scene.delivery.files = 4 + (unsigned)_i;
	sts_bench_deliver(&bench);
	scene_expect(&bench.scene, 'Z', "");
}
END_TEST

LOOPBACK_SUITE("sts-trouble")
{
	tcase_set_timeout(tcase, 100);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, leave);
	tcase_add_loop_test(tcase, forbidden, 0, (int)COUNT(addresses));
	tcase_add_test(tcase, held_up);
	tcase_add_loop_test(tcase, nothing_kept, 0, WAYS_TO_SPOIL);
	tcase_add_loop_test(tcase, few_descriptors, 0, 24);
}
