/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/evidence.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"
#include "xalloc.h"

enum {
	SECURE = 1 << 0,     /* the MX answer */
	RECORDS = 1 << 1,    /* usable TLSA records */
	UNUSABLE = 1 << 2,   /* only others */
	FAILED = 1 << 3,     /* no answer about them */
	ENFORCE = 1 << 4,    /* MTA-STS, naming the server */
	OTHERS = 1 << 5,     /* MTA-STS, naming another */
	TESTING = 1 << 6,    /* MTA-STS, naming another */
	SECRET = 1 << 7,     /* credentials */
	LOOPBACK = 1 << 8,   /* the server is on this machine */
	NO_ANCHORS = 1 << 9, /* no control/trustanchors */
	MATCH = 1 << 10,     /* match= */
	REQUIRETLS = 1 << 11,
	NO_DANE = 1 << 12,
	NO_STS = 1 << 13,
	IMPLICIT = 1 << 14,
	PORT_465 = 1 << 15 /* of a route */
};

/*
 * What comes out, as text: "clear", "try" or "tls", with "yields" and
 * "implicit", the checks, and who demands them; or the refusal's reason.
 */
static const struct form {
	enum policy_level level;
	unsigned facts;
	const char *demand;
} forms[] = {
    {POLICY_NONE, 0, "clear"},
    {POLICY_NONE, SECURE | RECORDS | ENFORCE, "clear"},
    {POLICY_NONE, FAILED | OTHERS, "clear"},
    {POLICY_NONE, SECRET, "forbids the TLS, demanded by routes line 7"},
    {POLICY_NONE, SECRET | LOOPBACK, "clear"},
    {POLICY_NONE, PORT_465, "forbids the TLS, demanded by routes line 7"},
    {POLICY_MAY, 0, "try"},
    {POLICY_MAY, NO_ANCHORS, "clear"},
    {POLICY_MAY, RECORDS | SECURE, "tls tlsa=TLSA"},
    {POLICY_MAY, RECORDS, "tls tlsa=TLSA"},
    {POLICY_MAY, RECORDS | SECURE | NO_ANCHORS, "tls tlsa=TLSA"},
    {POLICY_MAY, RECORDS | SECURE | NO_DANE, "try"},
    {POLICY_MAY, UNUSABLE | SECURE, "tls by TLSA"},
    {POLICY_MAY, UNUSABLE | NO_ANCHORS, "tls by TLSA"},
    {POLICY_MAY, FAILED, "looked up, demanded by TLSA"},
    {POLICY_MAY, FAILED | NO_DANE, "try"},
    {POLICY_MAY, ENFORCE, "tls sts=MTA-STS"},
    {POLICY_MAY, ENFORCE | NO_STS, "try"},
    {POLICY_MAY, OTHERS, "does not name it, demanded by MTA-STS"},
    {POLICY_MAY, OTHERS | NO_STS, "try"},
    {POLICY_MAY, TESTING, "try"},
    {POLICY_MAY, ENFORCE | RECORDS | SECURE, "tls tlsa=TLSA"},
    {POLICY_MAY, OTHERS | RECORDS | SECURE, "tls tlsa=TLSA"},
    {POLICY_MAY, ENFORCE | RECORDS, "tls tlsa=TLSA sts=MTA-STS"},
    {POLICY_MAY, ENFORCE | RECORDS | SECURE | NO_DANE, "tls sts=MTA-STS"},
    {POLICY_MAY, ENFORCE | UNUSABLE | SECURE, "tls by TLSA sts=MTA-STS"},
    {POLICY_MAY, ENFORCE | NO_ANCHORS, "trustanchors, demanded by MTA-STS"},
    {POLICY_MAY, SECRET, "tls verified=routes line 7"},
    {POLICY_MAY, SECRET | LOOPBACK, "try"},
    {POLICY_MAY, SECRET | NO_ANCHORS,
	"trustanchors, demanded by routes line 7"},
    {POLICY_MAY, SECRET | NO_ANCHORS | RECORDS,
	"tls verified=routes line 7 tlsa=TLSA"},
    {POLICY_MAY, PORT_465, "tls implicit by routes line 7"},
    {POLICY_MAY, PORT_465 | NO_ANCHORS, "tls implicit by routes line 7"},
    {POLICY_MAY, IMPLICIT, "tls implicit by policy line 3"},
    {POLICY_MAY, REQUIRETLS, "tls requiretls verified=policy line 3"},
    {POLICY_PREFER, 0, "tls yields"},
    {POLICY_PREFER, NO_ANCHORS, "clear"},
    {POLICY_PREFER, RECORDS, "tls tlsa=TLSA"},
    {POLICY_PREFER, UNUSABLE, "tls by TLSA"},
    {POLICY_PREFER, ENFORCE, "tls sts=MTA-STS"},
    {POLICY_PREFER, SECRET, "tls verified=routes line 7"},
    {POLICY_PREFER, PORT_465, "tls implicit by routes line 7"},
    {POLICY_ENCRYPT, 0, "tls by policy line 3"},
    {POLICY_ENCRYPT, NO_ANCHORS, "tls by policy line 3"},
    {POLICY_ENCRYPT, SECRET, "tls by policy line 3"},
    {POLICY_ENCRYPT, ENFORCE, "tls by policy line 3 sts=MTA-STS"},
    {POLICY_ENCRYPT, REQUIRETLS, "tls requiretls verified=policy line 3"},
    {POLICY_VERIFY, 0, "tls verified=policy line 3"},
    {POLICY_VERIFY, NO_ANCHORS, "trustanchors, demanded by policy line 3"},
    {POLICY_VERIFY, MATCH, "tls named=policy line 3"},
    {POLICY_VERIFY, RECORDS | NO_ANCHORS,
	"tls verified=policy line 3 tlsa=TLSA"},
    {POLICY_VERIFY, MATCH | RECORDS | NO_ANCHORS,
	"trustanchors, demanded by policy line 3"},
    {POLICY_SECURE, 0, "tls named=policy line 3"},
    {POLICY_SECURE, RECORDS | SECURE, "tls named=policy line 3 tlsa=TLSA"},
    {POLICY_FINGERPRINT, 0, "tls pinned=policy line 3"},
    {POLICY_FINGERPRINT, NO_ANCHORS | SECRET | REQUIRETLS,
	"tls requiretls pinned=policy line 3 verified=policy line 3"},
    {POLICY_DANE, 0, "try"},
    {POLICY_DANE, RECORDS | SECURE, "tls tlsa=TLSA"},
    {POLICY_DANE, FAILED, "looked up, demanded by TLSA"},
    {POLICY_DANE_ONLY, RECORDS | SECURE, "tls tlsa=policy line 3"},
    {POLICY_DANE_ONLY, RECORDS, "of use, demanded by policy line 3"},
    {POLICY_DANE_ONLY, SECURE, "of use, demanded by policy line 3"},
    {POLICY_DANE_ONLY, SECURE | UNUSABLE, "of use, demanded by policy line 3"},
};

