/* SPDX-License-Identifier: ISC */
/* What the DNS is asked about a next hop, and what comes of it. */
#include "config.h"

#include "servers/inquiry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "dns.h"
#include "suite.h"
#include "unit.h"

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define EE(port, name) "_" #port "._tcp." name " TLSA 3 1 1 " HASH "\n"
#define SIGNED "* * !signed\n"
#define MX "a.test MX 10 mx.a.test\n"
#define HOST "mx.a.test A 127.0.0.2\n"
#define ALIAS "mx.a.test CNAME d.test\nd.test A 127.0.0.2\n"
/* A name of 250 octets: no name below it can have two more labels. */
#define LABEL "a23456789012345678901234567890123456789012345678901234567890."
#define LONG LABEL LABEL LABEL LABEL "test"

static struct resolver *open_resolver(
    const struct dns *dns, unsigned long timeout, bool validates)
{
	struct resolver_options options = {.timeout = timeout,
	    .deadline = deadline_in(0),
	    .validates = validates};
	struct failure failure;
	struct resolver *resolver;

	setenv("DNSCACHEIP", dns_address(dns), 1);
	resolver = resolver_open(&options, &failure);
	ck_assert_ptr_nonnull(resolver);
	return resolver;
}

static void show_tlsa(char *text, size_t size, const struct tlsa *tlsa)
{
	static const char *const names[] = {[TLSA_NONE] = "none",
	    [TLSA_UNUSABLE] = "unusable",
	    [TLSA_RECORDS] = "records",
	    [TLSA_FAILED] = "failed"};

	snprintf(text, size, "%s", names[tlsa->status]);
	if (tlsa->status == TLSA_RECORDS || tlsa->status == TLSA_UNUSABLE)
		snprintf(text + strlen(text), size - strlen(text),
		    "(%zu at %s)", tlsa->count, tlsa->base);
}

/* "PREFERENCE NAME[>EXPANDED] [secure ]ADDRESSES TLSA;" */
static const char *show(const struct servers *servers)
{
	static char text[8000];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < servers->exchangers.count; i++) {
		const struct exchanger *exchanger =
		    &servers->exchangers.list[i];
		char tlsa[600];

		show_tlsa(tlsa, sizeof tlsa, &exchanger->tlsa);
		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%u %s%s%s %s%zu %s;", exchanger->preference,
		    exchanger->name, exchanger->expanded ? ">" : "",
		    exchanger->expanded ? exchanger->expanded : "",
		    exchanger->secure ? "secure " : "",
		    exchanger->address_count, tlsa);
	}
	return text;
}

static enum inquiry_result make(struct servers *servers, const struct dns *dns,
    const struct inquiry *inquiry, unsigned long timeout)
{
	struct resolver *resolver = open_resolver(dns, timeout, inquiry->dane);
	enum inquiry_result result;

	*servers = (struct servers){0};
	result = inquiry_make(servers, resolver, inquiry);
	resolver_close(resolver);
	return result;
}

