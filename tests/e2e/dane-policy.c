/* SPDX-License-Identifier: ISC */
/* DANE beside all else that is demanded, and beside other exchangers. */
#include "config.h"

#include <check.h>

#include "dane-bench.h"
#include "suite.h"

#define EE ", verified mx.a.test, DANE-EE\n"
#define TA ", verified mx.a.test, DANE-TA\n"
#define NOTHING "127.0.0.3 accepted message.\nRemote host said: 250"
#define TWO TLS_ZONE "a.test MX 20 mx2.a.test\nmx2.a.test A 127.0.0.3\n"
#define BEHIND                                                                 \
	"a.test MX 20 mx.a.test\nmx.a.test A 127.0.0.2\n"                      \
	"a.test MX 10 mx2.a.test\nmx2.a.test A 127.0.0.3\n"
#define NOT_USED                                                               \
	"The server mx.a.test is not used: its TLSA records could not be "     \
	"looked up, demanded by TLSA. (#4.7.0)\n"
#define LINE "control/tlspolicy line 1. (#4.7.0)\n"
#define NO_ANCHORS "this needs control/trustanchors, which is missing or empty"

static const struct dane_row rows[] = {
    /* DANE that matches is verification, without anchors too. */
    {.strictness = "2\n", .records = {"l311"}, .verdict = 'K', .text = EE},
    {.strictness = "2\n",
	.shows = "lc",
	.records = {"c201"},
	.verdict = 'K',
	.text = TA},
    {.strictness = "2\n",
	.identity = TLS_EXPIRED,
	.anchors = true,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.strictness = "2\n",
	.anchors = true,
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    {.strictness = "2\n",
	.verdict = 'Z',
	.text = "control/trustanchors",
	.visits = ""},
    {.strictness = "2\n",
	.records = {"l111"},
	.verdict = 'Z',
	.text = "control/trustanchors",
	.visits = ""},
    {.strictness = "1\n", .records = {"l311"}, .verdict = 'K', .text = EE},
    {.strictness = "1\n",
	.anchors = true,
	.records = {"l311"},
	.capabilities = "PIPELINING",
	.verdict = 'Z',
	.text = "does not offer STARTTLS, demanded by TLSA"},
    {.policy = "verify", .records = {"l311"}, .verdict = 'K', .text = EE},
    {.policy = "verify",
	.identity = TLS_WRONG_NAME,
	.anchors = true,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.policy = "prefer", .records = {"l311"}, .verdict = 'K', .text = EE},
    {.policy = "prefer",
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    {.policy = "encrypt", .records = {"l311"}, .verdict = 'K', .text = EE},
    {.policy = "encrypt",
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    {.policy = "may nodane",
	.anchors = true,
	.records = {"l311x"},
	.verdict = 'K',
	.text = ", verified mx.a.test\n",
	.questions = -1},

    /* Names and pins that the policy gives have to hold beside it. */
    {.policy = "secure",
	.anchors = true,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.policy = "secure",
	.anchors = true,
	.identity = TLS_WRONG_NAME,
	.records = {"l311"},
	.verdict = 'Z',
	.text = LINE},
    {.policy = "secure",
	.anchors = true,
	.identity = TLS_UNKNOWN_CA,
	.records = {"l311"},
	.verdict = 'Z',
	.text = LINE},
    {.policy = "secure",
	.anchors = true,
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    {.policy = "secure",
	.records = {"l311"},
	.verdict = 'Z',
	.text = NO_ANCHORS,
	.visits = ""},
    {.policy = "verify match=mx.a.test",
	.anchors = true,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.policy = "verify match=other.test",
	.anchors = true,
	.records = {"l311"},
	.verdict = 'Z',
	.text = LINE},
    {.policy = "fingerprint pin="
	       "0000000000000000000000000000000000000000000000000000000000"
	       "000000",
	.records = {"l311"},
	.verdict = 'Z',
	.text = "the key of mx.a.test is none of those of pin="},

    /* Levels of its own, whatever control/dane says. */
    {.policy = "dane",
	.off = true,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.policy = "dane",
	.off = true,
	.strictness = "2\n",
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    {.policy = "dane",
	.off = true,
	.capabilities = "PIPELINING",
	.verdict = 'K',
	.text = "127.0.0.2 accepted message.\n",
	.clear = true},
    {.policy = "dane-only",
	.off = true,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.policy = "dane-only",
	.off = true,
	.records = {"l311x"},
	.verdict = 'Z',
	.text = LINE},
    {.policy = "dane-only",
	.records = {"l111"},
	.anchors = true,
	.verdict = 'Z',
	.text = "there are no secure TLSA records of use, demanded by",
	.visits = ""},
    {.policy = "dane-only", .verdict = 'Z', .text = LINE, .visits = ""},
    {.policy = "dane-only requiretls",
	.records = {"l311"},
	.verdict = 'Z',
	.text = "does not offer REQUIRETLS"},

    /* One server is not used, the other one is. */
    {.zone = TWO DANE_SIGNED "* TLSA !nxdomain\nmx.a.test * !signed\n",
	.verdict = 'K',
	.clear = true,
	.text = "127.0.0.2 accepted"},
    {.zone = TWO "mx.a.test * !signed\n* TLSA !servfail\n",
	.verdict = 'K',
	.clear = true,
	.text = NOTHING,
	.visits = "127.0.0.3"},
    {.zone = TWO "mx.a.test * !signed\n* TLSA !drop\n",
	.verdict = 'K',
	.clear = true,
	.text = NOTHING,
	.visits = "127.0.0.3"},
    {.zone = TWO "mx.a.test * !signed\n* TLSA !garbage-records\n",
	.verdict = 'K',
	.clear = true,
	.text = NOTHING,
	.visits = "127.0.0.3"},
    {.zone = TWO "mx.a.test * !signed\n* TLSA !no-response\n",
	.verdict = 'K',
	.clear = true,
	.text = NOTHING,
	.visits = "127.0.0.3"},
    {.zone = TWO "mx.a.test * !signed\n" DANE_TLSA
		 "mx.a.test TLSA hex:030101 !signed\n",
	.verdict = 'K',
	.clear = true,
	.text = NOTHING,
	.visits = "127.0.0.3"},
    {.zone = TWO "mx.a.test * !signed\n* TLSA !signed\n",
	.records = {"l311x"},
	.verdict = 'K',
	.clear = true,
	.text = NOTHING,
	.visits = "127.0.0.2 127.0.0.3"},
    {.zone = TLS_ZONE DANE_SIGNED "* TLSA !servfail\n",
	.verdict = 'Z',
	.text = NOT_USED,
	.visits = ""},
    {.zone = TLS_ZONE DANE_SIGNED "* TLSA !drop\n",
	.anchors = true,
	.strictness = "2\n",
	.verdict = 'Z',
	.text = NOT_USED,
	.visits = ""},
    {.zone = TLS_ZONE DANE_SIGNED DANE_TLSA "mx.a.test TLSA hex:0301\n",
	.verdict = 'Z',
	.text = NOT_USED,
	.visits = ""},

    /* Records move nobody ahead of its preference. */
    {.zone = BEHIND "mx.a.test * !signed\n* TLSA !signed\n",
	.records = {"l311"},
	.verdict = 'K',
	.clear = true,
	.text = NOTHING,
	.visits = "127.0.0.3"},
};

START_TEST(beside)
{
	dane_bench_play(&rows[_i]);
}
END_TEST

LOOPBACK_SUITE("dane-policy")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, beside, 0, (int)COUNT(rows));
}
