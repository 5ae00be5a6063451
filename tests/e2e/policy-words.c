/* SPDX-License-Identifier: ISC */
/* The words of control/tlspolicy, and lines that cannot be meant. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "route/policy.h"
#include "suite.h"
#include "tls-bench.h"
#include "tlsa-text.h"

#define VERIFIED ", verified mx.a.test\n"
#define ORIGIN "control/tlspolicy line 1. (#4.7.0)\n"
#define PIN "@PIN@"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define OFFERED "PIPELINING\nREQUIRETLS"

enum { MEGABYTE = 1 << 20 };

struct row {
	const char *policy; /* of a.test; PIN stands for the server's */
	enum tls_identity identity;
	const char *before, *under; /* capabilities; NULL: STARTTLS, same */
	bool implicit;		    /* the server's way */
	const char *routes;	    /* smtproutes, or NULL */
	bool anchorless;
	char verdict;
	const char *text;
	bool clear;
	const char *visits; /* NULL: 127.0.0.2 */
	const char *mail;   /* what MAIL ends in, or NULL */
};

static const struct row rows[] = {
    /* Names in place of the server's, or the next hop's. */
    {"verify match=mx.a.test", .verdict = 'K', .text = VERIFIED},
    {"verify match=MX.A.Test", .verdict = 'K', .text = VERIFIED},
    {"verify match=*.a.test", .verdict = 'K', .text = VERIFIED},
    {"verify match=.test", .verdict = 'K', .text = VERIFIED},
    {"verify match=*.test", .verdict = 'Z', .text = ORIGIN},
    {"verify match=a.test", .verdict = 'Z', .text = ORIGIN},
    {"verify match=x.test match=mx.a.test", .verdict = 'K', .text = VERIFIED},
    {"verify match=mx.b.test", TLS_WRONG_NAME, .verdict = 'K',
	.text = VERIFIED},
    {"secure match=mx.b.test", TLS_WRONG_NAME, .verdict = 'K',
	.text = VERIFIED},
    {"secure match=a.test", .verdict = 'Z', .text = ORIGIN},
    {"verify match=mx.a.test", TLS_EXPIRED, .verdict = 'Z', .text = ORIGIN},
    {"verify match=mx.a.test", TLS_UNKNOWN_CA, .verdict = 'Z', .text = ORIGIN},

    /* Keys in place of anchors. */
    {"fingerprint pin=" PIN, TLS_EXPIRED, .anchorless = true, .verdict = 'K',
	.text = ", verified mx.a.test, pin\n"},
    {"fingerprint pin=" ZEROS " pin=" PIN, TLS_SELF_SIGNED, .verdict = 'K',
	.text = ", verified mx.a.test, pin\n"},
    {"fingerprint pin=" ZEROS, .verdict = 'Z', .text = ORIGIN},
    {"fingerprint requiretls pin=" ZEROS, TLS_SELF_SIGNED, .verdict = 'Z',
	.text = "none of those of pin=, demanded by "},

    /* What needs anchors says so. */
    {"encrypt", .anchorless = true, .verdict = 'K', .text = ", unverified ("},
    {"verify", .anchorless = true, .verdict = 'Z', .visits = "",
	.text = "/control/trustanchors, which is missing"},
    {"secure", .anchorless = true, .verdict = 'Z', .visits = "",
	.text = "/control/trustanchors, which is missing"},
    {"may", .anchorless = true, .verdict = 'K', .clear = true, .text = "250"},
    {"prefer", .anchorless = true, .verdict = 'K', .clear = true,
	.text = "250"},

    /* TLS from the first byte, or not. */
    {"verify implicit", .implicit = true, .verdict = 'K', .text = VERIFIED},
    {"encrypt implicit", TLS_SELF_SIGNED, .implicit = true, .verdict = 'K',
	.text = ", unverified ("},
    {"verify implicit", TLS_SELF_SIGNED, .implicit = true, .verdict = 'Z',
	.text = ORIGIN},
    {"may implicit", TLS_SELF_SIGNED, .implicit = true, .verdict = 'K',
	.text = ", unverified ("},
    {"may implicit", .verdict = 'Z', .text = ORIGIN},
    {"verify starttls", .verdict = 'K', .text = VERIFIED},
    {"none", .routes = ":[127.0.0.2]:465\n", .verdict = 'Z', .visits = "",
	.text = "The server 127.0.0.2 is not used: its policy forbids the TLS "
		"that it needs, demanded by "},

    /* Credentials go with "none" to this machine alone. */
    {"none", .routes = ":192.0.2.1|user|secret\n", .verdict = 'Z', .visits = "",
	.text = "The server 192.0.2.1 is not used: its policy forbids the TLS"},

    /* REQUIRETLS counts under TLS. */
    {"verify requiretls", .under = OFFERED, .verdict = 'K', .text = VERIFIED,
	.mail = " REQUIRETLS\r\n"},
    {"may requiretls", .under = OFFERED, .verdict = 'K', .text = VERIFIED,
	.mail = " REQUIRETLS\r\n"},
    {"may", .under = OFFERED, .verdict = 'K', .text = VERIFIED,
	.mail = "client.test>\r\n"},
    {"may requiretls", TLS_SELF_SIGNED, .under = OFFERED, .verdict = 'Z',
	.text = ORIGIN},
    {"fingerprint requiretls pin=" PIN, TLS_SELF_SIGNED, .under = OFFERED,
	.verdict = 'K', .text = ", verified mx.a.test, pin\n",
	.mail = " REQUIRETLS\r\n"},
    {"secure requiretls implicit", .before = OFFERED, .under = OFFERED,
	.implicit = true, .verdict = 'K', .text = VERIFIED,
	.mail = " REQUIRETLS\r\n"},
    {"verify requiretls", .before = "STARTTLS\nREQUIRETLS",
	.under = "PIPELINING", .verdict = 'Z',
	.text = "Connected to 127.0.0.2 but mx.a.test does not offer "
		"REQUIRETLS, demanded by "},
    {"verify requiretls", .verdict = 'Z', .text = "(#4.7.30)\n"},
    {"verify requiretls", .before = "PIPELINING", .verdict = 'Z',
	.text = "does not offer STARTTLS, demanded by "},

    /* Lines that cannot be meant. */
    {"", .verdict = 'Z', .text = "not a level", .visits = ""},
    {"paranoid", .verdict = 'Z', .text = "not a level", .visits = ""},
    {"may be", .verdict = 'Z', .text = "not one of match=", .visits = ""},
    {"may match=x.test", .verdict = 'Z', .text = "not with the level may",
	.visits = ""},
    {"verify pin=" ZEROS, .verdict = 'Z', .text = "not with the level verify",
	.visits = ""},
    {"fingerprint", .verdict = 'Z', .text = "this level needs pin=HEX",
	.visits = ""},
    {"fingerprint pin=12", .verdict = 'Z', .text = "not the SHA-256 of a key",
	.visits = ""},
    {"may implicit starttls", .verdict = 'Z', .text = "exclude each other",
	.visits = ""},
    {"none requiretls", .verdict = 'Z', .text = "not with the level none",
	.visits = ""},
    {"none implicit", .verdict = 'Z', .text = "not with the level none",
	.visits = ""},
    {"dane nodane", .verdict = 'Z', .text = "not with the level dane",
	.visits = ""},
    {"verify match=", .verdict = 'Z', .text = "not a name", .visits = ""},
    {"may\na.test:may", .verdict = 'Z', .text = "has the same key",
	.visits = ""},
};

