/* SPDX-License-Identifier: ISC */
/* Credentials behind the relay of a route, in both forms. */
#include "config.h"

#include "route/credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"
#include "xalloc.h"

#define SECRET "s3cr3t"
#define BEARER "bearer "

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
	home_control(&home, "secret", SECRET " \t\nmore\n");
	home_control(&home, "bare", SECRET);
	home_control(&home, "blank", " " SECRET "|x y\n");
	home_control(&home, "mark", "\xef\xbb\xbf" SECRET "\n");
	home_control(&home, "empty", "");
	home_control(&home, "blanks", " \t\n" SECRET "\n");
	home_control(&home, "dos", SECRET "\r\n");
	home_control_bytes(&home, "nul", SECRET "\0x\n", 9);
	ck_assert_int_eq(mkdir("control/directory", 0700), 0);
	ck_assert_int_eq(mkfifo("control/fifo", 0600), 0);
}

/* "relay;user;secret"; otherwise the reason. */
static const struct form {
	const char *value, *expected, *reason;
} forms[] = {
    {"", ";-", NULL},
    {"relay", "relay;-", NULL},
    {"relay:26", "relay:26;-", NULL},
    {"[::1]:26", "[::1]:26;-", NULL},
    {"relay#x", "relay#x;-", NULL},
    /* Bars: the secret is the rest. */
    {"relay|u|" SECRET, "relay;u;" SECRET, NULL},
    {"relay:26|u|" SECRET, "relay:26;u;" SECRET, NULL},
    {"[::1]:26|u|" SECRET, "[::1]:26;u;" SECRET, NULL},
    {"relay|u@x.org|" SECRET, "relay;u@x.org;" SECRET, NULL},
    {"relay|u u| " SECRET "|a b", "relay;u u; " SECRET "|a b", NULL},
    {"relay|u|#" SECRET, "relay;u;#" SECRET, NULL},
    {"relay|u|" SECRET ":x", "relay;u;" SECRET ":x", NULL},
    {"relay|u||", "relay;u;|", NULL},
    {"relay|\xc3\xbc|\xc3\xa4", "relay;\xc3\xbc;\xc3\xa4", NULL},
    {"relay| u|" SECRET, "relay; u;" SECRET, NULL},
    {"|u|" SECRET, NULL, "there is no relay in front of the user"},
    {"relay|" SECRET, NULL, "there is only one |"},
    {"relay|", NULL, "there is only one |"},
    {"|", NULL, "there is no relay"},
    {"||" SECRET, NULL, "there is no relay"},
    {"relay||" SECRET, NULL, "there is no user"},
    {"relay|u|", NULL, "there is no secret"},
    {"relay|#u|" SECRET, NULL, "the user begins with #"},
    {"relay|u|" SECRET "\r", NULL, "there is a control character in it"},
    {"relay|u\x01|" SECRET, NULL, "there is a control character in it"},
    {"relay|u\tu|" SECRET, NULL, "there is a control character in it"},
    {"relay|u|" SECRET "\x7f", NULL, "there is a control character in it"},
    /* Blanks: words. */
    {"relay u " SECRET, "relay;u;" SECRET, NULL},
    {"relay:26 u " SECRET, "relay:26;u;" SECRET, NULL},
    {"relay \t u \t " SECRET, "relay;u;" SECRET, NULL},
    {"relay u " SECRET " \t", "relay;u;" SECRET, NULL},
    {"relay u|x " SECRET "|y", "relay;u|x;" SECRET "|y", NULL},
    {"relay u #" SECRET, "relay;u;#" SECRET, NULL},
    {"relay |u|" SECRET, NULL, "there is no secret"},
    {" relay u " SECRET, NULL, "there is no relay"},
    {" u " SECRET, NULL, "there is no relay"},
    {"relay " SECRET, NULL, "there is no secret"},
    {"relay u " SECRET " x", NULL, "there are more words"},
    {"relay #u " SECRET, NULL, "the user begins with #"},
    {"relay u " SECRET "\r", NULL, "there is a control character in it"},
    /* Secrets in files, and tokens. */
    {"relay|u|file:control/secret", "relay;u;" SECRET, NULL},
    {"relay u file:control/secret", "relay;u;" SECRET, NULL},
    {"relay|u|file:control/bare", "relay;u;" SECRET, NULL},
    {"relay|u|file:control/blank", "relay;u; " SECRET "|x y", NULL},
    {"relay|u|file:control/mark", "relay;u;" SECRET, NULL},
    {"relay|u|FILE:x", "relay;u;FILE:x", NULL},
    {"relay|u|bearer:" SECRET, "relay;u;" BEARER SECRET, NULL},
    {"relay u bearer:" SECRET, "relay;u;" BEARER SECRET, NULL},
    {"relay|u|bearer:file:control/secret", "relay;u;" BEARER SECRET, NULL},
    {"relay|u|bearer:bearer:x", "relay;u;" BEARER "bearer:x", NULL},
    {"relay|u|file:bearer:x", NULL,
	"the file of the secret: No such file or directory"},
    {"relay|u|file:" SECRET, NULL,
	"the file of the secret: No such file or directory"},
    {"relay|u|file:control/directory", NULL,
	"the file of the secret: Is a directory"},
    {"relay|u|file:control/fifo", NULL, "the file of the secret is empty"},
    {"relay|u|file:control/empty", NULL, "the file of the secret is empty"},
    {"relay|u|file:control/blanks", NULL, "the file of the secret is empty"},
    {"relay|u|bearer:file:control/empty", NULL,
	"the file of the secret is empty"},
    {"relay|u|file:control/dos", NULL,
	"there is a control character in the file of the secret"},
    {"relay|u|file:control/nul", NULL,
	"there is a control character in the file of the secret"},
    {"relay|u|file:", NULL, "there is no secret"},
    {"relay|u|bearer:", NULL, "there is no secret"},
    {"relay|u|bearer:file:", NULL, "there is no secret"},
};

