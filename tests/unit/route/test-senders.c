/* SPDX-License-Identifier: ISC */
/* Routes by sender, before those by host; control/authsenders. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "route-text.h"
#include "route/key.h"
#include "route/routes.h"
#include "suite.h"
#include "unit.h"

#define RUN "run/qmail-remote"
#define U_UMLAUT "\xc3\xbc"

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

/* The route as text; after a failure its last line, without the path. */
static const char *find(
    struct route *route, const char *host, const char *sender)
{
	struct request request = {.host = host, .sender = (char *)sender};
	struct failure failure;
	const char *text;

	if (route_find(route, &request, RUN, &failure))
		return route_text(route);
	if (failure.class == FAILURE_PERMANENT)
		return "D";
	ck_assert_ptr_nonnull(strstr(failure.text, home.path));
	text = strstr(failure.text, "/control/");
	return text != NULL ? text + strlen("/control/") : failure.text;
}

/* One line of authsenders. */
static const struct form {
	const char *line, *sender, *route;
} forms[] = {
    {"a@x.org:r|u|s", "a@x.org", "r:25 u s"},
    {"a@x.org:r:587 u s", "a@x.org", "r:587 u s"},
    {"a@x.org:r", "a@x.org", "r:25"},
    {"a@x.org:[::1]:26", "a@x.org", "[::1]:26"},
    {"A@X.Org:r", "a@x.oRG", "r:25"},
    {"a@x.org:r", "b@x.org", "-"},
    {"a@x.org:r", "a@y.x.org", "-"},
    {"a@x.org:r", "x.org", "-"},
    {"a@x.org:r", "", "-"},
    {"a@x.org:", "a@x.org", "-"},
    {" a@x.org:r", "a@x.org", "r:25"},
    {"a@x.org:r", "a@x.org.", "r:25"},
    {"a@x.org.:r", "a@x.org", "r:25"},
    {"a@b@x.org:r", "a@b@x.org", "r:25"},
    {"a|b@x.org:r|u|s", "a|b@x.org", "r:25 u s"},
    {"@x.org:r", "a@x.org", "r:25"},
    {"@x.org:r", "a@y.x.org", "-"},
    {"@x.org:r", "@x.org", "r:25"},
    {"x.org:r", "a@x.org", "-"},
    {".x.org:r", "a@y.x.org", "r:25"},
    {".x.org:r", "a@z.y.x.org", "r:25"},
    {".x.org:r", "a@x.org", "-"},
    {".org:r", "a@x.org", "r:25"},
    {".org:r", "x.org", "-"},
    {"@b" U_UMLAUT ".org:r", "a@xn--b-eha.org", "r:25"},
    {"@xn--b-eha.org:r", "a@b" U_UMLAUT ".org", "r:25"},
    {".b" U_UMLAUT ".org:r", "a@x.XN--B-EHA.org", "r:25"},
    {U_UMLAUT "@x.org:r", U_UMLAUT "@x.org", "r:25"},
    {"@[192.0.2.1]:r", "a@[192.0.2.1]", "r:25"},
    {"a@[IPv6:2001:DB8::1]:r", "a@[IPv6:2001:db8:0::1]", "r:25"},
    {"!@:r", "", "r:25"},
    {"!@:r", "a@x.org", "-"},
    {":r", "", "r:25"},
    {":r", "a@x.org", "r:25"},
    {":r", "local", "r:25"},
    {"@:r", "a@", "r:25"},
    {"#@[]:r", "#@[]", "-"},
    {":r", "#@[]", "r:25"},
    /* Mistakes are those of their own senders. */
    {"a@x.org", "a@x.org",
	"authsenders, line 1: there is no colon behind the "
	"key.\n"},
    {"a@x.org|u|s3cr3t:x", "a@x.org",
	"authsenders, line 1: there is no colon behind the key.\n"},
    {"a@x.org u s3cr3t", "a@x.org",
	"authsenders, line 1: there is no colon behind the key.\n"},
    {"a@x.org|u|s3cr3t", "b@x.org", "-"},
    {"|u|s3cr3t", "b@x.org",
	"authsenders, line 1: there is no colon behind the key.\n"},
    {"@x.org:r|s3cr3t", "a@x.org",
	"authsenders, line 1: there is only one |: write relay|user|secret.\n"},
    {"@x.org:r:0|u|s3cr3t", "a@x.org",
	"authsenders, line 1: \"r:0\": not a relay: a name, an address or an "
	"[address], and after a colon a port from 1 to 65535.\n"},
    {"@x.org:u:s3cr3t@r", "a@x.org",
	"authsenders, line 1: not a relay: a name, an address or an "
	"[address], and after a colon a port from 1 to 65535.\n"},
    {"@x.org:r|u|s\r", "a@x.org",
	"authsenders, line 1: there is a control character in it.\n"},
    {"@x.org:r|u|s\r", "a@y.org", "-"},
};

