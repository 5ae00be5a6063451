/* SPDX-License-Identifier: ISC */
/* Fetching policies from a real server, and all that may be wrong there. */
#include "config.h"

#include "sts/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "certs.h"
#include "stand.h"
#include "suite.h"
#include "unit.h"

#ifdef HAVE_CURL

static struct stand stand;

static void enter(void)
{
	stand_make(&stand);
}

START_TEST(fetched)
{
	stand_serve(&stand, "good", &(struct https_options){0});
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	ck_assert_str_eq(stand.sts.why.english, "");
	ck_assert_str_eq(stand.sts.id, "1");
	ck_assert(strncmp(https_request(stand.https),
		      "GET /.well-known/mta-sts.txt HTTP/1.1\r\n"
		      "Host: mta-sts.a.test:",
		      60) == 0);
	ck_assert_str_eq(https_peer(stand.https), "127.0.0.1");
	/* The cache has it from then on. */
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_uint_eq(https_connections(stand.https), 1);
}
END_TEST

/* No more than what the request needs is said. */
START_TEST(request)
{
	static const char *const absent[] = {"Cookie", "Authorization",
	    "Accept-Encoding", "Referer", "Proxy", "a.test\r\nFrom"};

	stand_serve(&stand, "good",
	    &(struct https_options){.headers = "Set-Cookie: a=b\r\n"});
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	for (int i = 0; i < COUNT(absent); i++)
		ck_assert_msg(
		    strstr(https_request(stand.https), absent[i]) == NULL, "%s",
		    https_request(stand.https));
}
END_TEST

static char full[65536], beyond[65537];

#define CHUNKED "transfer-ENCODING:\t chunked \r\n"
static const char chunks[] = "10\r\nversion: STSv1\nm\r\n"
			     "2b;x=y\r\node: enforce\nmx: mx.a.test\n"
			     "max_age: 604800\n\r\n0\r\n\r\n";

static const struct accepted {
	const char *certificate;
	struct https_options options;
} accepted[] = {
    {"wildcard", {0}},
    {"anyuse", {0}},
    {"rsa", {0}},
    {"ed25519", {0}},
    {"good", {.type = "text/plain; charset=utf-8"}},
    {"good", {.type = "Text/PLAIN;x=y"}},
    {"good", {.headers = CHUNKED, .unsized = true, .body = chunks}},
    {"good", {.wait = 50}},
    {"good", {.pace = 1}},
    {"good", {.body = full, .size = sizeof full}},
};

START_TEST(good)
{
	memset(full, ' ', sizeof full);
	memcpy(full, STAND_POLICY, strlen(STAND_POLICY) - 1);
	stand_serve(&stand, accepted[_i].certificate, &accepted[_i].options);
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
}
END_TEST

