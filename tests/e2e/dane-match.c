/* SPDX-License-Identifier: ISC */
/* Which certificates match which TLSA records (RFC 7672 section 3). */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "dane-bench.h"
#include "suite.h"

#define EE ", verified mx.a.test, DANE-EE\n"
#define TA ", verified mx.a.test, DANE-TA\n"
#define NO_MATCH "no TLSA record matches a certificate of mx.a.test"
#define ORIGIN "demanded by TLSA. (#4.7.0)\n"

enum { USAGES = 2, SELECTORS = 2, MATCHINGS = 3, RIGHT_AND_WRONG = 2 };

/* Each usage that is usable, with each selector and matching type. */
START_TEST(numbers)
{
	int usage = 2 + _i % USAGES;
	int selector = _i / USAGES % SELECTORS;
	int matching = _i / (USAGES * SELECTORS) % MATCHINGS;
	bool wrong = _i / (USAGES * SELECTORS * MATCHINGS) > 0;
	char record[16];
	struct dane_row row = {.shows = "lc",
	    .records = {record},
	    .verdict = wrong ? 'Z' : 'K',
	    .text = wrong	 ? ORIGIN
		    : usage == 3 ? EE
				 : TA};

	snprintf(record, sizeof record, "%c%d%d%d%s", usage == 3 ? 'l' : 'c',
	    usage, selector, matching, wrong ? "x" : "");
	dane_bench_play(&row);
}
END_TEST