START_TEST(one_line)
{
	const struct form *form = &forms[_i];
	struct route route;

	home_control(&home, "authsenders", form->line);
	ck_assert_str_eq(find(&route, "h.test", form->sender), form->route);
}
END_TEST

/* The narrowest key counts; an empty value hands on to smtproutes. */
START_TEST(order)
{
	static const char senders[] = "# comment\n"
				      "a@x.org:one|u|s\n"
				      "b@x.org:\n"
				      "@x.org:two|u|s\n"
				      ".org:three|u|s\n"
				      ".x.org:four|u|s\n"
				      "!@:\n"
				      "@z.com:old|u|s\n"
				      "@z.com:new|u|s\n"
				      ":all|u|s\n";
	static const struct {
		const char *sender, *route;
		unsigned long line;
	} rows[] = {{"a@x.org", "one:25 u s", 2}, {"b@x.org", "relay:26", 1},
	    {"c@x.org", "two:25 u s", 4}, {"c@y.org", "three:25 u s", 5},
	    {"c@y.x.org", "four:25 u s", 6}, {"", "relay:26", 1},
	    {"c@z.com", "new:25 u s", 9}, {"c@net.test", "all:25 u s", 10}};

	home_control(&home, "authsenders", senders);
	home_control(&home, "smtproutes", "h.test:relay:26\n");
	for (int i = 0; i < COUNT(rows); i++) {
		char path[HOME_PATH];
		struct route route;

		ck_assert_str_eq(
		    find(&route, "h.test", rows[i].sender), rows[i].route);
		ck_assert_uint_eq(route.line, rows[i].line);
		ck_assert_str_eq(
		    route.file, home_path(&home,
				    rows[i].line == 1 ? "control/smtproutes"
						      : "control/authsenders",
				    path));
		if (route.credentials != NULL) {
			ck_assert_str_eq(route.credentials->file, route.file);
			ck_assert_uint_eq(route.credentials->line, route.line);
		}
	}
}
END_TEST

START_TEST(no_route)
{
	struct route route;

	ck_assert_str_eq(find(&route, "h.test", "a@x.org"), "-");
	ck_assert_ptr_null(route.file);
	ck_assert_str_eq(route_next_hop(&route, "h.test"), "h.test");
	home_control(&home, "smtproutes", "h.test:\n:r|u|s\n");
	ck_assert_str_eq(find(&route, "h.test", "a@x.org"), "-");
	ck_assert_uint_eq(route.line, 1);
	ck_assert_ptr_null(route.credentials);
	ck_assert_str_eq(find(&route, "H" U_UMLAUT ".test", ""), "r:25 u s");
	ck_assert_str_eq(route_next_hop(&route, "h.test"), "r");
	ck_assert_str_eq(find(&route, "h\n.test", ""), "D");
	home_control(&home, "smtproutes", ":[2001:DB8:0::1]:26\n");
	ck_assert_str_eq(find(&route, "h.test", ""), "[2001:db8::1]:26");
	ck_assert_str_eq(route_next_hop(&route, "h.test"), "[2001:db8::1]");
}
END_TEST

START_TEST(unreadable)
{
	struct route route;

	ck_assert_int_eq(mkdir("control/authsenders", 0700), 0);
	ck_assert_str_eq(find(&route, "h.test", "a@x.org"),
	    "authsenders: Is a directory.\n");
}
END_TEST

/* What is compiled holds secrets. */
START_TEST(mode)
{
	static const char *const files[] = {
	    RUN "/authsenders.cdb", RUN "/smtproutes.cdb"};
	struct route route;
	struct stat status;

	umask(0);
	home_control(&home, "authsenders", "a@x.org:r|u|s\n");
	home_control(&home, "smtproutes", ":r|u|s\n");
	ck_assert_str_eq(find(&route, "h.test", "b@x.org"), "r:25 u s");
	for (int i = 0; i < COUNT(files); i++) {
		ck_assert_int_eq(stat(files[i], &status), 0);
		ck_assert_int_eq(status.st_mode & 07777, 0600);
	}
}
END_TEST

START_TEST(next_hop_keys)
{
	static const char *const keys[][2] = {{"Example.ORG.", "example.org"},
	    {"192.0.2.1", "[192.0.2.1]"}, {"[192.0.2.1]", "[192.0.2.1]"},
	    {"2001:DB8::1", "[2001:db8::1]"}, {".x.", ".x"}, {".", "."},
	    {"", ""}};
	struct failure failure;

	for (int i = 0; i < COUNT(keys); i++)
		ck_assert_str_eq(
		    key_of_next_hop(keys[i][0], &failure), keys[i][1]);
}
END_TEST

SUITE("senders")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, one_line, 0, COUNT(forms));
	tcase_add_test(tcase, order);
	tcase_add_test(tcase, no_route);
	tcase_add_test(tcase, unreadable);
	tcase_add_test(tcase, mode);
	tcase_add_test(tcase, next_hop_keys);
}
