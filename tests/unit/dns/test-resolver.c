/* SPDX-License-Identifier: ISC */
/* Questions and answers through c-ares, with a server that may misbehave. */
#include "config.h"

#include "dns/resolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "dns.h"
#include "suite.h"
#include "unit.h"

static struct resolver *open_resolver(
    const struct dns *dns, unsigned long timeout, bool validates)
{
	struct resolver_options options = {.timeout = timeout,
	    .deadline = deadline_in(0),
	    .validates = validates};
	struct failure failure;
	struct resolver *resolver;

	setenv("DNSCACHEIP", dns_address(dns), 1);
	/* Milliseconds for c-ares 1.18, seconds for 1.34. */
	setenv("RES_OPTIONS", "retrans:200 retry:2 timeout:1 attempts:2", 1);
	resolver = resolver_open(&options, &failure);
	ck_assert_ptr_nonnull(resolver);
	return resolver;
}

/* Asks one question, and leaves its answer. */
static void ask(struct answer *answer, const struct dns *dns, const char *name,
    unsigned type, bool validates)
{
	struct resolver *resolver = open_resolver(dns, 10, validates);
	struct question question = {.context = answer};
	const struct question *answered;

	resolver_ask(resolver, &question, name, type);
	answered = resolver_next(resolver);
	ck_assert(answered == &question || answered == NULL);
	ck_assert_ptr_null(resolver_next(resolver));
	resolver_close(resolver);
	*answer = question.answer;
}

/*
 * What becomes of what the server says, and how many questions that takes at
 * least and at most: c-ares may ask again by itself.
 */