/* The line, with the key's digits where they belong. */
static void write_policy(
    const struct scene *scene, const struct row *row, const struct cert *cert)
{
	const char *hole = strstr(row->policy, PIN);
	char *pin = tlsa_text_pin(cert);

	if (hole != NULL)
		scene_control(scene, "tlspolicy", "a.test:%.*s%s%s\n",
		    (int)(hole - row->policy), row->policy, pin,
		    hole + strlen(PIN));
	else
		scene_control(scene, "tlspolicy", "a.test:%s\n", row->policy);
	/* The relays' own keys, if there are any. */
	if (row->routes != NULL)
		scene_control(scene, "tlspolicy", ":%s\n", row->policy);
	free(pin);
}

static void set_up(const struct scene *scene, const struct row *row)
{
	if (row->anchorless)
		home_remove_control(&scene->home, "trustanchors");
	if (row->routes != NULL)
		home_control(&scene->home, "smtproutes", row->routes);
}

static void expect(const struct scene *scene, const struct row *row)
{
	scene_expect(scene, row->verdict, row->text);
	scene_expect_visits(
	    scene, row->visits != NULL ? row->visits : "127.0.0.2");
	ck_assert_uint_eq(scene_messages(scene), row->verdict == 'K');
	if (!row->clear)
		tls_bench_expect_private(scene);
	if (row->mail != NULL)
		ck_assert(bytes_contain(
		    &scene->transcript->connections[0].received, row->mail));
}