/* Where TLSA records are looked for, and what they come to. */
static const struct form {
	const char *zone, *shown;
	size_t tlsa, cname; /* questions of these types */
	const char *relay;  /* with port 587; NULL: a.test by MX */
} forms[] = {
    {SIGNED MX HOST EE(25, "mx.a.test"),
	"10 mx.a.test secure 1 records(1 at mx.a.test);", 1, 0, NULL},
    {SIGNED MX HOST EE(25, "mx.a.test") EE(25, "mx.a.test"),
	"10 mx.a.test secure 1 records(2 at mx.a.test);", 1, 0, NULL},
    {SIGNED "a.test A 127.0.0.2\n" EE(25, "a.test"),
	"0 a.test secure 1 records(1 at a.test);", 1, 0, NULL},
    {SIGNED MX HOST, "10 mx.a.test secure 1 none;", 1, 0, NULL},
    {SIGNED MX HOST "_25._tcp.mx.a.test TLSA 1 1 1 " HASH "\n",
	"10 mx.a.test secure 1 unusable(0 at mx.a.test);", 1, 0, NULL},
    /* Not secure: the address, the exchanger, the records. */
    {MX HOST EE(25, "mx.a.test"), "10 mx.a.test 1 none;", 0, 0, NULL},
    {SIGNED MX HOST "mx.a.test * !unsigned\n" EE(25, "mx.a.test"),
	"10 mx.a.test secure 1 none;", 0, 0, NULL},
    {SIGNED MX HOST "a.test MX !unsigned\n" EE(25, "mx.a.test"),
	"10 mx.a.test 1 records(1 at mx.a.test);", 1, 0, NULL},
    {SIGNED MX HOST EE(25, "mx.a.test") "_25._tcp.mx.a.test * !unsigned\n",
	"10 mx.a.test secure 1 none;", 1, 0, NULL},
    /* Only answers with data count for an address. */
    {SIGNED MX HOST "mx.a.test A !unsigned\n" EE(25, "mx.a.test"),
	"10 mx.a.test secure 1 none;", 0, 0, NULL},
    {SIGNED MX HOST "mx.a.test AAAA !unsigned\n" EE(25, "mx.a.test"),
	"10 mx.a.test secure 1 records(1 at mx.a.test);", 1, 0, NULL},
    {SIGNED MX HOST "mx.a.test AAAA !servfail\n" EE(25, "mx.a.test"),
	"10 mx.a.test secure 1 records(1 at mx.a.test);", 1, 0, NULL},
    {SIGNED MX EE(25, "mx.a.test"), "10 mx.a.test secure 0 none;", 0, 0, NULL},
    /* Aliases. */
    {SIGNED MX ALIAS EE(25, "d.test") EE(25, "mx.a.test"),
	"10 mx.a.test>d.test secure 1 records(1 at d.test);", 1, 0, NULL},
    {SIGNED MX ALIAS EE(25, "mx.a.test"),
	"10 mx.a.test>d.test secure 1 records(1 at mx.a.test);", 2, 0, NULL},
    {SIGNED MX ALIAS, "10 mx.a.test>d.test secure 1 none;", 2, 0, NULL},
    {SIGNED MX ALIAS EE(25, "d.test")
	    EE(25, "mx.a.test") "_25._tcp.d.test * !unsigned\n",
	"10 mx.a.test>d.test secure 1 records(1 at mx.a.test);", 2, 0, NULL},
    {SIGNED MX ALIAS EE(25, "mx.a.test") "_25._tcp.d.test * !servfail\n",
	"10 mx.a.test>d.test secure 1 failed;", 1, 0, NULL},
    {SIGNED MX ALIAS "_25._tcp.d.test TLSA 0 0 0 00\n" EE(25, "mx.a.test"),
	"10 mx.a.test>d.test secure 1 unusable(0 at d.test);", 1, 0, NULL},
    {SIGNED MX "mx.a.test CNAME c.test\nc.test CNAME d.test\n"
	       "d.test A 127.0.0.2\n" EE(25, "d.test"),
	"10 mx.a.test>d.test secure 1 records(1 at d.test);", 1, 0, NULL},
    /* An alias to what is not signed. */
    {SIGNED MX ALIAS "d.test * !unsigned\n" EE(25, "d.test")
	    EE(25, "mx.a.test"),
	"10 mx.a.test>d.test secure 1 records(1 at mx.a.test);", 1, 1, NULL},
    {SIGNED MX ALIAS "d.test * !unsigned\nmx.a.test CNAME !unsigned\n" EE(
	 25, "d.test") EE(25, "mx.a.test"),
	"10 mx.a.test>d.test secure 1 none;", 0, 1, NULL},
    {SIGNED MX ALIAS
	"d.test * !unsigned\nmx.a.test CNAME !servfail\n" EE(25, "mx.a.test"),
	"10 mx.a.test>d.test secure 1 failed;", 0, 1, NULL},
    {SIGNED MX ALIAS "d.test * !unsigned\n",
	"10 mx.a.test>d.test secure 1 none;", 1, 1, NULL},
    /* Routes. */
    {SIGNED "r.test A 127.0.0.2\nr.test MX 1 mx.a.test\n" EE(587, "r.test"),
	"0 r.test secure 1 records(1 at r.test);", 1, 0, "r.test"},
    {SIGNED "r.test A 127.0.0.2\n" EE(25, "r.test"), "0 r.test secure 1 none;",
	1, 0, "r.test"},
    {"r.test A 127.0.0.2\n" EE(587, "r.test"), "0 r.test secure 1 none;", 0, 0,
	"r.test"},
    /* No name can be so long. */
    {SIGNED LONG " A 127.0.0.2\n", "0 " LONG " secure 1 none;", 0, 0, LONG},
    /* One exchanger's trouble is not the other's. */
    {SIGNED MX HOST "a.test MX 20 mx2.a.test\nmx2.a.test A 127.0.0.3\n"
		    "_25._tcp.mx.a.test TLSA !servfail\n" EE(25, "mx2.a.test"),
	"10 mx.a.test secure 1 failed;"
	"20 mx2.a.test secure 1 records(1 at mx2.a.test);",
	2, 0, NULL},
};

