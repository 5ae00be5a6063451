/* SPDX-License-Identifier: ISC */
/* Where connections come from, by sender and family. */
#include "config.h"

#include "route/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define U_UMLAUT "\xc3\xbc"

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

static void add_part(char text[300], bool use, const struct source_line *line)
{
	const char *helohost = line->helohost;
	char address[IP_TEXT_SIZE];
	size_t length = strlen(text);

	if (!use)
		snprintf(text + length, 300 - length, "-");
	else if (!source_line_binds(line))
		snprintf(text + length, 300 - length, "any");
	else
		snprintf(text + length, 300 - length, "%lu=%s%s%s",
		    line->number, ip_format(&line->ip, address),
		    helohost != NULL ? "/" : "",
		    helohost != NULL ? helohost : "");
}

/* "IPv4 IPv6", each "-", "any" or "line=address[/name]". */
static const char *show(const struct source *source)
{
	static char text[300];

	snprintf(text, sizeof text, "%s", source->v4_first ? "v4 " : "");
	add_part(text, source->use_v4, &source->v4);
	snprintf(text + strlen(text), sizeof text - strlen(text), " ");
	add_part(text, source->use_v6, &source->v6);
	return text;
}

/* The source as text; after a failure its last line, without the path. */
static const char *find(const char *sender, enum address_family family)
{
	const struct settings settings = {.address_family = family};
	struct source source;
	struct failure failure;
	const char *text;

	if (source_find(&source, sender, &settings, &failure))
		return show(&source);
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_ptr_nonnull(strstr(failure.text, home.path));
	text = strstr(failure.text, "/control/");
	ck_assert_ptr_nonnull(text);
	return text + strlen("/control/");
}

static void write_file(const char *name, const char *text)
{
	home_remove_control(&home, name);
	if (text != NULL)
		home_control(&home, name, text);
}

#define MORE "more than an address, or @domain, an address and a name.\n"

/* One file or both, for a@x.org. */
static const struct form {
	const char *v4, *v6, *source;
} forms[] = {
    {NULL, NULL, "any any"},
    {"", "", "any any"},
    {"#\n\n", NULL, "any any"},
    {"192.0.2.1\n", NULL, "1=192.0.2.1 -"},
    {" 192.0.2.1 \n", NULL, "1=192.0.2.1 -"},
    {NULL, "2001:db8::1", "- 1=2001:db8::1"},
    {"192.0.2.1\n", "2001:db8::1\n", "1=192.0.2.1 1=2001:db8::1"},
    {"0.0.0.0\n", NULL, "any -"},
    {NULL, "::\n", "- any"},
    {"192.0.2.1\n", "::\n", "1=192.0.2.1 any"},
    {"# x\n\n192.0.2.1\n", NULL, "3=192.0.2.1 -"},
    /* By sender. */
    {"@x.org 192.0.2.1\n", NULL, "1=192.0.2.1 -"},
    {"@X.Org. \t 192.0.2.1\n", NULL, "1=192.0.2.1 -"},
    {"@x.org 192.0.2.1 mx.x.org\n", NULL, "1=192.0.2.1/mx.x.org -"},
    {"@x.org 192.0.2.1 b" U_UMLAUT ".org\n", NULL,
	"1=192.0.2.1/xn--b-eha.org -"},
    {"@x.org 192.0.2.1 a.org\n", "@x.org 2001:db8::1 b.org\n",
	"1=192.0.2.1/a.org 1=2001:db8::1/b.org"},
    {"@y.org 192.0.2.1\n", NULL, "any any"},
    {"@.org 192.0.2.1\n", NULL, "1=192.0.2.1 -"},
    {"@.x.org 192.0.2.1\n", NULL, "any any"},
    {"@.rg 192.0.2.1\n", NULL, "any any"},
    {"192.0.2.9\n@.org 192.0.2.8\n@x.org 192.0.2.1\n", NULL, "3=192.0.2.1 -"},
    {"@x.org 192.0.2.1\n@.org 192.0.2.8\n192.0.2.9\n", NULL, "1=192.0.2.1 -"},
    {"@.org 192.0.2.8\n192.0.2.9\n", NULL, "1=192.0.2.8 -"},
    {"@y.org 192.0.2.8\n192.0.2.9\n", "@y.org ::1\n", "2=192.0.2.9 -"},
    {"@x.org 0.0.0.0 mx.x.org\n192.0.2.9\n", NULL, "any -"},
    {"@a" U_UMLAUT ".org 192.0.2.1\n", NULL, "any any"},
    {"@ 192.0.2.1\n", NULL, "any any"},
    /* Mistakes of x.org's line. */
    {"localhost\n", NULL,
	"outgoingip, line 1: \"localhost\": not an IPv4 address.\n"},
    {"x.org 192.0.2.1\n", NULL,
	"outgoingip, line 1: \"x.org\": not an IPv4 address.\n"},
    {"::1\n", NULL, "outgoingip, line 1: \"::1\": not an IPv4 address.\n"},
    {"[192.0.2.1]\n", NULL,
	"outgoingip, line 1: \"[192.0.2.1]\": not an IPv4 address.\n"},
    {NULL, "192.0.2.1\n",
	"outgoingip6, line 1: \"192.0.2.1\": not an IPv6 address.\n"},
    {NULL, "::ffff:192.0.2.1\n",
	"outgoingip6, line 1: \"::ffff:192.0.2.1\": not an IPv6 address.\n"},
    {"192.0.2.1\r\n", NULL,
	"outgoingip, line 1: \"192.0.2.1?\": not an IPv4 address.\n"},
    {"192.0.2.1 mx.x.org\n", NULL, "outgoingip, line 1: \"mx.x.org\": " MORE},
    {"@x.org 192.0.2.1 a b\n", NULL, "outgoingip, line 1: \"a b\": " MORE},
    {"@x.org\n", NULL, "outgoingip, line 1: \"\": not an IPv4 address.\n"},
    {"@x.org 192.0.2.1 a..b\n", NULL,
	"outgoingip, line 1: \"a..b\": not a domain name.\n"},
    {"192.0.2.1\n192.0.2.2\n", NULL,
	"outgoingip, line 2: \"192.0.2.2\": line 1 has the same key.\n"},
    {"@x.org 192.0.2.1\n#\n@X.org 192.0.2.1\n", NULL,
	"outgoingip, line 3: \" 192.0.2.1\": line 1 has the same key.\n"},
    /* Not of x.org's. */
    {"192.0.2.1\n@y.org nonsense\n", NULL, "1=192.0.2.1 -"},
    {"localhost\n@x.org 192.0.2.1\n", NULL, "2=192.0.2.1 -"},
    {"192.0.2.1\n192.0.2.2\n@x.org 192.0.2.1\n", NULL, "3=192.0.2.1 -"},
};