static const struct dane_row rows[] = {
    /* Usage 3 asks for nothing but the certificate, or its key. */
    {.identity = TLS_EXPIRED, .records = {"l311"}, .verdict = 'K', .text = EE},
    {.identity = TLS_NOT_YET, .records = {"l301"}, .verdict = 'K', .text = EE},
    {.identity = TLS_WRONG_NAME,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.identity = TLS_SELF_SIGNED,
	.records = {"l301"},
	.verdict = 'K',
	.text = EE},
    {.identity = TLS_UNKNOWN_CA,
	.records = {"l312"},
	.verdict = 'K',
	.text = EE},
    {.identity = TLS_CLIENT_ONLY,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    /* It is about the server's own, not about its authority's. */
    {.shows = "lc", .records = {"c301"}, .verdict = 'Z', .text = NO_MATCH},

    /* Usage 2 asks for dates, purpose and name. */
    {.shows = "lc",
	.identity = TLS_EXPIRED,
	.records = {"c201"},
	.verdict = 'Z',
	.text = "certificate of mx.a.test expired on 20"},
    {.shows = "lc",
	.identity = TLS_NOT_YET,
	.records = {"c211"},
	.verdict = 'Z',
	.text = "certificate of mx.a.test is not valid before 20"},
    {.shows = "lc",
	.identity = TLS_WRONG_NAME,
	.records = {"c201"},
	.verdict = 'Z',
	.text = "is not for mx.a.test but for mx.b.test, " ORIGIN},
    {.shows = "lc",
	.identity = TLS_CLIENT_ONLY,
	.records = {"c201"},
	.verdict = 'Z',
	.text = "certificate of mx.a.test is not for a server"},
    /* Its certificates: shown, or in the record. */
    {.shows = "lic",
	.identity = TLS_INTERMEDIATE,
	.records = {"c201"},
	.verdict = 'K',
	.text = TA},
    {.shows = "li",
	.identity = TLS_INTERMEDIATE,
	.records = {"i211"},
	.verdict = 'K',
	.text = TA},
    {.shows = "lci",
	.identity = TLS_INTERMEDIATE,
	.records = {"c201"},
	.verdict = 'K',
	.text = TA},
    {.shows = "l",
	.identity = TLS_INTERMEDIATE,
	.records = {"c201"},
	.verdict = 'Z',
	.text = NO_MATCH},
    {.records = {"c200"}, .verdict = 'K', .text = TA},
    {.records = {"c201"}, .verdict = 'Z', .text = NO_MATCH},
    {.records = {"c210"}, .verdict = 'Z', .text = NO_MATCH},
    {.shows = "lc", .records = {"c210"}, .verdict = 'K', .text = TA},
    {.shows = "ls",
	.identity = TLS_UNKNOWN_CA,
	.records = {"s201"},
	.verdict = 'K',
	.text = TA},

    /* A certificate that matches has to have signed. */
    {.shows = "lsc",
	.identity = TLS_UNKNOWN_CA,
	.records = {"c201"},
	.verdict = 'Z',
	.text = ORIGIN},
    {.shows = "lcs",
	.identity = TLS_UNKNOWN_CA,
	.records = {"c201"},
	.verdict = 'Z',
	.text = ORIGIN},
    {.shows = "lcsc",
	.identity = TLS_UNKNOWN_CA,
	.records = {"c211"},
	.verdict = 'Z',
	.text = ORIGIN},
    {.shows = "lsc",
	.identity = TLS_UNKNOWN_CA,
	.records = {"c200"},
	.anchors = true,
	.verdict = 'Z',
	.text = ORIGIN},
    {.shows = "lc",
	.identity = TLS_SELF_SIGNED,
	.records = {"c202"},
	.verdict = 'Z',
	.text = ORIGIN},
    {.shows = "lc",
	.identity = TLS_NAMESAKE_CA,
	.records = {"c201"},
	.verdict = 'Z',
	.text = ORIGIN},
    /* The server's own certificate is no anchor, wherever it stands. */
    {.identity = TLS_SELF_SIGNED,
	.records = {"l201"},
	.verdict = 'Z',
	.text = ORIGIN},
    {.shows = "ll",
	.identity = TLS_SELF_SIGNED,
	.records = {"l211"},
	.verdict = 'Z',
	.text = ORIGIN},
    {.shows = "llc", .records = {"l201"}, .verdict = 'Z', .text = ORIGIN},

    /* Of several records one will do. */
    {.records = {"c201", "l311"}, .verdict = 'K', .text = EE},
    {.records = {"s311", "l311x", "l311"}, .verdict = 'K', .text = EE},
    {.shows = "lc", .records = {"l311x", "c211"}, .verdict = 'K', .text = TA},
    /* The roll-over to another key: both are there for a while. */
    {.records = {"l311", "s311"}, .verdict = 'K', .text = EE},
    {.records = {"s311", "l301"}, .verdict = 'K', .text = EE},
    {.records = {"s311"}, .verdict = 'Z', .text = NO_MATCH},

    /* Agility: of digests of the same usage and selector the best counts. */
    {.records = {"l311", "l312x"}, .verdict = 'Z', .text = NO_MATCH},
    {.records = {"l311x", "l312"}, .verdict = 'K', .text = EE},
    {.records = {"l311", "l302x"}, .verdict = 'K', .text = EE},
    {.records = {"l310", "l312x"}, .verdict = 'K', .text = EE},
    {.shows = "lc", .records = {"c211", "l312x"}, .verdict = 'K', .text = TA},

    /* Those that are not usable say that there is TLS, and nothing else. */
    {.records = {"l111"}, .verdict = 'K', .text = ", unverified ("},
    {.records = {"c001"}, .verdict = 'K', .text = ", unverified ("},
    {.records = {"l321"}, .verdict = 'K', .text = ", unverified ("},
    {.records = {"l313"}, .verdict = 'K', .text = ", unverified ("},
    {.records = {"l111", "l311x"}, .verdict = 'Z', .text = NO_MATCH},
    {.records = {"l111", "l311"}, .verdict = 'K', .text = EE},
    {.records = {"l111"},
	.capabilities = "PIPELINING",
	.verdict = 'Z',
	.text = "mx.a.test does not offer STARTTLS, " ORIGIN},
    {.records = {"l111"},
	.anchors = true,
	.verdict = 'K',
	.text = ", verified mx.a.test\n"},

    /* Whatever else fails, it never goes in clear. */
    {.records = {"l311"},
	.capabilities = "PIPELINING",
	.verdict = 'Z',
	.text = "mx.a.test does not offer STARTTLS, " ORIGIN},
    {.records = {"l311"},
	.override = {.at = PEER_STARTTLS, .bytes = "454 4.7.0 not now\r\n"},
	.verdict = 'Z',
	.text = "TLS with mx.a.test is demanded by TLSA.\nRemote host said: 4"},
    {.records = {"l311"},
	.override = {.at = PEER_HANDSHAKE, .action = PEER_DROP},
	.verdict = 'Z',
	.text = ORIGIN},
    {.records = {"l311"},
	.override = {.at = PEER_EHLO_TLS, .action = PEER_DROP},
	.verdict = 'Z',
	.text = ORIGIN},
    {.records = {"l311"},
	.override = {.at = PEER_EHLO, .bytes = "502 what?\r\n"},
	.verdict = 'Z',
	.text = ORIGIN},
};

START_TEST(matrix)
{
	dane_bench_play(&rows[_i]);
}
END_TEST

/* Answers that need TCP, and of whose records the last one matches; of the
   shortest there is hardly room for more. */
START_TEST(many)
{
	static const struct {
		int others;
		const char *form;
	} answers[] = {{199, "3 1 1 %064x"}, {4000, "3 1 0 %02x"}};
	size_t size;
	char *zone;
	FILE *stream = open_memstream(&zone, &size);

	fputs(TLS_ZONE DANE_SIGNED, stream);
	for (int i = 0; i < answers[_i].others; i++) {
		fputs(DANE_TLSA TLS_HOST " TLSA ", stream);
		fprintf(stream, answers[_i].form, i % 256);
		fputs("\n", stream);
	}
	fclose(stream);
	dane_bench_play(&(struct dane_row){
	    .zone = zone, .records = {"l311"}, .verdict = 'K', .text = EE});
	free(zone);
}
END_TEST

LOOPBACK_SUITE("dane-match")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, numbers, 0,
	    USAGES * SELECTORS * MATCHINGS * RIGHT_AND_WRONG);
	tcase_add_loop_test(tcase, matrix, 0, (int)COUNT(rows));
	tcase_add_loop_test(tcase, many, 0, 2);
}