START_TEST(words)
{
	const struct row *row = &rows[_i];
	struct peer_script script = {
	    .capabilities = row->before != NULL ? row->before : "STARTTLS",
	    .capabilities_tls = row->under,
	    .implicit_tls = row->implicit};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct tls_bench bench;
	struct cert *cert;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	cert = tls_bench_cert(&bench, row->identity);
	script.tls = tls_bench_show(
	    &bench, (const struct cert *const[]){cert, NULL}, NULL);
	write_policy(&scene, row, cert);
	set_up(&scene, row);
	scene_play(&scene, "a.test");
	expect(&scene, row);
	scene_free(&scene);
	certs_free(cert);
	tls_bench_free(&bench);
}
END_TEST

/* The next server may offer it. */
START_TEST(another_offers)
{
	struct peer_script without = {.capabilities = "STARTTLS"};
	struct peer_script with = {
	    .capabilities = "STARTTLS", .capabilities_tls = OFFERED};
	struct scene scene = {.zone = TLS_ZONE TLS_HOST " A 127.0.0.3\n",
	    .servers = {{.address = "127.0.0.2", .script = &without},
		{.address = "127.0.0.3", .script = &with}}};
	struct tls_bench bench;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	without.tls = with.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	home_control(&scene.home, "tlspolicy", "a.test:verify requiretls\n");
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'K', "127.0.0.3 accepted");
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

/* What files look like that somebody has edited, or a program has written. */
struct file {
	const char *head;
	int filler; /* so many octets of the last one of head */
	const char *tail;
	const char *host;
	char verdict;
	const char *text;
};

static const struct file files[] = {
    /* DOS line ends: only whose line it is waits. */
    {"a.test:none\r\nb.test:secure\r\n", 0, "", "a.test", 'Z',
	"line 1: \"none?\": there is a carriage return in the line"},
    {"a.test:verify match=mx.a.test\r\n", 0, "", "a.test", 'Z',
	"there is a carriage return in the line"},
    {"a.test:fingerprint pin=" ZEROS "\r\n", 0, "", "a.test", 'Z',
	"there is a carriage return in the line"},
    {"# DOS\r\n\r\nb.test:none\r\n", 0, "", "a.test", 'K', "250"},
    {"\xef\xbb\xbf"
     "a.test:encrypt\n",
	0, "", "a.test", 'Z', "control/tlspolicy line 1."},
    {"a.test:encrypt", 0, "", "a.test", 'Z', "control/tlspolicy line 1."},
    {" \t a.test:encrypt \t ", 0, "\n", "a.test", 'Z',
	"control/tlspolicy line 1."},
    /* A wrong line is its own mail's concern. */
    {"b.test:paranoid\n", 0, "", "a.test", 'K', "250"},
    {"b.test\n", 0, "", "a.test", 'K', "250"},
    {"a.test\n", 0, "", "a.test", 'Z', "there is no colon"},
    {".test:paranoid\na.test:may\n", 0, "", "a.test", 'K', "250"},
    {":paranoid\n", 0, "", "a.test", 'Z', "not a level"},
    /* Lines of a megabyte. */
    {"a.test:x", MEGABYTE, "\n", "a.test", 'Z', "not a level"},
    {"a.test:may ", MEGABYTE, "\n", "a.test", 'K', "250"},
    {"#", MEGABYTE, "\na.test:encrypt\n", "a.test", 'Z',
	"control/tlspolicy line 2."},
    {"x", MEGABYTE, ":may\na.test:encrypt\n", "a.test", 'Z',
	"control/tlspolicy line 2."},
    {"x", MEGABYTE, ":may\n", "a.test", 'K', "250"},
};

START_TEST(forms)
{
	const struct file *file = &files[_i];
	struct scene scene = {
	    .zone = TLS_ZONE, .servers = {{.address = "127.0.0.2"}}};
	size_t length = strlen(file->head);
	size_t total = length + (size_t)file->filler;
	char *text = calloc(1, total + strlen(file->tail) + 1);

	ck_assert_ptr_nonnull(text);
	strcpy(text, file->head);
	memset(text + length, text[length - 1], (size_t)file->filler);
	memcpy(text + total, file->tail, strlen(file->tail));
	scene_furnish(&scene);
	home_control(&scene.home, "tlspolicy", text);
	scene_play(&scene, file->host);
	scene_expect(&scene, file->verdict, file->text);
	scene_free(&scene);
	free(text);
}
END_TEST

