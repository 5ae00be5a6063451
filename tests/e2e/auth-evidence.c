/* SPDX-License-Identifier: ISC */
/*
 * By what a relay is known before it is told a secret: TLSA records and pins,
 * as well as trust anchors, and none of them where one that counts is wrong.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "auth-bench.h"
#include "net.h"
#include "suite.h"
#include "tlsa-text.h"

#define OWNER "_" SCENE_PORT "._tcp." TLS_HOST

enum tlsa {
	NO_RECORD,
	OF_IT,
	OF_ANOTHER, /* key than the server's */
	NO_ANSWER
};

static const struct row {
	enum tls_identity identity;
	enum tlsa tlsa;
	bool insecure;	    /* the zone is not signed */
	const char *policy; /* of the relay; %s: the pin of its key */
	char verdict;
	const char *text;
} rows[] = {
    {TLS_SELF_SIGNED, OF_IT, false, NULL, 'K', ", DANE-EE"},
    {TLS_EXPIRED, OF_IT, false, NULL, 'K', ", DANE-EE"},
    {TLS_WRONG_NAME, OF_IT, false, NULL, 'K', ", DANE-EE"},
    {TLS_GOOD, OF_IT, false, NULL, 'K', ", DANE-EE"},
    {TLS_SELF_SIGNED, OF_IT, false, "dane-only", 'K', ", DANE-EE"},
    {TLS_SELF_SIGNED, OF_ANOTHER, false, NULL, 'Z', "self-signed"},
    {TLS_GOOD, OF_ANOTHER, false, NULL, 'Z', "TLSA"},
    {TLS_GOOD, OF_ANOTHER, false, "dane-only", 'Z', "TLSA"},
    {TLS_SELF_SIGNED, NO_ANSWER, false, NULL, 'Z', "TLSA"},
    {TLS_GOOD, NO_ANSWER, false, NULL, 'Z', "TLSA"},
    {TLS_GOOD, NO_RECORD, false, NULL, 'K', ", verified mx.a.test"},
    {TLS_GOOD, NO_RECORD, false, "dane-only", 'Z', "TLSA"},
    {TLS_SELF_SIGNED, NO_RECORD, false, NULL, 'Z', ""},
    {TLS_SELF_SIGNED, OF_IT, true, NULL, 'Z', ""},
    {TLS_GOOD, OF_IT, true, NULL, 'K', ", verified mx.a.test"},
    {TLS_GOOD, OF_ANOTHER, true, NULL, 'K', ", verified mx.a.test"},
    {TLS_SELF_SIGNED, OF_IT, false, "verify nodane", 'Z', ""},
    {TLS_GOOD, OF_ANOTHER, false, "verify nodane", 'K', ", verified mx.a.test"},
    {TLS_SELF_SIGNED, NO_RECORD, false, "fingerprint pin=%s", 'K', ", pin"},
    {TLS_WRONG_NAME, NO_RECORD, false, "fingerprint pin=%s", 'K', ", pin"},
    {TLS_EXPIRED, NO_RECORD, true, "fingerprint pin=%s", 'K', ", pin"},
    {TLS_GOOD, NO_RECORD, false,
	"fingerprint "
	"pin=00000000000000000000000000000000"
	"00000000000000000000000000000000",
	'Z', "none of those of pin="},
};

static void put_policy(
    const struct scene *scene, const struct row *row, const struct cert *cert)
{
	char line[256], *pin = tlsa_text_pin(cert);
	const char *hole = row->policy != NULL ? strstr(row->policy, "%s") : "";

	if (row->policy != NULL && hole != NULL)
		snprintf(line, sizeof line, "%.*s%s", (int)(hole - row->policy),
		    row->policy, pin);
	else if (row->policy != NULL)
		snprintf(line, sizeof line, "%s", row->policy);
	if (row->policy != NULL)
		scene_control(scene, "tlspolicy", TLS_HOST ":%s\n", line);
	free(pin);
}

static void make_records(
    const struct row *row, const struct cert *cert, char records[256])
{
	char *right = tlsa_text(cert, 3, 1, 1);
	char *wrong = tlsa_text_wrong(cert, 3, 1, 1);
	const char *const data[] = {
	    [OF_IT] = right, [OF_ANOTHER] = wrong, [NO_ANSWER] = "!servfail"};
	int length = 0;

	records[0] = '\0';
	if (row->tlsa != NO_RECORD)
		length =
		    snprintf(records, 256, OWNER " TLSA %s\n", data[row->tlsa]);
	if (!row->insecure)
		snprintf(
		    records + length, 256 - (size_t)length, "* * !signed\n");
	free(right);
	free(wrong);
}

static void expect(const struct auth_bench *bench, const struct row *row)
{
	const struct scene *scene = &bench->scene;
	bool told = row->verdict == 'K';

	scene_expect(scene, row->verdict, row->text);
	ck_assert_uint_eq(scene_messages(scene), told);
	ck_assert_int_eq(auth_bench_tried(bench, false), told);
	ck_assert(!auth_bench_tried(bench, true));
	tls_bench_expect_private(scene);
}

START_TEST(evidence)
{
	const struct row *row = &rows[_i];
	struct auth_bench bench;
	struct cert *cert;
	char records[256];

	if (!net_make_private())
		return;
	auth_bench_make(&bench);
	cert = tls_bench_cert(&bench.tls, row->identity);
	home_control(&bench.scene.home, "dane", "1\n");
	put_policy(&bench.scene, row, cert);
	make_records(row, cert, records);
	auth_bench_show(&bench, AUTH_ADDRESS, cert, records);
	auth_bench_route(&bench, "|" AUTH_USER "|" AUTH_SECRET);
	scene_deliver(&bench.scene, "b.test");
	scene_stop(&bench.scene);
	expect(&bench, row);
	auth_bench_free(&bench);
	certs_free(cert);
}
END_TEST

LOOPBACK_SUITE("auth-evidence")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, evidence, 0, (int)COUNT(rows));
}
