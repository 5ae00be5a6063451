/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/routes.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "route-text.h"
#include "suite.h"
#include "unit.h"

#define RUN "run/qmail-remote"

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

static const char *find(const char *host, struct failure *failure)
{
	struct route route;

	return routes_find(&route, RUN, host, failure) ? route_text(&route)
						       : "Z";
}

/* Stock's words, and then the full path. */
static void expect_failure(const struct failure *failure, const char *rest)
{
	char path[HOME_PATH], expected[HOME_PATH + 100];

	snprintf(expected, sizeof expected,
	    "Unable to read control files. (#4.3.0)\n%s%s",
	    home_path(&home, "control/smtproutes", path), rest);
	ck_assert_int_eq(failure->class, FAILURE_TEMPORARY);
	ck_assert_ptr_eq(strstr(failure->text, expected), failure->text);
}

/* "Z": the failure names line 1. */
static const struct line_form {
	const char *line, *host, *route;
} line_forms[] = {
    {"example.org:r", "example.org", "r:25"},
    {"example.org:r", "sub.example.org", "-"},
    {"example.org:r", "example.org.", "-"},
    {"Example.ORG:r", "example.org", "r:25"},
    {".example.org:r", "sub.example.org", "r:25"},
    {".example.org:r", "a.b.example.org", "r:25"},
    {".example.org:r", "example.org", "-"},
    {".EXAMPLE.org:r", "x.example.org", "r:25"},
    {".org:r", "example.org", "r:25"},
    {".org:r", "xorg", "-"},
    {"org:r", "example.org", "-"},
    {":r", "anything.example", "r:25"},
    {":r:26", "anything.example", "r:26"},
    {"\xef\xbb\xbf:r", "anything.example", "r:25"},
    {":", "example.org", "-"},
    {"", "example.org", "-"},
    {"example.org", "example.org", "-"},
    {"#example.org:r", "example.org", "-"},
    {" example.org:r", "example.org", "-"},
    {"example.org :r", "example.org", "-"},
    {"example.org:r \t", "example.org", "r:25"},
    {"example.org:", "example.org", "-"},
    {"[192.0.2.1]:r:26", "[192.0.2.1]", "r:26"},
    {"[2001:db8::1]:r:26", "[2001:db8::1]", "r:26"},
    {"[2001:DB8:0::1]:[::1]:26", "[2001:db8::1]", "[::1]:26"},
    {"[IPv6:2001:db8::1]:r", "[2001:db8::1]", "r:25"},
    {"[::ffff:192.0.2.1]:r", "[192.0.2.1]", "r:25"},
    {"b\xc3\xbc"
     "cher.example:r",
	"xn--bcher-kva.example", "r:25"},
    {".B\xc3\x9c"
     "CHER.example:r",
	"www.xn--bcher-kva.example", "r:25"},
    {"XN--bcher-KVA.example:r", "xn--bcher-kva.example", "r:25"},
    {"example.org:mx:0", "example.org", "Z"},
    {"example.org:mx:99999", "example.org", "Z"},
    {"example.org: mx", "example.org", "Z"},
    {":[mx", "example.org", "Z"},
    {"example.org:mx:0", "example.net", "-"},
};

/* With and without a run directory. */
START_TEST(one_line)
{
	const struct line_form *form = &line_forms[_i / 2];
	char text[200];
	struct failure failure;
	const char *found;

	snprintf(text, sizeof text, "%s%s", form->line, _i % 2 ? "" : "\n");
	home_control(&home, "smtproutes", text);
	if (_i % 2)
		ck_assert_int_eq(rmdir(RUN), 0);
	found = find(form->host, &failure);
	ck_assert_str_eq(found, form->route);
	if (*found != 'Z')
		return;
	expect_failure(&failure, ", line 1: ");
}
END_TEST

START_TEST(several_lines)
{
	static const char text[] = "#comment\n"
				   "a.example:one\n"
				   "a.example:two\n"
				   "\n"
				   ".example:[::1]:2525\n"
				   "no route at all\n"
				   "b.example:\n"
				   ".net:mx:bad\n"
				   "A.Example:three\n"
				   "x.net:good:27\r\n"
				   "nul.org:r\0y.org:q\n"
				   "z.org:no such relay at all\n"
				   ":default";
	static const struct {
		const char *host, *route, *line;
	} hosts[] = {{"a.example", "three:25", NULL}, {"b.example", "-", NULL},
	    {"c.example", "[::1]:2525", NULL},
	    {"x.b.example", "[::1]:2525", NULL}, {"x.net", "good:27", NULL},
	    {"y.net", "Z", "line 8: \"mx:bad\""}, {"nul.org", "r:25", NULL},
	    {"y.org", "q:25", NULL},
	    {"z.org", "Z", "line 12: there are more words"},
	    {"other.com", "default:25", NULL}};
	struct failure failure;

	home_control_bytes(&home, "smtproutes", text, sizeof text - 1);
	for (int i = 0; i < COUNT(hosts); i++) {
		ck_assert_str_eq(find(hosts[i].host, &failure), hosts[i].route);
		if (hosts[i].line != NULL)
			ck_assert_msg(
			    strstr(failure.text, hosts[i].line) != NULL, "%s",
			    failure.text);
	}
}
END_TEST

/* Stock's constmap, as a search from the last line to the first. */
static const char *model_find(char lines[][64], int count, const char *key)
{
	for (int i = count - 1; i >= 0; i--) {
		const char *colon = strchr(lines[i], ':');

		if (*lines[i] != '#' && colon != NULL &&
		    (size_t)(colon - lines[i]) == strlen(key) &&
		    strncasecmp(lines[i], key, strlen(key)) == 0)
			return colon + 1;
	}
	return NULL;
}