START_TEST(files)
{
	const struct form *form = &forms[_i];

	write_file("outgoingip", form->v4);
	write_file("outgoingip6", form->v6);
	ck_assert_str_eq(find("a@x.org", FAMILY_ANY), form->source);
}
END_TEST

START_TEST(senders)
{
	static const char *const rows[][2] = {{"", "4=192.0.2.4 -"},
	    {"local", "4=192.0.2.4 -"}, {"a@x.org", "1=192.0.2.1 -"},
	    {"a@y.x.org", "2=192.0.2.2 -"}, {"a@z.y.X.org.", "2=192.0.2.2 -"},
	    {"a@[192.0.2.9]", "3=192.0.2.3 -"}, {"a@org", "4=192.0.2.4 -"},
	    {"x.org", "4=192.0.2.4 -"}, {"a@b@x.org", "1=192.0.2.1 -"}};

	write_file("outgoingip", "@x.org 192.0.2.1\n@.x.org 192.0.2.2\n"
				 "@[192.0.2.9] 192.0.2.3\n192.0.2.4\n");
	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_str_eq(find(rows[i][0], FAMILY_ANY), rows[i][1]);
}
END_TEST

/* Files, and what becomes of them under each addressfamily. */
START_TEST(families)
{
	static const char none[] =
	    "addressfamily: with control/outgoingip and control/outgoingip6 "
	    "it leaves no addresses.\n";
	static const struct {
		const char *v4, *v6;
		const char *any, *ipv4, *ipv6, *ipv4_only, *ipv6_only;
	} rows[] = {
	    {NULL, NULL, "any any", "v4 any any", "any any", "any -", "- any"},
	    {"192.0.2.1\n", NULL, "1=192.0.2.1 -", "v4 1=192.0.2.1 -",
		"1=192.0.2.1 -", "1=192.0.2.1 -", none},
	    {NULL, "::2\n", "- 1=::2", "v4 - 1=::2", "- 1=::2", none,
		"- 1=::2"},
	    {"192.0.2.1\n", "::2\n", "1=192.0.2.1 1=::2",
		"v4 1=192.0.2.1 1=::2", "1=192.0.2.1 1=::2", "1=192.0.2.1 -",
		"- 1=::2"},
	};

	for (int i = 0; i < COUNT(rows); i++) {
		write_file("outgoingip", rows[i].v4);
		write_file("outgoingip6", rows[i].v6);
		ck_assert_str_eq(find("", FAMILY_ANY), rows[i].any);
		ck_assert_str_eq(find("", FAMILY_IPV4), rows[i].ipv4);
		ck_assert_str_eq(find("", FAMILY_IPV6), rows[i].ipv6);
		ck_assert_str_eq(find("", FAMILY_IPV4_ONLY), rows[i].ipv4_only);
		ck_assert_str_eq(find("", FAMILY_IPV6_ONLY), rows[i].ipv6_only);
	}
}
END_TEST

