/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "environment.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { ROOM = 48 };

static const struct row {
	char variable[ROOM];
	bool stays;
} rows[] = {
    {"PATH=/bin", true},
    {"PATH", false},
    {"PATHS=/bin", false},
    {"path=/bin", false},
    {"LD_PRELOAD=evil.so", false},
    {"LD_LIBRARY_PATH=/tmp", false},
    {"LANG=de_DE.UTF-8", true},
    {"LANG=", true},
    {"LANGUAGE=fr:de", true},
    {"LANGUAGES=fr", false},
    {"LC_ALL=C", true},
    {"LC_MESSAGES=de", true},
    {"LC=C", false},
    {"LCX=C", false},
    {"LOCPATH=/tmp", false},
    {"NLSPATH=/tmp", false},
    {"TZ=UTC", true},
    {"TZDIR=/tmp", false},
    {"TMPDIR=/tmp", false},
    {"DNSCACHEIP=127.0.0.1", true},
    {"RES_OPTIONS=ndots:1", true},
    {"LOCALDOMAIN=example.org", false},
    {"HOSTALIASES=/tmp/hosts", false},
    {"CARES_HOSTS=/tmp/hosts", false},
    {"SSLKEYLOGFILE=/tmp/keys", false},
    {"GNUTLS_SYSTEM_PRIORITY_FILE=/tmp/x", false},
    {"SSL_CERT_FILE=/tmp/x", false},
    {"https_proxy=http://127.0.0.1/", false},
    {"ALL_PROXY=http://127.0.0.1/", false},
    {"HOME=/root", false},
    {"QMAILREMOTE=/x", false},
    {"SPARED=PATH", true},
    {"=PATH", false},
    {"", false},
};

static bool spare(const char *variable)
{
	return strcmp(variable, "SPARED=PATH") == 0;
}

/* Each variable alone and all of them at once, in their order. */
START_TEST(all)
{
	/* Check looks into the environment after us. */
	static char variables[COUNT(rows)][ROOM];
	static char *list[COUNT(rows) + 1];
	size_t count = 0;

	for (int i = 0; i < COUNT(rows); i++) {
		memcpy(variables[i], rows[i].variable, ROOM);
		list[i] = variables[i];
	}
	list[COUNT(rows)] = NULL;
	environ = list;
	environment_clean(spare);
	for (int i = 0; i < COUNT(rows); i++) {
		if (rows[i].stays)
			ck_assert_str_eq(list[count++], rows[i].variable);
		else
			ck_assert_str_eq(variables[i], "");
	}
	ck_assert_ptr_null(list[count]);
}
END_TEST

START_TEST(alone)
{
	static char variable[ROOM];
	static char *list[] = {variable, NULL};

	memcpy(variable, rows[_i].variable, ROOM);
	environ = list;
	environment_clean(spare);
	if (rows[_i].stays)
		ck_assert_str_eq(environ[0], rows[_i].variable);
	else
		ck_assert_ptr_null(environ[0]);
}
END_TEST

START_TEST(nothing)
{
	static char *empty[] = {NULL};

	environ = NULL;
	environment_clean(spare);
	environ = empty;
	environment_clean(spare);
	ck_assert_ptr_null(environ[0]);
}
END_TEST

SUITE("environment")
{
	tcase_add_test(tcase, all);
	tcase_add_loop_test(tcase, alone, 0, COUNT(rows));
	tcase_add_test(tcase, nothing);
}