static const char *model(char lines[][64], int count, const char *host)
{
	size_t length = strlen(host);

	for (size_t i = 0; i <= length; i++) {
		const char *relay;

		if (i > 0 && i < length && host[i] != '.')
			continue;
		relay = model_find(lines, count, host + i);
		if (relay != NULL)
			return relay;
	}
	return "";
}

static void random_name(char *name, size_t size, uint64_t *random, bool dot)
{
	static const char *const labels[] = {"a", "b", "org", "example", "a-b"};
	int count = 1 + (int)unit_random(random, 4);

	snprintf(name, size, "%s", dot ? "." : "");
	while (count-- > 0) {
		size_t length = strlen(name);

		snprintf(name + length, size - length, "%s%s",
		    labels[unit_random(random, COUNT(labels))],
		    count > 0 ? "." : "");
	}
}

static void random_line(char line[64], int number, uint64_t *random)
{
	static const char *const odd[] = {":", "#a:no", "a", ":def", "no colon",
	    "a:", "org:", ".org:", ".a.org:"};
	char name[48];

	if (unit_random(random, 8) == 0) {
		snprintf(line, 64, "%s", odd[unit_random(random, COUNT(odd))]);
		return;
	}
	random_name(name, sizeof name, random, unit_random(random, 2) == 0);
	for (char *at = name; *at != '\0'; at++)
		if (unit_random(random, 6) == 0)
			*at = (char)toupper((unsigned char)*at);
	snprintf(line, 64, "%s:r%d", name, number);
}

START_TEST(random_files)
{
	uint64_t random = (uint64_t)_i;

	for (int round = 0; round < 8; round++) {
		static char lines[40][64];
		int count = (int)unit_random(&random, COUNT(lines));
		struct bytes text = {0};

		for (int i = 0; i < count; i++) {
			random_line(lines[i], i, &random);
			bytes_add_text(&text, lines[i]);
			bytes_add_text(&text, "\n");
		}
		home_control_bytes(&home, "smtproutes", text.data, text.length);
		for (int i = 0; i < 60; i++) {
			char host[48], expected[64];
			const char *relay;
			struct failure failure;

			random_name(host, sizeof host, &random, false);
			relay = model(lines, count, host);
			snprintf(expected, sizeof expected,
			    *relay == '\0' ? "-" : "%s:25", relay);
			ck_assert_str_eq(find(host, &failure), expected);
		}
		bytes_free(&text);
	}
}
END_TEST

START_TEST(no_file)
{
	struct failure failure;

	ck_assert_str_eq(find("example.org", &failure), "-");
	home_control(&home, "smtproutes", ":r\n");
	ck_assert_str_eq(find("example.org", &failure), "r:25");
	ck_assert_int_eq(unlink("control/smtproutes"), 0);
	ck_assert_str_eq(find("example.org", &failure), "-");
}
END_TEST

static void make_directory(void)
{
	ck_assert_int_eq(mkdir("control/smtproutes", 0700), 0);
}

static void make_secret(void)
{
	home_control(&home, "smtproutes", ":r\n");
	ck_assert_int_eq(chmod("control/smtproutes", 0), 0);
}

static void make_loop(void)
{
	ck_assert_int_eq(symlink("smtproutes", "control/smtproutes"), 0);
}

START_TEST(unreadable)
{
	static void (*const spoil[])(void) = {
	    make_directory, make_loop, make_secret};
	struct failure failure;

	if (spoil[_i] == make_secret && geteuid() == 0)
		return;
	spoil[_i]();
	ck_assert_str_eq(find("example.org", &failure), "Z");
	expect_failure(&failure, ": ");
}
END_TEST

/* A compiled file that somebody has damaged. */
START_TEST(damaged)
{
	struct bytes database;
	struct failure failure;

	home_control(&home, "smtproutes", "a.org:r\n:s\n");
	ck_assert_str_eq(find("a.org", &failure), "r:25");
	ck_assert(home_read(&home, RUN "/smtproutes.cdb", &database));
	for (size_t at = 0; at < database.length; at += 97) {
		database.data[at] ^= 1;
		home_write(&home, RUN "/smtproutes.cdb", database.data,
		    _i == 0 ? database.length : at);
		database.data[at] ^= 1;
		ck_assert_str_eq(find("a.org", &failure), "r:25");
		ck_assert_str_eq(find("b.org", &failure), "s:25");
	}
}
END_TEST

/*
 * One after the other, the hash tables of the compiled file are said to be
 * where no file is, and not even its time shows it.
 */
START_TEST(damaged_unseen)
{
	struct bytes database;
	struct failure failure;
	struct stat status;

	home_control(&home, "smtproutes", "a.org:r\n:s\n");
	ck_assert_str_eq(find("a.org", &failure), "r:25");
	ck_assert(home_read(&home, RUN "/smtproutes.cdb", &database));
	ck_assert_int_eq(stat(RUN "/smtproutes.cdb", &status), 0);
	for (size_t i = 0; i < UNIT_TABLES; i++) {
		unit_spoil_table(
		    &home, RUN "/smtproutes.cdb", &database, i, status.st_mtim);
		ck_assert_str_eq(find("a.org", &failure), "r:25");
		ck_assert_str_eq(find("b.org", &failure), "s:25");
	}
	bytes_free(&database);
}
END_TEST

SUITE("routes")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, one_line, 0, 2 * COUNT(line_forms));
	tcase_add_test(tcase, several_lines);
	tcase_add_loop_test(tcase, random_files, 0, 4);
	tcase_add_test(tcase, no_file);
	tcase_add_loop_test(tcase, unreadable, 0, 3);
	tcase_add_loop_test(tcase, damaged, 0, 2);
	tcase_add_test(tcase, damaged_unseen);
}
