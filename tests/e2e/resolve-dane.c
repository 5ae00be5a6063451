/* SPDX-License-Identifier: ISC */
/* control/dane: which resolver is believed, and servers that are not used. */
#include "config.h"

#include <string.h>

#include <check.h>

#include "scene.h"
#include "suite.h"

#define ZONE                                                                   \
	"a.test MX 10 mx1.a.test\na.test MX 20 mx2.a.test\n"                   \
	"mx1.a.test A 127.0.0.2\nmx2.a.test A 127.0.0.3\n"                     \
	"mx1.a.test * !signed\n"
#define BUSY "greeting failed.\nRemote host said: 421 4.3.2 busy\n"

/* What the TLSA question for the first exchanger comes to. */
static const struct row {
	const char *zone;
	const char *visits;
	size_t questions; /* about TLSA, at least */
} rows[] = {
    {ZONE, "127.0.0.2 127.0.0.3", 1},
    {ZONE "_25._tcp.mx1.a.test TLSA !nxdomain\n", "127.0.0.2 127.0.0.3", 1},
    {ZONE "mx1.a.test * !unsigned\n", "127.0.0.2 127.0.0.3", 0},
    {ZONE "* TLSA !servfail\n", "127.0.0.3", 1},
    {ZONE "* TLSA !refused\n", "127.0.0.3", 1},
    {ZONE "* TLSA !garbage-records\n", "127.0.0.3", 1},
    {ZONE "* TLSA !drop\n", "127.0.0.3", 1},
};

START_TEST(tlsa)
{
	static const char *const environment[] = {
	    "RES_OPTIONS=retrans:1000 retry:1 timeout:1 attempts:1", NULL};
	const struct row *row = &rows[_i];
	struct scene scene = {
	    .zone = row->zone, .delivery.environment = environment};

	scene_crowd(&scene);
	scene_furnish(&scene);
	home_control(&scene.home, "dane", "1\n");
	scene_play(&scene, "a.test");
	scene_expect_visits(&scene, row->visits);
	scene_expect(&scene, 'Z', "");
	ck_assert_int_eq(
	    dns_queries(scene.dns, NULL, "TLSA") > 0, row->questions > 0);
	scene_free(&scene);
}
END_TEST

/* All mail that could use DANE waits where the resolver is not to be believed.
 */
static const struct mail {
	const char *host, *dane, *tlspolicy;
	bool waits;
} mails[] = {
    {"a.test", "1\n", "", true},
    {"a.test", "0\n", "", false},
    {"a.test", "0\n", "a.test:dane\n", true},
    {"a.test", "1\n", "a.test:may nodane\n", false},
    {"a.test", "1\n", "a.test:none\n", false},
    {"[127.0.0.2]", "1\n", "", false},
};

START_TEST(distrusted)
{
	static const char *const environment[] = {
	    "DNSCACHEIP=192.0.2.53", NULL};
	const struct mail *mail = &mails[_i];
	struct scene scene = {
	    .zone = ZONE, .delivery.environment = environment};

	scene_crowd(&scene);
	scene_furnish(&scene);
	home_control(&scene.home, "timeoutdns", "1\n");
	home_control(&scene.home, "dane", mail->dane);
	home_control(&scene.home, "tlspolicy", mail->tlspolicy);
	scene_play(&scene, mail->host);
	ck_assert_int_eq(strstr(scene.outcome.chunks[0].text,
			     "192.0.2.53 is in use") != NULL,
	    mail->waits);
	scene_expect(&scene, 'Z', "");
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("resolve-dane")
{
	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, tlsa, 0, (int)COUNT(rows));
	tcase_add_loop_test(tcase, distrusted, 0, (int)COUNT(mails));
}