/* Questions that the zone answers at once are asked once. */
static size_t asked(const struct dns *dns, const char *type)
{
	size_t count = 0;

	for (size_t i = 0; i < dns_log_count(dns); i++) {
		const struct dns_event *event = dns_log_event(dns, i);
		bool again = false;

		if (event->kind != DNS_QUERY || strcmp(event->type, type) != 0)
			continue;
		for (size_t j = 0; j < i; j++)
			again |=
			    dns_log_event(dns, j)->kind == DNS_QUERY &&
			    strcmp(dns_log_event(dns, j)->type, type) == 0 &&
			    strcmp(dns_log_event(dns, j)->name, event->name) ==
				0;
		count += !again;
	}
	return count;
}

START_TEST(dane)
{
	const struct form *form = &forms[_i];
	const char *next_hop = form->relay != NULL ? form->relay : "a.test";
	struct inquiry inquiry = {.next_hop = next_hop,
	    .relay = form->relay != NULL,
	    .port = form->relay != NULL ? 587 : 25,
	    .use_v4 = true,
	    .use_v6 = true,
	    .dane = true};
	struct dns *dns = dns_start(form->zone, NULL);
	struct servers servers;

	ck_assert_int_eq(make(&servers, dns, &inquiry, 20), INQUIRY_DONE);
	ck_assert_msg(strcmp(show(&servers), form->shown) == 0, "%s\n%s",
	    form->zone, show(&servers));
	ck_assert_msg(asked(dns, "TLSA") == form->tlsa, "%s", form->zone);
	ck_assert_msg(asked(dns, "CNAME") == form->cname, "%s", form->zone);
	dns_stop(dns);

	/* Where it is not wanted nothing of it is asked or said. */
	inquiry.dane = false;
	dns = dns_start(form->zone, NULL);
	ck_assert_int_eq(make(&servers, dns, &inquiry, 20), INQUIRY_DONE);
	for (size_t i = 0; i < servers.exchangers.count; i++)
		ck_assert_int_eq(
		    servers.exchangers.list[i].tlsa.status, TLSA_NONE);
	ck_assert_uint_eq(asked(dns, "TLSA") + asked(dns, "CNAME"), 0);
	for (size_t i = 0; i < dns_log_count(dns); i++)
		ck_assert(!dns_log_event(dns, i)->ad);
	dns_stop(dns);
}
END_TEST

/* No answer to a TLSA question reads as "none". */
static const char *const troubles[] = {
    "!servfail",
    "!refused",
    "!notimp",
    "!formerr",
    "!yxdomain",
    "!drop",
    "!garbage",
    "!garbage-records",
    "!wrong-id",
    "!wrong-question",
    "!short",
    "!bad-count",
    "!pointer-loop",
    "!no-response",
    "!truncate-always",
    "!truncate !tcp-close",
    "hex:030101",
    "hex:",
};

START_TEST(tlsa_trouble)
{
	struct inquiry inquiry = {.next_hop = "a.test",
	    .port = 25,
	    .use_v4 = true,
	    .use_v6 = true,
	    .dane = true};
	struct servers servers;
	struct dns *dns;
	char zone[1000];

	/* Milliseconds for c-ares 1.18, seconds for 1.34. */
	setenv("RES_OPTIONS", "retrans:100 retry:2 timeout:1 attempts:2", 1);
	snprintf(zone, sizeof zone,
	    SIGNED MX HOST EE(25, "mx.a.test") "_25._tcp.mx.a.test TLSA %s\n",
	    troubles[_i]);
	dns = dns_start(zone, NULL);
	ck_assert_int_eq(make(&servers, dns, &inquiry, 2), INQUIRY_DONE);
	ck_assert_str_eq(show(&servers), "10 mx.a.test secure 1 failed;");
	ck_assert(!servers.exchangers.incomplete);
	dns_stop(dns);
}
END_TEST