static const struct form {
	const char *zone;
	enum answer_status status;
	size_t least, most;
} forms[] = {
    {"x.test A 127.0.0.1", ANSWER_DATA, 1, 1},
    {"x.test AAAA ::1", ANSWER_NO_DATA, 1, 1},
    {"y.test A 127.0.0.1", ANSWER_NO_HOST, 1, 1},
    {"x.test A !nodata", ANSWER_NO_DATA, 1, 1},
    {"x.test A !nxdomain", ANSWER_NO_HOST, 1, 1},
    {"x.test A !servfail", ANSWER_FAILED, 1, 9},
    {"x.test A !refused", ANSWER_FAILED, 1, 9},
    {"x.test A !notimp", ANSWER_FAILED, 1, 9},
    {"x.test A !formerr", ANSWER_FAILED, 2, 3},
    {"x.test A !yxdomain", ANSWER_FAILED, 1, 1},
    {"x.test A !notauth", ANSWER_FAILED, 1, 1},
    {"x.test A !drop", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !drop=1", ANSWER_DATA, 2, 2},
    {"x.test A 127.0.0.1 !garbage-records", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !wrong-question", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !wrong-id", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !no-response", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !bad-count", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !pointer-loop", ANSWER_FAILED, 2, 9},
    {"x.test A hex:7f", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !truncate", ANSWER_DATA, 2, 2},
    {"x.test A 127.0.0.1 !truncate-always", ANSWER_FAILED, 2, 9},
    {"x.test A 127.0.0.1 !no-edns", ANSWER_DATA, 2, 2},
    {"x.test A 127.0.0.1 !no-response !edns-only", ANSWER_DATA, 2, 9},
    {"x.test A 127.0.0.1 !opt-first", ANSWER_DATA, 2, 9},
    {"x.test A 127.0.0.1 !formerr !edns-only", ANSWER_DATA, 2, 3},
    {"x.test A 127.0.0.1 !garbage-records !edns-only", ANSWER_DATA, 2, 9},
    /* An MX record in the answer, which c-ares might keep. */
    {"x.test A 127.0.0.1 !edns-only !raw="
     "000081800001000100000000017804746573740000010001c00c000f0001"
     "0000003c00050001017900",
	ANSWER_DATA, 2, 2},
};

START_TEST(outcome)
{
	const struct form *form = &forms[_i];
	struct dns *dns = dns_start(form->zone, NULL);
	struct answer answer;
	size_t queries;

	ask(&answer, dns, "x.test", TYPE_A, false);
	ck_assert_msg(
	    answer.status == form->status, "%s: %d", form->zone, answer.status);
	queries = dns_queries(dns, NULL, NULL);
	ck_assert_msg(queries >= form->least && queries <= form->most,
	    "%s: %zu", form->zone, queries);
	answer_free(&answer);
	dns_stop(dns);
}
END_TEST

static size_t count_without_edns(const struct dns *dns)
{
	size_t count = 0;

	for (size_t i = 0; i < dns_log_count(dns); i++)
		count += dns_log_event(dns, i)->kind == DNS_QUERY &&
			 dns_log_event(dns, i)->edns == DNS_NO_EDNS;
	return count;
}

/* Where EDNS is to blame it is left out once, and only then. */
START_TEST(without_edns)
{
	struct dns *dns = dns_start(
	    "x.test A 127.0.0.1 !no-response\ny.test A 127.0.0.1\n", NULL);
	struct answer answer;

	ask(&answer, dns, "x.test", TYPE_A, false);
	answer_free(&answer);
	ck_assert_uint_eq(dns_queries(dns, NULL, NULL), 2);
	ck_assert_uint_eq(count_without_edns(dns), 1);
	ask(&answer, dns, "y.test", TYPE_A, false);
	answer_free(&answer);
	ck_assert_uint_eq(dns_queries(dns, "y.test", NULL), 1);
	dns_stop(dns);
}
END_TEST

/*
 * Only servers that are believed are asked, also without EDNS.  To 0.0.0.0,
 * which is none of those, Linux brings what is for this machine.
 */
START_TEST(changed_servers)
{
	struct dns *dns =
	    dns_start("x.test A 127.0.0.1 !no-response !edns-only\n", NULL);
	struct resolver *resolver = open_resolver(dns, 10, true);
	struct question question = {.type = 0};
	char changed[sizeof "0.0.0.0:65535"];

	snprintf(changed, sizeof changed, "0.0.0.0%s",
	    strrchr(dns_address(dns), ':'));
	setenv("DNSCACHEIP", changed, 1);
	resolver_ask(resolver, &question, "x.test", TYPE_A);
	ck_assert_ptr_eq(resolver_next(resolver), &question);
	ck_assert_int_eq(question.answer.status, ANSWER_FAILED);
	ck_assert_ptr_null(resolver_next(resolver));
	ck_assert_uint_eq(count_without_edns(dns), 0);
	resolver_close(resolver);
	dns_stop(dns);
}
END_TEST

/* No answer is kept: what is asked twice is asked twice. */
START_TEST(not_kept)
{
	struct dns *dns = dns_start("x.test A 127.0.0.1\n", NULL);
	struct resolver *resolver = open_resolver(dns, 10, false);

	for (size_t i = 1; i <= 2; i++) {
		struct question question = {.type = 0};

		resolver_ask(resolver, &question, "x.test", TYPE_A);
		ck_assert_ptr_eq(resolver_next(resolver), &question);
		ck_assert_int_eq(question.answer.status, ANSWER_DATA);
		answer_free(&question.answer);
		ck_assert_uint_eq(dns_queries(dns, NULL, NULL), i);
	}
	resolver_close(resolver);
	dns_stop(dns);
}
END_TEST

/* AD is asked for and believed where it is wanted; DO never is set. */
static const struct trust {
	const char *zone;
	bool validates, authentic;
} trusts[] = {
    {"x.test A 127.0.0.1 !signed", true, true},
    {"x.test A 127.0.0.1 !signed", false, false},
    {"x.test A 127.0.0.1", true, false},
    {"x.test A !nodata !signed", true, true},
    {"x.test A !nxdomain !signed", true, true},
    {"x.test A 127.0.0.1 !signed !truncate", true, true},
    {"x.test A 127.0.0.1 !signed !drop=1", true, true},
    {"x.test A 127.0.0.1 !signed !no-edns", true, true},
    {"x.test A 127.0.0.1 !signed !garbage-records !edns-only", true, true},
    {"* * !signed\nx.test CNAME y.test\ny.test A 127.0.0.1", true, true},
    {"* * !signed\nx.test CNAME y.test\ny.test A 127.0.0.1 !unsigned", true,
	false},
    {"* * !signed\nx.test CNAME y.test !unsigned\nx.test A !unsigned\n"
     "y.test A 127.0.0.1",
	true, false},
};

START_TEST(authentic)
{
	const struct trust *trust = &trusts[_i];
	struct dns *dns = dns_start(trust->zone, NULL);
	struct answer answer;

	ask(&answer, dns, "x.test", TYPE_A, trust->validates);
	ck_assert_int_ne(answer.status, ANSWER_FAILED);
	ck_assert_int_eq(answer.authentic, trust->authentic);
	for (size_t i = 0; i < dns_log_count(dns); i++) {
		const struct dns_event *event = dns_log_event(dns, i);

		ck_assert_int_eq(event->ad, trust->validates);
		ck_assert(!event->dnssec_ok);
	}
	answer_free(&answer);
	dns_stop(dns);
}
END_TEST

/* Many at once; none is answered before all have been asked. */
START_TEST(at_once)
{
	enum { MANY = 60 };
	const struct dns_options options = {.hold = MANY};
	struct dns *dns = dns_start("* * !nodata\n", &options);
	struct resolver *resolver = open_resolver(dns, 20, false);
	struct question questions[MANY] = {{.type = 0}}, *answered;
	size_t count = 0;

	for (int i = 0; i < MANY; i++) {
		char name[20];

		snprintf(name, sizeof name, "x%d.test", i);
		resolver_ask(resolver, &questions[i], name, TYPE_A);
	}
	while ((answered = resolver_next(resolver)) != NULL) {
		ck_assert_int_eq(answered->answer.status, ANSWER_NO_DATA);
		answer_free(&answered->answer);
		count++;
	}
	ck_assert_uint_eq(count, MANY);
	ck_assert(dns_asked_at_once(dns));
	resolver_close(resolver);
	dns_stop(dns);
}
END_TEST

/* Whatever the server does, the time ends. */
START_TEST(time_ends)
{
	struct dns *dns =
	    dns_start("x.test A !drop\ny.test A 127.0.0.1\n", NULL);
	struct resolver *resolver = open_resolver(dns, 1, false);
	struct question silent = {0}, good = {0};
	int64_t start = unit_now();

	resolver_ask(resolver, &silent, "x.test", TYPE_A);
	resolver_ask(resolver, &good, "y.test", TYPE_A);
	ck_assert_ptr_eq(resolver_next(resolver), &good);
	answer_free(&good.answer);
	while (resolver_next(resolver) != NULL)
		continue;
	ck_assert_int_eq(silent.answer.status, ANSWER_FAILED);
	ck_assert_int_lt(unit_now() - start, 15000);
	resolver_close(resolver);
	dns_stop(dns);
}
END_TEST

/* What cannot be asked fails as if it had been. */
START_TEST(impossible)
{
	static const char *const names[] = {"a..b",
	    "a234567890123456789012345678901234567890123456789012345678"
	    "901234.x"};
	struct dns *dns = dns_start("", NULL);
	struct answer answer;

	ask(&answer, dns, names[_i], TYPE_A, false);
	ck_assert_int_eq(answer.status, ANSWER_FAILED);
	ck_assert_uint_eq(dns_queries(dns, NULL, NULL), 0);
	dns_stop(dns);
}
END_TEST

/* Who may say that answers are verified. */
static const struct place {
	const char *conf, *cacheip;
	const char *distrusted; /* NULL: none */
} places[] = {
    {"nameserver 127.0.0.53\n", NULL, NULL},
    {"nameserver ::1\n", NULL, NULL},
    {"nameserver 127.0.0.1\nnameserver ::1\n", "", NULL},
    {"nameserver 192.0.2.1\n", NULL, "192.0.2.1"},
    {"nameserver 127.0.0.1\nnameserver 192.0.2.1\n", NULL, "192.0.2.1"},
    {"nameserver 127.0.0.1\nnameserver 2001:db8::1\n", NULL, "2001:db8::1"},
    {"nameserver 192.0.2.1\noptions trust-ad\n", NULL, NULL},
    {"nameserver 192.0.2.1\noptions trust-ad\n", "192.0.2.2", "192.0.2.2"},
    {"nameserver 192.0.2.1\n", "127.0.0.1", NULL},
    {"nameserver 192.0.2.1\n", "[::1]:5353", NULL},
    {"nameserver 127.0.0.1\n", "192.0.2.1:53", "192.0.2.1"},
};

START_TEST(trusted)
{
	const struct place *place = &places[_i];
	struct resolver_options options = {
	    .deadline = deadline_in(0), .validates = true};
	struct resolver *resolver;
	struct failure failure;
	char path[HOME_PATH];
	struct home home;

	home_make(&home);
	home_write(&home, "resolv.conf", place->conf, strlen(place->conf));
	home_path(&home, "resolv.conf", path);
	setenv("QR_TEST_RESOLV_CONF", path, 1);
	setenv("DNSCACHEIP", place->cacheip != NULL ? place->cacheip : "", 1);
	resolver = resolver_open(&options, &failure);
	if (place->distrusted == NULL) {
		ck_assert_ptr_nonnull(resolver);
		resolver_close(resolver);
	} else {
		ck_assert_ptr_null(resolver);
		ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
		ck_assert_ptr_nonnull(strstr(failure.text, place->distrusted));
		ck_assert_ptr_nonnull(strstr(failure.text, path));
	}
	options.validates = false;
	resolver = resolver_open(&options, &failure);
	ck_assert_ptr_nonnull(resolver);
	resolver_close(resolver);
	home_remove(&home);
}
END_TEST

LOOPBACK_SUITE("resolver")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, outcome, 0, COUNT(forms));
	tcase_add_test(tcase, without_edns);
	tcase_add_test(tcase, changed_servers);
	tcase_add_test(tcase, not_kept);
	tcase_add_loop_test(tcase, authentic, 0, COUNT(trusts));
	tcase_add_test(tcase, at_once);
	tcase_add_test(tcase, time_ends);
	tcase_add_loop_test(tcase, impossible, 0, 2);
	tcase_add_loop_test(tcase, trusted, 0, COUNT(places));
}