static void describe(char *text, size_t size, const struct demand *demand)
{
	static const char *const tls[] = {"clear", "try", "tls"};
	static const char *const checks[] = {
	    "pinned", "verified", "named", "tlsa", "sts"};
	size_t length = (size_t)snprintf(text, size, "%s%s%s%s",
	    tls[demand->tls], demand->yields ? " yields" : "",
	    demand->implicit ? " implicit" : "",
	    demand->requiretls ? " requiretls" : "");
	bool told = demand->tls_origin == NULL;

	for (int i = 0; i < CHECKS; i++)
		told = told ||
		       (demand->checks[i] &&
			   strcmp(demand->origins[i], demand->tls_origin) == 0);
	if (!told)
		length += (size_t)snprintf(
		    text + length, size - length, " by %s", demand->tls_origin);
	for (int i = 0; i < CHECKS; i++)
		if (demand->checks[i])
			length += (size_t)snprintf(text + length, size - length,
			    " %s=%s", checks[i], demand->origins[i]);
}

static const char *const named[] = {"mx.a.test"}, *const others[] = {"x.test"};

/* The surroundings of one server. */
struct ground {
	struct settings settings;
	struct policy policy;
	struct credentials credentials;
	struct route route;
	struct sts_policy sts;
	struct exchanger exchanger;
	struct server server;
	struct terms terms;
};

static void lay_sts(struct ground *ground, unsigned facts)
{
	ground->sts.mode =
	    facts & TESTING ? STS_MODE_TESTING : STS_MODE_ENFORCE;
	ground->sts.mx = (char **)(facts & ENFORCE ? named : others);
	ground->sts.mx_count = 1;
	if (facts & (ENFORCE | OTHERS | TESTING))
		ground->terms.sts = &ground->sts;
}