static const char gzip[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x2b\x4b\x2d\x2a\xce\xcc\xcf\xb3"
    "\x52\x08\x0e\x09\x2e\x33\xe4\x02\x00\x5a\x1f\x4c\x3b\x0f\x00\x00\x00";

#define REDIRECT(code)                                                         \
	{                                                                      \
		"good",                                                        \
		    {.status = code " Moved",                                  \
			.headers = "Location: /other.txt\r\n"},                \
		    "has status " code                                         \
	}

static const struct refused {
	const char *certificate;
	struct https_options options;
	const char *why;
} refused[] = {
    REDIRECT("301"),
    REDIRECT("302"),
    REDIRECT("303"),
    REDIRECT("307"),
    REDIRECT("308"),
    {"good", {.status = "404 Not Found"}, "has status 404"},
    {"good", {.status = "500 Oops"}, "has status 500"},
    {"good", {.status = "201 Created"}, "has status 201"},
    {"good", {.status = "203 Non-Authoritative"}, "has status 203"},
    {"good", {.status = "206 Partial"}, "has status 206"},
    {"good", {.status = "204 No Content"}, "has status 204"},
    {"good", {.type = ""}, "of type none"},
    {"good", {.type = "text/html"}, "of type text/html"},
    {"good", {.type = "text/plainer"}, "of type text/plainer"},
    {"good", {.type = "application/octet-stream"}, "of type application"},
    {"good", {.body = beyond, .size = sizeof beyond}, "more than 65536"},
    {"good", {.body = beyond, .size = sizeof beyond, .unsized = true},
	"more than 65536"},
    {"good", {.endless = true}, "more than 65536"},
    {"good", {.cut = 20}, "mta-sts.a.test: "},
    {"good", {.cut = 120}, "mta-sts.a.test: "},
    {"good", {.cut = 120, .unsized = true}, "mta-sts.a.test: "},
    {"good", {.unsized = true}, "does not say its length"},
    {"good", {.unsized = true, .headers = "Transfer-Encoding: identity\r\n"},
	"mta-sts.a.test: "},
    {"good", {.cut = 160, .headers = CHUNKED, .unsized = true, .body = chunks},
	"mta-sts.a.test: "},
    {"good",
	{.headers = "Content-Encoding: gzip\r\n",
	    .body = gzip,
	    .size = sizeof gzip - 1},
	"serves is no policy"},
    {"good", {.body = "version: STSv1\n"}, "serves is no policy"},
    {"good", {.body = "\n"}, "serves is no policy"},
    {"wrong", {0}, "mta-sts.a.test: "},
    {"unnamed", {0}, "mta-sts.a.test: "},
    {"expired", {0}, "mta-sts.a.test: "},
    {"early", {0}, "mta-sts.a.test: "},
    {"selfsigned", {0}, "mta-sts.a.test: "},
    {"client", {0}, "mta-sts.a.test: "},
    {"other", {0}, "mta-sts.a.test: "},
};

/* Refused, and not asked for again at once. */
START_TEST(bad)
{
	memset(beyond, ' ', sizeof beyond);
	memcpy(beyond, STAND_POLICY, strlen(STAND_POLICY) - 1);
	stand_serve(&stand, refused[_i].certificate, &refused[_i].options);
	stand_expect_none(&stand, refused[_i].why);
	ck_assert_int_eq(stand.sts.origin, STS_ORIGIN_NONE);
	stand_expect_none(&stand, "a moment ago");
	ck_assert_uint_eq(https_connections(stand.https), 1);
	ck_assert_uint_le(https_requests(stand.https), 1);
}
END_TEST

/* Whatever is slow, the delivery's deadline ends it. */
static const struct https_options slow[] = {
    {.silent = true},
    {.wait = 60000},
    {.pace = 500},
};

START_TEST(too_slow)
{
	int64_t start = unit_now();

	stand_serve(&stand, "good", &slow[_i]);
	stand.question.deadline = deadline_in(2);
	stand_expect_none(&stand, "mta-sts.a.test");
	ck_assert_int_lt(unit_now() - start, 19000);
	ck_assert_int_ge(unit_now() - start, 1000);
	/* A new id is asked for again, whatever the old one did. */
	stand_serve(&stand, "good", &(struct https_options){0});
	stand.question.deadline = deadline_in(0);
	stand_record(&stand, "2");
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
}
END_TEST

/* Without a server at all. */
START_TEST(nobody)
{
	setenv("QR_TEST_HTTPS_PORT", "1", 1);
	stand_expect_none(&stand, "mta-sts.a.test: ");
}
END_TEST

/* Anchors in a directory, among what is none. */
START_TEST(directory)
{
	static char path[HOME_PATH];

	ck_assert_int_eq(mkdir("anchors", 0700), 0);
	ck_assert_int_eq(rename("anchors.pem", "anchors/a.pem"), 0);
	home_write(&stand.home, "anchors/b.pem",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	    57);
	ck_assert_int_eq(mkfifo("anchors/pipe", 0600), 0);
	home_path(&stand.home, "anchors/", path);
	stand.settings.trustanchors = path;
	stand_serve(&stand, "good", &(struct https_options){0});
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	stand.settings.trustanchors = path + 1;
	stand_record(&stand, "2");
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_ptr_nonnull(strstr(stand.sts.why.english, "trust anchors"));
}
END_TEST

static void set_proxies(void)
{
	static const char *const names[] = {"https_proxy", "HTTPS_PROXY",
	    "http_proxy", "ALL_PROXY", "all_proxy"};

	for (int i = 0; i < COUNT(names); i++)
		setenv(names[i], "http://127.0.0.1:1", 1);
}

static void set_trust(const char *home, const char *file)
{
	setenv("CURL_CA_BUNDLE", file, 1);
	setenv("SSL_CERT_FILE", file, 1);
	setenv("SSL_CERT_DIR", home, 1);
	setenv("CURL_SSL_BACKEND", "none", 1);
	setenv("GNUTLS_SYSTEM_PRIORITY_FILE", "/nonexistent", 1);
	setenv("OPENSSL_CONF", file, 1);
}

static void furnish(char home[HOME_PATH])
{
	static const char netrc[] =
	    "default login user password secret\n"
	    "machine mta-sts.a.test login user password secret\n";
	static const char curlrc[] = "insecure\nproxy = 127.0.0.1:1\n";
	char file[HOME_PATH];

	home_write(&stand.home, ".netrc", netrc, strlen(netrc));
	home_write(&stand.home, ".curlrc", curlrc, strlen(curlrc));
	setenv("HOME", home_path(&stand.home, "", home), 1);
	setenv("CURL_HOME", home, 1);
	setenv("NETRC", home_path(&stand.home, ".netrc", file), 1);
}

/* Neither the environment nor a home says anything. */
START_TEST(surroundings)
{
	char home[HOME_PATH], file[HOME_PATH], keys[HOME_PATH];

	furnish(home);
	set_proxies();
	set_trust(home, home_path(&stand.home, "other.pem", file));
	home_path(&stand.home, "keys", keys);
	/* The servers would write their keys there, too. */
	stand_serve(&stand, "other", &(struct https_options){0});
	setenv("SSLKEYLOGFILE", keys, 1);
	stand_expect_none(&stand, "mta-sts.a.test: ");
	unsetenv("SSLKEYLOGFILE");
	stand_serve(&stand, "good", &(struct https_options){0});
	setenv("SSLKEYLOGFILE", keys, 1);
	stand_record(&stand, "2");
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	ck_assert_ptr_null(strstr(https_request(stand.https), "uthorization"));
	ck_assert_int_ne(access("keys", F_OK), 0);
}
END_TEST

/* Sources and families are those of the delivery. */
START_TEST(source)
{
	stand_serve(&stand, "good", &(struct https_options){0});
	stand.source.use_v4 = false;
	stand_expect_none(&stand, "no address that may be called");
	ck_assert_uint_eq(https_connections(stand.https), 0);
	stand.source.use_v4 = true;
	stand.source.v4.number = 1;
	ck_assert(ip_parse(&stand.source.v4.ip, "127.0.0.9"));
	stand_record(&stand, "2");
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	ck_assert_str_eq(https_peer(stand.https), "127.0.0.9");
	/* One that this machine does not bear calls nobody. */
	ck_assert(ip_parse(&stand.source.v4.ip, "192.0.2.1"));
	stand_record(&stand, "3");
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_uint_eq(https_connections(stand.https), 1);
}
END_TEST

/* The first of the addresses does not answer; an alias is as good. */
START_TEST(addresses)
{
	stand_serve(&stand, "good", &(struct https_options){0});
	stand_zone(&stand, "mta-sts.a.test CNAME www.other.test\n"
			   "www.other.test A 127.0.0.77\n"
			   "www.other.test A 127.0.0.1\n");
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
}
END_TEST

enum { CROWD = 20 };

static void crowd(const char *policy)
{
	int status;

	stand_serve(&stand, "good",
	    &(struct https_options){.wait = 500, .body = policy});
	for (int i = 0; i < CROWD; i++)
		if (fork() == 0) {
			stand_ask(&stand);
			_exit(stand.good && stand.sts.present ? 0 : 1);
		}
	for (int i = 0; i < CROWD; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
}

START_TEST(at_once)
{
	crowd(STAND_POLICY);
	ck_assert_uint_eq(https_requests(stand.https), 1);
}
END_TEST

/* It is for whoever has waited for it, and for nobody later. */
START_TEST(max_age_0)
{
	static const char policy[] =
	    "version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: 0\n";

	crowd(policy);
	ck_assert_uint_eq(https_requests(stand.https), 1);
	stand_serve(&stand, "good", &(struct https_options){.body = policy});
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	ck_assert_uint_eq(https_requests(stand.https), 2);
	stand_record(&stand, NULL);
	stand_expect_none(&stand, "no TXT record of _mta-sts.a.test");
}
END_TEST

/* One for which nothing can be kept asks for itself. */
START_TEST(nothing_kept)
{
	static const char *const directories[] = {
	    "anchors.pem/none", "/proc/self", "anchors.pem"};

	stand_serve(&stand, "good", &(struct https_options){0});
	for (int i = 0; i < COUNT(directories); i++) {
		stand.question.run_directory = directories[i];
		stand_expect_policy(&stand, STS_ORIGIN_HOST);
		ck_assert_uint_eq(https_requests(stand.https), (unsigned)i + 1);
	}
}
END_TEST

/* As on a full disk: no new file can be made. */
START_TEST(not_writable)
{
	stand_cache(&stand, "0", 10, STAND_POLICY, "", 0);
	ck_assert_int_eq(mkdir(STAND_RUN "/mta-sts/.new-a.test", 0700), 0);
	stand_serve(&stand, "good", &(struct https_options){0});
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	ck_assert_uint_eq(https_requests(stand.https), 2);
	stand_record(&stand, "0");
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
}
END_TEST

START_TEST(damaged)
{
	stand_serve(&stand, "good", &(struct https_options){0});
	stand_cache(&stand, "1", 10, STAND_POLICY, "", 0);
	home_write(&stand.home, STAND_FILE, "garbage", 7);
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_uint_eq(https_requests(stand.https), 1);
	/* Written well, but no policy to this version. */
	stand_cache(&stand, "1", 10, "version: STSv9\n", "", 0);
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
}
END_TEST

/* The cached one stands in for one that cannot be had. */
START_TEST(stand_in)
{
	stand_serve(&stand, "wrong", &(struct https_options){0});
	stand_cache(&stand, "0", 10, STAND_POLICY, "", 0);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_str_ne(stand.sts.why.english, "");
	ck_assert_str_eq(stand.sts.id, "0");
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_uint_eq(https_connections(stand.https), 1);
	/* Five minutes later; and when it is not valid any more. */
	stand_cache(&stand, "0", 10, STAND_POLICY, "1", 300);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_uint_eq(https_connections(stand.https), 2);
	stand_cache(&stand, "0", 604801, STAND_POLICY, "", 0);
	stand_expect_none(&stand, "mta-sts.a.test: ");
	ck_assert_uint_eq(https_connections(stand.https), 3);
}
END_TEST

/* A policy from the future is fetched anew, and else holds from now on. */
START_TEST(future)
{
	const long century = 100L * 365 * 86400;

	stand_serve(&stand, "good", &(struct https_options){0});
	stand_cache(&stand, "1", -century, STAND_POLICY, "", 0);
	stand_expect_policy(&stand, STS_ORIGIN_HOST);
	stand_serve(&stand, "wrong", &(struct https_options){0});
	stand_cache(&stand, "1", -century, STAND_POLICY, "1", -century);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_uint_eq(https_connections(stand.https), 1);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_int_le(stand.sts.fetched, (int64_t)time(NULL));
	stand_cache(&stand, "1", -century, STAND_POLICY, "", 0);
	stand_record(&stand, NULL);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	stand_expect_policy(&stand, STS_ORIGIN_CACHE);
	ck_assert_int_le(stand.sts.fetched, (int64_t)time(NULL));
	ck_assert_uint_eq(https_connections(stand.https), 1);
}
END_TEST

/* As if there were none, and a fetch each day only. */
START_TEST(mode_none)
{
	static const char policy[] =
	    "version: STSv1\nmode: none\nmax_age: 86400\n";

	stand_serve(&stand, "good", &(struct https_options){.body = policy});
	stand_expect_none(&stand, "mode is none");
	ck_assert_int_eq(stand.sts.origin, STS_ORIGIN_HOST);
	stand_expect_none(&stand, "mode is none");
	ck_assert_int_eq(stand.sts.origin, STS_ORIGIN_CACHE);
	ck_assert_uint_eq(https_requests(stand.https), 1);
}
END_TEST

#endif

LOOPBACK_SUITE("sts_fetch")
{
#ifdef HAVE_CURL
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, fetched);
	tcase_add_test(tcase, request);
	tcase_add_loop_test(tcase, good, 0, COUNT(accepted));
	tcase_add_loop_test(tcase, bad, 0, COUNT(refused));
	tcase_add_loop_test(tcase, too_slow, 0, COUNT(slow));
	tcase_add_test(tcase, nobody);
	tcase_add_test(tcase, directory);
	tcase_add_test(tcase, surroundings);
	tcase_add_test(tcase, source);
	tcase_add_test(tcase, addresses);
	tcase_add_test(tcase, at_once);
	tcase_add_test(tcase, max_age_0);
	tcase_add_test(tcase, nothing_kept);
	tcase_add_test(tcase, not_writable);
	tcase_add_test(tcase, damaged);
	tcase_add_test(tcase, stand_in);
	tcase_add_test(tcase, future);
	tcase_add_test(tcase, mode_none);
#else
	(void)tcase;
#endif
}