#define NOT_BORNE(line, ip)                                                    \
	"/control/outgoingip, line " line ": \"" ip                            \
	"\": this machine does not "                                           \
	"bear that address.\n"

/*
 * Addresses of the loopback interface are there, those of others not; nor does
 * a machine bear what stands for several.
 */
START_TEST(borne)
{
	static const struct {
		const char *v4;
		const char *reason;
	} rows[] = {{"127.0.0.1\n", NULL}, {"127.0.0.9\n", NULL},
	    {"0.0.0.0\n", NULL}, {"@x.org 192.0.2.77\n", NULL},
	    {"#\n192.0.2.77\n", NOT_BORNE("2", "192.0.2.77")},
	    {"255.255.255.255\n", NOT_BORNE("1", "255.255.255.255")},
	    {"127.255.255.255\n", NOT_BORNE("1", "127.255.255.255")},
	    {"224.0.0.1\n", NOT_BORNE("1", "224.0.0.1")},
	    {"239.9.9.9\n", NOT_BORNE("1", "239.9.9.9")}};
	const struct settings settings = {0};

	for (int i = 0; i < COUNT(rows); i++) {
		struct source source;
		struct failure failure;

		write_file("outgoingip", rows[i].v4);
		ck_assert(source_find(&source, "", &settings, &failure));
		if (rows[i].reason == NULL) {
			ck_assert(source_check(&source, &failure));
			continue;
		}
		ck_assert(!source_check(&source, &failure));
		ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
		ck_assert_msg(strstr(failure.text, rows[i].reason) != NULL,
		    "%s", failure.text);
	}
	write_file("outgoingip", NULL);
	for (int i = 0; i < 4; i++) {
		const struct settings only = {
		    .address_family = i < 2 ? FAMILY_ANY : FAMILY_IPV6_ONLY};
		const char *text = i % 2 == 0 ? "2001:db8::77" : "ff02::1";
		struct source source;
		struct failure failure;

		write_file("outgoingip6", text);
		ck_assert(source_find(&source, "", &only, &failure));
		ck_assert(!source_check(&source, &failure));
		ck_assert_ptr_nonnull(
		    strstr(failure.text, "/control/outgoingip6, line 1: \""));
		ck_assert_ptr_nonnull(strstr(failure.text, text));
	}
}
END_TEST

/* What a connection gets of it. */
START_TEST(connection)
{
	const struct settings settings = {.helohost = strdup("me.test")};
	struct ip v4, v6;
	struct source source;
	struct failure failure;

	ck_assert(
	    ip_parse(&v4, "198.51.100.1") && ip_parse(&v6, "2001:db8::9"));
	write_file("outgoingip", "@x.org 192.0.2.1 v4.test\n");
	write_file("outgoingip6", "@x.org ::\n");
	ck_assert(source_find(&source, "a@x.org", &settings, &failure));
	ck_assert_str_eq(source_helohost(&source, &v4, &settings), "v4.test");
	ck_assert_str_eq(source_helohost(&source, &v6, &settings), "me.test");
	ck_assert_ptr_eq(source_address(&source, &v4), &source.v4.ip);
	ck_assert_ptr_null(source_address(&source, &v6));
	ck_assert(source_find(&source, "", &settings, &failure));
	ck_assert_ptr_null(source_address(&source, &v4));
}
END_TEST

START_TEST(unreadable)
{
	ck_assert_int_eq(
	    mkdir(_i == 0 ? "control/outgoingip" : "control/outgoingip6", 0700),
	    0);
	ck_assert_str_eq(
	    find("", FAMILY_ANY), _i == 0 ? "outgoingip: Is a directory.\n"
					  : "outgoingip6: Is a directory.\n");
}
END_TEST

SUITE("source")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, files, 0, COUNT(forms));
	tcase_add_test(tcase, senders);
	tcase_add_test(tcase, families);
	tcase_add_test(tcase, borne);
	tcase_add_test(tcase, connection);
	tcase_add_loop_test(tcase, unreadable, 0, 2);
}