/* Each TLSA question goes out as soon as its own addresses are in. */
START_TEST(tlsa_waits_for_its_own)
{
	struct inquiry inquiry = {.next_hop = "a.test",
	    .port = 25,
	    .use_v4 = true,
	    .use_v6 = true,
	    .dane = true};
	struct dns *dns = dns_start(
	    SIGNED MX HOST EE(25, "mx.a.test")
		EE(25, "mx2.a.test") "a.test MX 20 mx2.a.test\nmx2.a.test A "
				     "127.0.0.3\n"
				     "mx2.a.test AAAA !drop\n",
	    NULL);
	struct servers servers;

	setenv("RES_OPTIONS", "retrans:20000 timeout:20", 1);
	ck_assert_int_eq(make(&servers, dns, &inquiry, 2), INQUIRY_DONE);
	ck_assert_str_eq(show(&servers),
	    "10 mx.a.test secure 1 records(1 at mx.a.test);"
	    "20 mx2.a.test secure 1 failed;");
	ck_assert(servers.exchangers.incomplete);
	ck_assert_uint_eq(asked(dns, "TLSA"), 1);
	dns_stop(dns);
}
END_TEST

/* When the first question of that type came, as the count of those before. */
static size_t place(const struct dns *dns, const char *type, size_t which)
{
	size_t i = 0;

	for (; i < dns_log_count(dns); i++) {
		const struct dns_event *event = dns_log_event(dns, i);

		if (event->kind == DNS_QUERY &&
		    strcmp(event->type, type) == 0 && which-- == 0)
			break;
	}
	return i;
}

/*
 * The TXT record of MTA-STS costs no round trip: it has been asked for when MX,
 * to which the first answer gets lost, is asked for again.
 */
START_TEST(text_with_mx)
{
	struct inquiry inquiry = {.next_hop = "a.test",
	    .port = 25,
	    .use_v4 = true,
	    .use_v6 = true,
	    .sts = true};
	struct dns *dns =
	    dns_start(MX HOST "a.test MX !drop=1\n"
			      "_mta-sts.a.test TXT text:v=STSv1;\\032id=1;\n"
			      "_mta-sts.a.test TXT text:a text:b\n",
		NULL);
	struct servers servers;

	setenv("RES_OPTIONS", "retrans:300 timeout:1", 1);
	ck_assert_int_eq(make(&servers, dns, &inquiry, 20), INQUIRY_DONE);
	ck_assert_uint_lt(place(dns, "TXT", 0), place(dns, "MX", 1));
	ck_assert_uint_eq(dns_queries(dns, NULL, "TXT"), 1);
	ck_assert_int_eq(servers.sts.status, ANSWER_DATA);
	ck_assert_uint_eq(servers.sts.count, 2);
	ck_assert_str_eq(servers.sts.list[0].bytes, "v=STSv1; id=1;");
	ck_assert_uint_eq(servers.sts.list[1].size, 2);
	ck_assert_str_eq(servers.sts.list[1].bytes, "ab");
	dns_stop(dns);
}
END_TEST

/* With a route the policy domain is the relay; addresses do not wait for TXT.
 */
START_TEST(text_of_relay)
{
	struct inquiry inquiry = {.next_hop = "r.test",
	    .relay = true,
	    .port = 25,
	    .use_v4 = true,
	    .use_v6 = true,
	    .sts = true};
	struct dns *dns = dns_start(
	    "r.test A 127.0.0.2\n_mta-sts.r.test TXT !servfail\n", NULL);
	struct servers servers;

	ck_assert_int_eq(make(&servers, dns, &inquiry, 20), INQUIRY_DONE);
	ck_assert_str_eq(show(&servers), "0 r.test secure 1 none;");
	ck_assert_int_eq(servers.sts.status, ANSWER_FAILED);
	ck_assert(!servers.exchangers.incomplete);
	ck_assert_uint_ge(dns_queries(dns, "_mta-sts.r.test", "TXT"), 1);
	ck_assert_uint_eq(dns_queries(dns, NULL, "MX"), 0);
	dns_stop(dns);
}
END_TEST