#define BUCHER                                                                 \
	"b\xc3\xbc"                                                            \
	"cher.test"

/* A NUL does not end a line: what stands behind it would be lost. */
START_TEST(nul)
{
	static const char *const lines[] = {"a.test:may@encrypt\n",
	    "a.test:may @requiretls\n", "a.test:may@\n", "a.test:none@"};
	struct scene scene = {
	    .zone = TLS_ZONE, .servers = {{.address = "127.0.0.2"}}};
	size_t size = strlen(lines[_i]);
	char *text = strdup(lines[_i]);

	*strchr(text, '@') = '\0';
	scene_furnish(&scene);
	home_control_bytes(&scene.home, "tlspolicy", text, size);
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'Z', "tlspolicy, line 1: ");
	scene_free(&scene);
	free(text);
}
END_TEST

/* As many words as a line may have, and one more. */
static const struct crowd {
	const char *level, *word;
	int count;
	char verdict;
	const char *text;
} crowds[] = {
    {"verify", " match=mx.a.test", POLICY_WORDS_MAX, 'K', VERIFIED},
    {"verify", " match=mx.a.test", POLICY_WORDS_MAX + 1, 'Z',
	"tlspolicy, line 1: \"mx.a.test\": there are more than 1000 such "
	"words"},
    {"fingerprint", " pin=" ZEROS, POLICY_WORDS_MAX, 'Z', "of those of pin="},
    {"fingerprint", " pin=" ZEROS, POLICY_WORDS_MAX + 1, 'Z',
	"there are more than 1000 such words"},
};