static const char *show(
    const char *relay, const struct credentials *credentials)
{
	static char text[200];

	if (credentials == NULL)
		snprintf(text, sizeof text, "%s;-", relay);
	else
		snprintf(text, sizeof text, "%s;%s;%s%s", relay,
		    credentials->user, credentials->bearer ? BEARER : "",
		    credentials->secret);
	return text;
}

START_TEST(one_value)
{
	const struct form *form = &forms[_i];
	char *value = xstrdup(form->value), expected[200];
	struct credentials *credentials;
	struct failure failure;

	if (credentials_cut(&credentials, value, "/x/routes", 7, &failure)) {
		ck_assert_ptr_null(form->reason);
		ck_assert_str_eq(show(value, credentials), form->expected);
		ck_assert(credentials == NULL || credentials->line == 7);
		return;
	}
	ck_assert_ptr_nonnull(form->reason);
	snprintf(expected, sizeof expected,
	    "Unable to read control files. (#4.3.0)\n/x/routes, line 7: %s",
	    form->reason);
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_msg(strncmp(failure.text, expected, strlen(expected)) == 0,
	    "%s", failure.text);
	ck_assert_ptr_null(strstr(failure.text, SECRET));
	ck_assert_ptr_null(credentials);
}
END_TEST

/* A token of a modern provider has some thousand characters. */
START_TEST(long_secret)
{
	enum { LENGTH = 20000 };
	char text[LENGTH + 1], value[] = "relay|u|bearer:file:control/long";
	struct credentials *credentials;
	struct failure failure;

	memset(text, 'x', LENGTH);
	text[LENGTH] = '\0';
	home_control(&home, "long", text);
	ck_assert(credentials_cut(&credentials, value, "/x", 1, &failure));
	ck_assert_str_eq(credentials->secret, text);
}
END_TEST

START_TEST(forbidden)
{
	char value[] = "relay|u|file:control/secret";
	struct credentials *credentials;
	struct failure failure;

	if (geteuid() == 0)
		return;
	ck_assert_int_eq(chmod("control/secret", 0), 0);
	ck_assert(!credentials_cut(&credentials, value, "/x", 1, &failure));
	ck_assert_ptr_nonnull(
	    strstr(failure.text, "the file of the secret: Permission denied"));
}
END_TEST

SUITE("credentials")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, one_value, 0, COUNT(forms));
	tcase_add_test(tcase, long_secret);
	tcase_add_test(tcase, forbidden);
}