/* A record that never comes does not hold back what is known. */
START_TEST(text_that_never_comes)
{
	struct inquiry inquiry = {.next_hop = "a.test",
	    .port = 25,
	    .use_v4 = true,
	    .use_v6 = true,
	    .sts = true,
	    .sts_patience = 1};
	struct dns *dns =
	    dns_start(MX HOST "_mta-sts.a.test TXT !drop\n", NULL);
	struct servers servers;
	int64_t start = unit_now();

	setenv("RES_OPTIONS", "retrans:50000 timeout:50 attempts:2", 1);
	ck_assert_int_eq(make(&servers, dns, &inquiry, 0), INQUIRY_DONE);
	ck_assert_int_lt(unit_now() - start, 40000);
	ck_assert_int_eq(servers.sts.status, ANSWER_FAILED);
	ck_assert_uint_eq(servers.exchangers.count, 1);
	dns_stop(dns);
}
END_TEST

/* What the MX answer says of the domain. */
static const struct domain {
	const char *zone;
	enum inquiry_result result;
	const char *expanded; /* NULL: none */
	bool secure;
} domains[] = {
    {MX HOST, INQUIRY_DONE, NULL, false},
    {SIGNED MX HOST, INQUIRY_DONE, NULL, true},
    {SIGNED "a.test CNAME b.test\nb.test MX 10 mx.a.test\n" HOST, INQUIRY_DONE,
	"b.test", true},
    {SIGNED "b.test * !unsigned\na.test CNAME b.test\nb.test A 127.0.0.2\n",
	INQUIRY_DONE, "b.test", false},
    {SIGNED "a.test A 127.0.0.2\n", INQUIRY_DONE, NULL, true},
    {"", INQUIRY_NO_HOST, NULL, false},
    {"a.test MX 0 .\n", INQUIRY_NULL_MX, NULL, false},
    {"a.test MX 0 localhost\n", INQUIRY_NULL_MX, NULL, false},
    {"a.test * !servfail\n", INQUIRY_FAILED, NULL, false},
};

START_TEST(domain)
{
	const struct domain *form = &domains[_i];
	struct inquiry inquiry = {.next_hop = "a.test",
	    .port = 25,
	    .use_v4 = true,
	    .use_v6 = true,
	    .dane = true,
	    .sts = true};
	struct dns *dns = dns_start(form->zone, NULL);
	struct servers servers;

	ck_assert_int_eq(make(&servers, dns, &inquiry, 20), form->result);
	ck_assert_int_eq(servers.mx_secure, form->secure);
	if (form->expanded == NULL)
		ck_assert_ptr_null(servers.expanded);
	else
		ck_assert_str_eq(servers.expanded, form->expanded);
	dns_stop(dns);
}
END_TEST

/* A family that is not used is not asked for. */
START_TEST(families)
{
	struct inquiry inquiry = {.next_hop = "a.test",
	    .port = 25,
	    .use_v4 = _i & 1,
	    .use_v6 = _i & 2,
	    .dane = true};
	struct dns *dns = dns_start(
	    SIGNED MX HOST "mx.a.test AAAA ::1\n" EE(25, "mx.a.test"), NULL);
	struct servers servers;

	ck_assert_int_eq(make(&servers, dns, &inquiry, 20), INQUIRY_DONE);
	ck_assert_uint_eq(dns_queries(dns, NULL, "A"), inquiry.use_v4);
	ck_assert_uint_eq(dns_queries(dns, NULL, "AAAA"), inquiry.use_v6);
	ck_assert_uint_eq(servers.exchangers.list[0].address_count,
	    (size_t)inquiry.use_v4 + inquiry.use_v6);
	ck_assert_int_eq(servers.exchangers.list[0].tlsa.status, TLSA_RECORDS);
	dns_stop(dns);
}
END_TEST

LOOPBACK_SUITE("inquiry")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, dane, 0, COUNT(forms));
	tcase_add_loop_test(tcase, tlsa_trouble, 0, COUNT(troubles));
	tcase_add_test(tcase, tlsa_waits_for_its_own);
	tcase_add_test(tcase, text_with_mx);
	tcase_add_test(tcase, text_of_relay);
	tcase_add_test(tcase, text_that_never_comes);
	tcase_add_loop_test(tcase, domain, 0, COUNT(domains));
	tcase_add_loop_test(tcase, families, 1, 4);
}
