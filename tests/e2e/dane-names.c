/* SPDX-License-Identifier: ISC */
/*
 * For whom TLSA records are asked, and whose names count (RFC 7672 sections
 * 2.2.2 and 3.2.2).
 */
#include "config.h"

#include <check.h>

#include "dane-bench.h"
#include "suite.h"

#define EE ", verified mx.a.test, DANE-EE\n"
#define TA ", verified mx.a.test, DANE-TA\n"
#define NOTHING "Remote host said: 250 2.0.0 queued as TEST\n"
#define ALIAS                                                                  \
	"a.test MX 10 mx.a.test\nmx.a.test CNAME mx.b.test\n"                  \
	"mx.b.test A 127.0.0.2\n"

static const struct dane_row rows[] = {
    /* Nothing is asked about what is not signed, or without DANE. */
    {.zone = TLS_ZONE,
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = -1},
    {.zone = TLS_ZONE DANE_SIGNED "mx.a.test * !unsigned\n",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = -1},
    {.off = true,
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = -1},
    {.policy = "none",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = -1},
    {.policy = "encrypt nodane",
	.records = {"l311x"},
	.verdict = 'K',
	.text = ", unverified (",
	.questions = -1},
    {.host = "[127.0.0.2]",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = -1},
    {.routes = ":127.0.0.2:" SCENE_PORT "\n",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = -1},
    /* The records are for another port, or not secure themselves. */
    {.zone = TLS_ZONE DANE_SIGNED "_1._tcp.mx.a.test TLSA 3 1 1 00\n",
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = 1},
    {.zone = TLS_ZONE DANE_SIGNED "* TLSA !unsigned\n",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = 1},
    {.zone = TLS_ZONE DANE_SIGNED "* TLSA !nxdomain\n",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = 1},
    {.zone = TLS_ZONE DANE_SIGNED "* TLSA !nodata\n",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = 1},

    /* An insecure MX answer: matched all the same, but said. */
    {.zone = TLS_ZONE DANE_SIGNED "a.test * !unsigned\n",
	.records = {"l311"},
	.verdict = 'K',
	.text = ", trusted mx.a.test, DANE-EE, MX not secure\n"},
    {.zone = TLS_ZONE DANE_SIGNED "a.test * !unsigned\n",
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA. (#4.7.0)\n"},
    {.zone = TLS_ZONE DANE_SIGNED "a.test * !unsigned\n",
	.records = {"l311"},
	.policy = "dane-only",
	.verdict = 'Z',
	.text = "The server mx.a.test is not used: there are no secure TLSA "
		"records of use, demanded by ",
	.visits = ""},

    /* Under usage 2 the next hop's name counts, but not that of anybody. */
    {.zone = "b.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n" DANE_SIGNED,
	.host = "b.test",
	.shows = "lc",
	.identity = TLS_WRONG_NAME, /* mx.b.test */
	.records = {"c201"},
	.verdict = 'Z',
	.text = "is not for mx.a.test but for mx.b.test"},
    {.zone = "mx.b.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n" DANE_SIGNED,
	.host = "mx.b.test",
	.shows = "lc",
	.identity = TLS_WRONG_NAME,
	.records = {"c201"},
	.verdict = 'K',
	.text = TA},
    {.zone = "mx.b.test MX 10 mx.a.test\nmx.a.test A 127.0.0.2\n" DANE_SIGNED
	     "mx.b.test * !unsigned\n",
	.host = "mx.b.test",
	.shows = "lc",
	.identity = TLS_WRONG_NAME,
	.records = {"c201"},
	.verdict = 'Z',
	.text = "is not for mx.a.test but for mx.b.test"},
    {.zone = "a.test CNAME mx.b.test\nmx.b.test MX 10 mx.a.test\n"
	     "mx.a.test A 127.0.0.2\n" DANE_SIGNED,
	.shows = "lc",
	.identity = TLS_WRONG_NAME,
	.records = {"c201"},
	.verdict = 'K',
	.text = TA},

    /* An exchanger that is an alias: the records of its end come first, and
       the report names it as the MX record does. */
    {.zone = ALIAS DANE_SIGNED,
	.owner = "mx.b.test",
	.records = {"l311"},
	.verdict = 'K',
	.text = EE,
	.sni = "mx.b.test",
	.questions = 1},
    {.zone = ALIAS DANE_SIGNED,
	.shows = "lc",
	.identity = TLS_WRONG_NAME,
	.owner = "mx.b.test",
	.records = {"c201"},
	.verdict = 'K',
	.text = TA,
	.sni = "mx.b.test"},
    {.zone = ALIAS DANE_SIGNED,
	.shows = "lc",
	.owner = "mx.b.test",
	.records = {"c201"},
	.verdict = 'Z',
	.text = "is not for mx.a.test"},
    /* Without any there, its own do. */
    {.zone = ALIAS DANE_SIGNED,
	.records = {"l311"},
	.verdict = 'K',
	.text = EE,
	.sni = "mx.a.test",
	.questions = 2},
    {.zone = ALIAS DANE_SIGNED,
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    /* Its end is not signed, but it is itself. */
    {.zone = ALIAS DANE_SIGNED "mx.b.test * !unsigned\n",
	.records = {"l311"},
	.verdict = 'K',
	.text = EE,
	.sni = "mx.a.test",
	.questions = 1},
    {.zone = ALIAS DANE_SIGNED "mx.b.test * !unsigned\n",
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    /* Neither is. */
    {.zone = ALIAS "a.test * !signed\n",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = -1},
    {.zone = ALIAS DANE_SIGNED "mx.b.test * !unsigned\n"
			       "mx.a.test CNAME !servfail\n",
	.verdict = 'Z',
	.text = "The server mx.a.test is not used: its TLSA records could not "
		"be looked up, demanded by TLSA. (#4.7.0)\n",
	.visits = "",
	.questions = -1},

    /* The records themselves may stand elsewhere. */
    {.zone = TLS_ZONE DANE_SIGNED DANE_TLSA "mx.a.test CNAME " DANE_TLSA
					    "b.test\n",
	.owner = "b.test",
	.records = {"l311"},
	.verdict = 'K',
	.text = EE,
	.sni = "mx.a.test"},
    {.zone = TLS_ZONE DANE_SIGNED DANE_TLSA "mx.a.test CNAME " DANE_TLSA
					    "b.test\n",
	.owner = "b.test",
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    {.zone = TLS_ZONE DANE_SIGNED DANE_TLSA "mx.a.test CNAME " DANE_TLSA
					    "b.test\n" DANE_TLSA
					    "b.test * !unsigned\n",
	.owner = "b.test",
	.records = {"l311x"},
	.verdict = 'K',
	.text = NOTHING,
	.clear = true,
	.questions = 1},

    /* Without MX the host is its own exchanger. */
    {.zone = "mx.a.test A 127.0.0.2\n" DANE_SIGNED,
	.host = "mx.a.test",
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.zone = "mx.a.test A 127.0.0.2\n" DANE_SIGNED "mx.a.test MX !unsigned\n",
	.host = "mx.a.test",
	.records = {"l311"},
	.verdict = 'K',
	.text = ", trusted mx.a.test, DANE-EE, MX not secure\n"},

    /* Relays: by name, the port being theirs. */
    {.zone = "mx.a.test A 127.0.0.2\n" DANE_SIGNED,
	.host = "elsewhere.test",
	.routes = ":mx.a.test:" SCENE_PORT "\n",
	.records = {"l311"},
	.verdict = 'K',
	.text = EE},
    {.zone = "mx.a.test A 127.0.0.2\n" DANE_SIGNED,
	.host = "elsewhere.test",
	.routes = ":mx.a.test:" SCENE_PORT "\n",
	.shows = "lc",
	.policy = "dane-only",
	.records = {"c201"},
	.verdict = 'K',
	.text = TA},
    {.zone = "mx.a.test A 127.0.0.2\n" DANE_SIGNED,
	.host = "elsewhere.test",
	.routes = ":mx.a.test:" SCENE_PORT "\n",
	.records = {"l311x"},
	.verdict = 'Z',
	.text = "demanded by TLSA"},
    {.routes = ":[127.0.0.2]:" SCENE_PORT "\n",
	.policy = "dane-only",
	.verdict = 'Z',
	.text = "The server 127.0.0.2 is not used: there are no secure TLSA",
	.visits = ""},
};

START_TEST(names)
{
	dane_bench_play(&rows[_i]);
}
END_TEST

LOOPBACK_SUITE("dane-names")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, names, 0, (int)COUNT(rows));
}