START_TEST(many)
{
	const struct crowd *crowd = &crowds[_i];
	struct peer_script script = {.capabilities = "STARTTLS"};
	struct scene scene = {.zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct tls_bench bench;
	struct bytes text = {0};

	bytes_add_text(&text, "a.test:");
	bytes_add_text(&text, crowd->level);
	for (int i = 0; i < crowd->count; i++)
		bytes_add_text(&text, crowd->word);
	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	home_control(&scene.home, "tlspolicy", text.data);
	scene_play(&scene, "a.test");
	scene_expect(&scene, crowd->verdict, crowd->text);
	scene_free(&scene);
	bytes_free(&text);
	tls_bench_free(&bench);
}
END_TEST

/* Whose line it is: the relay's as the route names it, or else the host's. */
static const struct hop {
	const char *routes; /* but for the port; or NULL */
	const char *key, *host;
	bool found;
} hops[] = {
    {NULL, "a.test", "a.test", true},
    {NULL, "A.Test", "a.test", true},
    {NULL, "a.test", "A.TEST", true},
    {NULL, ".test", "a.test", true},
    {NULL, "", "a.test", true},
    {NULL, ".a.test", "a.test", false},
    {NULL, "mx.a.test", "a.test", false},
    {NULL, "b.test", "a.test", false},
    {NULL, "[127.0.0.2]", "[127.0.0.2]", true},
    {NULL, BUCHER, BUCHER, true},
    {NULL, "xn--bcher-kva.test", BUCHER, true},
    {NULL, BUCHER, "xn--bcher-kva.test", true},
    {":mx.a.test:", "mx.a.test", "a.test", true},
    {":mx.a.test:", ".a.test", "a.test", true},
    {":mx.a.test:", "a.test", "a.test", false},
    {":mx.a.test:", "b.test", "b.test", false},
    {":[127.0.0.2]:", "[127.0.0.2]", "a.test", true},
    {":127.0.0.2:", "[127.0.0.2]", "a.test", true},
    {":[127.0.0.2]:", "a.test", "a.test", false},
};

START_TEST(next_hop)
{
	const struct hop *hop = &hops[_i];
	struct scene scene = {
	    .zone = TLS_ZONE "xn--bcher-kva.test MX 10 " TLS_HOST "\n",
	    .servers = {{.address = "127.0.0.2"}}};

	scene_start(&scene);
	scene_control(&scene, "tlspolicy", "%s:encrypt\n", hop->key);
	if (hop->routes != NULL)
		scene_control(&scene, "smtproutes", "%s%u\n", hop->routes,
		    (unsigned)peer_port(scene.peer));
	scene_deliver(&scene, hop->host);
	scene_expect(&scene, hop->found ? 'Z' : 'K',
	    hop->found ? "control/tlspolicy line 1." : "250");
	scene_free(&scene);
}
END_TEST

/* An address that is the next hop has no name but itself. */
static const struct address {
	const char *level;
	const char *routes; /* but for the port; or NULL */
	const char *host;
	enum tls_identity identity;
	char verdict;
} addresses[] = {
    {"verify", NULL, "[127.0.0.2]", TLS_ADDRESSES, 'K'},
    {"secure", NULL, "[127.0.0.2]", TLS_ADDRESSES, 'K'},
    {"secure", NULL, "127.0.0.2", TLS_ADDRESSES, 'K'},
    {"secure", ":[127.0.0.2]:", "a.test", TLS_ADDRESSES, 'K'},
    {"secure", ":127.0.0.2:", "a.test", TLS_ADDRESSES, 'K'},
    {"secure", ":[::1]:", "a.test", TLS_ADDRESSES, 'K'},
    {"secure", NULL, "[127.0.0.2]", TLS_GOOD, 'Z'},
    {"secure", ":[127.0.0.2]:", "a.test", TLS_GOOD, 'Z'},
    {"secure match=mx.a.test", NULL, "[127.0.0.2]", TLS_GOOD, 'K'},
    {"secure match=mx.a.test", NULL, "[127.0.0.2]", TLS_ADDRESSES, 'Z'},
};

START_TEST(address_next_hop)
{
	const struct address *address = &addresses[_i];
	struct peer_script script = {.capabilities = "STARTTLS"};
	struct scene scene = {
	    .servers = {{.address = "127.0.0.2", .script = &script},
		{.address = "::1", .script = &script}}};
	struct tls_bench bench;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, address->identity, NULL);
	scene_start(&scene);
	scene_control(&scene, "tlspolicy", ":%s\n", address->level);
	if (address->routes != NULL)
		scene_control(&scene, "smtproutes", "%s%u\n", address->routes,
		    (unsigned)peer_port(scene.peer));
	scene_deliver(&scene, address->host);
	scene_expect(&scene, address->verdict,
	    address->verdict == 'K' ? ", verified " : ORIGIN);
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

/* 100,000 lines, compiled and then found. */
START_TEST(many_lines)
{
	struct scene scene = {
	    .zone = TLS_ZONE, .servers = {{.address = "127.0.0.2"}}};
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	for (int i = 1; i < 100000; i++)
		fprintf(stream, "host%d.example:secure\n", i);
	fputs("a.test:encrypt\n", stream);
	fclose(stream);
	scene_start(&scene);
	home_control(&scene.home, "tlspolicy", text);
	for (int i = 0; i < 2; i++) {
		scene_deliver(&scene, "a.test");
		scene_expect(&scene, 'Z', "control/tlspolicy line 100000.");
	}
	scene_free(&scene);
	free(text);
}
END_TEST

/* Without a line nothing is asked of MTA-STS but what control/mtasts says. */
START_TEST(nosts)
{
	static const char *const policies[] = {
	    "a.test:may nosts\n", "a.test:none\n", ""};
	struct scene scene = {
	    .zone = TLS_ZONE, .servers = {{.address = "127.0.0.2"}}};
	struct tls_bench bench;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	home_control(&scene.home, "mtasts", "1\n");
	home_control(&scene.home, "tlspolicy", policies[_i]);
	scene_play(&scene, "a.test");
	scene_expect(&scene, 'K', "");
	ck_assert_int_eq(
	    dns_queries(scene.dns, NULL, "TXT") > 0, policies[_i][0] == '\0');
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("policy-words")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, words, 0, (int)COUNT(rows));
	tcase_add_test(tcase, another_offers);
	tcase_add_loop_test(tcase, forms, 0, (int)COUNT(files));
	tcase_add_loop_test(tcase, nul, 0, 4);
	tcase_add_loop_test(tcase, many, 0, COUNT(crowds));
	tcase_add_loop_test(tcase, next_hop, 0, (int)COUNT(hops));
	tcase_add_loop_test(tcase, address_next_hop, 0, (int)COUNT(addresses));
	tcase_add_test(tcase, many_lines);
	tcase_add_loop_test(tcase, nosts, 0, 3);
}