static void lay(struct ground *ground, enum policy_level level, unsigned facts)
{
	static char *match = (char *)"match.test";

	*ground = (struct ground){
	    .settings = {.trustanchors =
			     (char *)(facts & NO_ANCHORS ? NULL : "/ca.pem")},
	    .policy = {.level = level,
		.matches = &match,
		.match_count = facts & MATCH ? 1 : 0,
		.requiretls = facts & REQUIRETLS,
		.no_dane = facts & NO_DANE,
		.no_sts = facts & NO_STS,
		.start =
		    facts & IMPLICIT ? POLICY_IMPLICIT : POLICY_START_BY_PORT,
		.file = "policy",
		.line = 3},
	    .credentials = {.file = "routes", .line = 7},
	    .route = {.kind = ROUTE_NAME, .file = "routes", .line = 7},
	    .exchanger = {.name = (char *)"mx.a.test",
		.secure = facts & SECURE,
		.tlsa = {.status = facts & RECORDS    ? TLSA_RECORDS
				   : facts & UNUSABLE ? TLSA_UNUSABLE
				   : facts & FAILED   ? TLSA_FAILED
						      : TLSA_NONE,
		    .base = (char *)"base.test"}},
	    .server = {.port = facts & PORT_465 ? 465 : 25},
	    .terms = {.next_hop = "a.test", .expanded = "end.test"}};
	ck_assert(ip_parse(
	    &ground->server.ip, facts & LOOPBACK ? "127.0.0.1" : "192.0.2.1"));
	if (facts & SECRET)
		ground->route.credentials = &ground->credentials;
	ground->server.exchanger = &ground->exchanger;
	ground->terms.settings = &ground->settings;
	ground->terms.policy = &ground->policy;
	ground->terms.route = &ground->route;
	lay_sts(ground, facts);
}

START_TEST(computed)
{
	const struct form *form = &forms[_i];
	struct ground ground;
	struct demand demand;
	struct failure failure;
	char text[256];

	lay(&ground, form->level, form->facts);
	if (demand_for(&demand, &ground.terms, &ground.server, &failure)) {
		describe(text, sizeof text, &demand);
		ck_assert_str_eq(text, form->demand);
		return;
	}
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert(failure.unmet);
	ck_assert_msg(strstr(failure.text, "mx.a.test is not used: ") &&
			  strstr(failure.text, "(#4.7.0)\n"),
	    "%s", failure.text);
	/* "reason, demanded by origin", of which the reason's middle is told */
	ck_assert_msg(strstr(failure.text, strstr(form->demand, ", demanded")),
	    "%s", failure.text);
	ck_assert_msg(strstr(failure.text,
			  xstrndup(form->demand, strcspn(form->demand, ","))),
	    "%s", failure.text);
}
END_TEST

/* Whatever is added to a demand only raises it. */
START_TEST(raised)
{
	static const unsigned raising[] = {
	    RECORDS, UNUSABLE, FAILED, ENFORCE, OTHERS, SECRET, REQUIRETLS};
	struct ground ground;
	struct demand low, high;
	struct failure failure;

	for (unsigned facts = 0; facts < 1u << 16; facts += 89) {
		for (int i = 0; i < COUNT(raising); i++) {
			lay(&ground, (enum policy_level)_i, facts);
			if (!demand_for(
				&low, &ground.terms, &ground.server, &failure))
				break;
			lay(&ground, (enum policy_level)_i, facts | raising[i]);
			if (!demand_for(
				&high, &ground.terms, &ground.server, &failure))
				continue;
			ck_assert_int_ge(high.tls, low.tls);
			ck_assert(low.yields || low.tls != DEMAND_TLS ||
				  !high.yields);
		}
	}
}
END_TEST

/* What a handshake shows, against each check alone. */
static const struct shown {
	struct handshake handshake;
	bool met[CHECKS];
	const char *summary;
} shown[] = {
    {{0}, {0}, "unverified (why)"},
    {{.chain_trusted = true,
	 .named = TLS_FOR_POLICY,
	 .named_by_san = TLS_FOR_POLICY},
	{[CHECK_VERIFIED] = true, [CHECK_NAMED] = true}, "verified mx.a.test"},
    {{.chain_trusted = true, .named = TLS_FOR_POLICY | TLS_FOR_STS},
	{[CHECK_VERIFIED] = true, [CHECK_NAMED] = true}, "verified mx.a.test"},
    {{.chain_trusted = true, .named = TLS_FOR_STS, .named_by_san = TLS_FOR_STS},
	{[CHECK_STS] = true}, "unverified (certificate is not for mx.a.test)"},
    {{.named = TLS_FOR_POLICY | TLS_FOR_STS,
	 .named_by_san = TLS_FOR_POLICY | TLS_FOR_STS},
	{0}, "unverified (why)"},
    {{.chain_trusted = true}, {0},
	"unverified (certificate is not for mx.a.test)"},
    {{.pinned = true}, {[CHECK_VERIFIED] = true, [CHECK_PINNED] = true},
	"verified mx.a.test, pin"},
    {{.tlsa = TLSA_MATCH_EE}, {[CHECK_VERIFIED] = true, [CHECK_TLSA] = true},
	"trusted mx.a.test, DANE-EE, MX not secure"},
    {{.tlsa = TLSA_MATCH_TA}, {0}, "unverified (why)"},
    {{.tlsa = TLSA_MATCH_TA, .named = TLS_FOR_POLICY}, {0}, "unverified (why)"},
    {{.tlsa = TLSA_MATCH_TA, .named = TLS_FOR_TLSA},
	{[CHECK_VERIFIED] = true, [CHECK_TLSA] = true},
	"trusted mx.a.test, DANE-TA, MX not secure"},
};

START_TEST(compared)
{
	struct handshake handshake = shown[_i].handshake;
	struct ground ground;
	struct reason reason;
	const char *origin;
	char *summary;

	reason_set(&handshake.reason, "why");
	reason_set(&handshake.tlsa_reason, "no record matches");
	snprintf(handshake.protocol, sizeof handshake.protocol, "TLS1.3");
	snprintf(handshake.cipher, sizeof handshake.cipher, "AES-256-GCM");
	for (int i = 0; i < CHECKS; i++) {
		struct demand demand = {.tls = DEMAND_TLS};
		bool met;

		demand.checks[i] = true;
		demand.origins[i] = "x";
		met = evidence_meets(
		    &demand, &handshake, "mx.a.test", &reason, &origin);
		ck_assert_int_eq(met, shown[_i].met[i]);
		ck_assert(met || strcmp(origin, "x") == 0);
		ck_assert(met || reason.english[0] != '\0');
	}
	lay(&ground, POLICY_MAY, 0);
	summary =
	    evidence_summary(&(struct demand){0}, &handshake, &ground.server);
	ck_assert_str_eq(
	    summary + strlen("TLS1.3, AES-256-GCM, "), shown[_i].summary);
}
END_TEST

static bool has_name(
    const struct demand *demand, const char *pattern, enum tls_use use)
{
	for (size_t i = 0; i < demand->name_count; i++)
		if (strcmp(demand->names[i].pattern, pattern) == 0 &&
		    (demand->names[i].uses & use))
			return true;
	return false;
}

static size_t count_names(const struct demand *demand, enum tls_use use)
{
	size_t count = 0;

	for (size_t i = 0; i < demand->name_count; i++)
		count += demand->names[i].uses & use ? 1 : 0;
	return count;
}

/* Whose name counts for what. */
START_TEST(names)
{
	struct ground ground;
	struct demand demand;
	struct failure failure;

	lay(&ground, POLICY_VERIFY, SECURE | RECORDS);
	ck_assert(demand_for(&demand, &ground.terms, &ground.server, &failure));
	ck_assert(has_name(&demand, "mx.a.test", TLS_FOR_POLICY));
	ck_assert(has_name(&demand, "mx.a.test", TLS_FOR_STS));
	ck_assert(has_name(&demand, "base.test", TLS_FOR_TLSA));
	ck_assert(has_name(&demand, "a.test", TLS_FOR_TLSA));
	ck_assert(has_name(&demand, "end.test", TLS_FOR_TLSA));
	ck_assert_uint_eq(count_names(&demand, TLS_FOR_POLICY), 1);
	ck_assert_uint_eq(count_names(&demand, TLS_FOR_TLSA), 3);

	lay(&ground, POLICY_SECURE, RECORDS);
	ck_assert(demand_for(&demand, &ground.terms, &ground.server, &failure));
	ck_assert(has_name(&demand, "a.test", TLS_FOR_POLICY));
	ck_assert(has_name(&demand, ".a.test", TLS_FOR_POLICY));
	ck_assert_uint_eq(count_names(&demand, TLS_FOR_POLICY), 2);
	ck_assert_uint_eq(count_names(&demand, TLS_FOR_TLSA), 1);

	for (int level = POLICY_VERIFY; level <= POLICY_SECURE; level++) {
		lay(&ground, (enum policy_level)level, MATCH);
		ck_assert(demand_for(
		    &demand, &ground.terms, &ground.server, &failure));
		ck_assert(has_name(&demand, "match.test", TLS_FOR_POLICY));
		ck_assert_uint_eq(count_names(&demand, TLS_FOR_POLICY), 1);
	}
}
END_TEST

SUITE("demand")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, computed, 0, COUNT(forms));
	tcase_add_loop_test(tcase, raised, POLICY_NONE, POLICY_DANE_ONLY + 1);
	tcase_add_loop_test(tcase, compared, 0, COUNT(shown));
	tcase_add_test(tcase, names);
}
