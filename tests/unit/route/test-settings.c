/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/settings.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
	home_control(&home, "me", "me.example\n");
	home_write(&home, "anchors.pem", "", 0);
	home_write(&home, "cert.pem", "", 0);
	home_write(&home, "key.pem", "", 0);
}

/* "file=text|file=text"; "-" for text removes the file. */
static void write_controls(const char *files)
{
	char *copy = strdup(files), *state = NULL;
	char *file = strtok_r(copy, "|", &state);

	for (; file != NULL; file = strtok_r(NULL, "|", &state)) {
		char *text = strchr(file, '=');
		char path[100];

		*text++ = '\0';
		snprintf(path, sizeof path, "control/%s", file);
		unlink(path);
		if (strcmp(text, "-") != 0)
			home_control(&home, file, text);
	}
	free(copy);
}

static const char *text_or(const char *text)
{
	return text != NULL ? text : "-";
}

/* What is not as it is by default. */
static const char *show_others(const struct settings *settings)
{
	static char text[200];

	if (!settings->dane && !settings->mtasts && settings->minrate == 100 &&
	    settings->timeout_delivery == 7200 &&
	    settings->address_family == FAMILY_ANY)
		return "";
	snprintf(text, sizeof text, " dane=%d mtasts=%d %lu %lu %d",
	    settings->dane, settings->mtasts, settings->minrate,
	    settings->timeout_delivery, settings->address_family);
	return text;
}

static const char *show(const struct settings *settings)
{
	static char text[2000];
	char ip[IP_TEXT_SIZE];
	size_t length = (size_t)snprintf(text, sizeof text,
	    "%s %lu %lu %lu %s %s %s %d%s", settings->helohost,
	    settings->timeout_connect, settings->timeout_remote,
	    settings->timeout_dns, text_or(settings->trustanchors),
	    text_or(settings->clientcert), text_or(settings->clientkey),
	    settings->strictness, show_others(settings));

	for (size_t i = 0; i < settings->ipme.count; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
		    " %s", ip_format(&settings->ipme.list[i], ip));
	return text;
}

#define TEN "123456789."
#define FIFTY TEN TEN TEN TEN TEN
#define LONG_NAME FIFTY FIFTY FIFTY FIFTY FIFTY
#define REST " 60 1200 0 - - - 0"
#define OTHERS "me.example" REST

/* Either what is shown, or after "Z" what the failure says. */
static const struct form {
	const char *files, *expected;
} forms[] = {
    {"", NULL},
    {"helohost=h.example\n", "h.example" REST},
    {"helohost=h.example \t\nmore\n|me=-", "h.example" REST},
    {"helohost=\n", NULL},
    {"helohost=", NULL},
    {"helohost=|me=", "ZUnable to read control files. (#4.3.0)\n"},
    {"me=-", "ZUnable to read control files. (#4.3.0)\n"},
    {"me=\n", "ZUnable to read control files. (#4.3.0)\n"},
    {"helohost=b\xc3\xbc"
     "cher.example\n",
	"xn--bcher-kva.example" REST},
    {"helohost=b\xfc"
     "cher.example\n",
	"Zcontrol/helohost, line 1: "},
    {"helohost=" LONG_NAME LONG_NAME "12345\n",
	LONG_NAME LONG_NAME "12345" REST},
    {"helohost=" LONG_NAME LONG_NAME "123456\n", "Zcontrol/helohost, line 1: "},
    {"helohost=a\r\n", "Zcontrol/helohost, line 1: "},
    {"helohost=a\tb\n", "Zcontrol/helohost, line 1: "},
    {"me=a\x1b\n", "Zcontrol/me, line 1: "},
    /* Stock's numbers. */
    {"timeoutconnect=5\n|timeoutremote=6\n", "me.example 5 6 0 - - - 0"},
    {"timeoutconnect=0\n|timeoutremote=0\n", "me.example 0 0 0 - - - 0"},
    {"timeoutconnect=\n|timeoutremote=", NULL},
    {"timeoutconnect=x\n|timeoutremote= 5\n", NULL},
    {"timeoutconnect=5s\n|timeoutremote=6 # s\n", "me.example 5 6 0 - - - 0"},
    {"timeoutconnect=2147483647\n", "me.example 2147483647 1200 0 - - - 0"},
    {"timeoutconnect=2147483648\n", "Zcontrol/timeoutconnect, line 1: "},
    {"timeoutremote=99999999999999999999\n",
	"Zcontrol/timeoutremote, line 1: "},
    /* Our own are strict. */
    {"timeoutdns=7\n", "me.example 60 1200 7 - - - 0"},
    {"timeoutdns=\t 7 \n", "me.example 60 1200 7 - - - 0"},
    {"timeoutdns=0\n", NULL},
    {"timeoutdns=\n", "Zcontrol/timeoutdns, line 1: "},
    {"timeoutdns=7s\n", "Zcontrol/timeoutdns, line 1: \"7s\": "},
    {"timeoutdns=-1\n", "Zcontrol/timeoutdns, line 1: "},
    {"timeoutdns=x\n", "Zcontrol/timeoutdns, line 1: "},
    {"timeoutdns=7\r\n", "Zcontrol/timeoutdns, line 1: "},
    {"timeoutdns=99999999999999999999\n", "Zcontrol/timeoutdns, line 1: "},
    {"ipme=", NULL},
    {"ipme=\n#x\n \t\n  # y\n", NULL},
    {"ipme=192.0.2.1\n", "me.example" REST " 192.0.2.1"},
    {"ipme= 192.0.2.1 \n#\n\n\t2001:DB8::1\n::ffff:192.0.2.2",
	"me.example" REST " 192.0.2.1 2001:db8::1 192.0.2.2"},
    {"ipme=192.0.2.1\nlocalhost\n", "Zcontrol/ipme, line 2: \"localhost\""},
    {"ipme=#\n\n192.0.2.256\n", "Zcontrol/ipme, line 3: \"192.0.2.256\""},
    {"ipme=192.0.2.0/24\n", "Zcontrol/ipme, line 1: "},
    {"ipme=192.0.2.1 # me\n", "Zcontrol/ipme, line 1: "},
    {"ipme=192.0.2.1\r\n", "Zcontrol/ipme, line 1: \"192.0.2.1?\""},
    /* TLS. */
    {"trustanchors=\n", NULL},
    {"trustanchors=", NULL},
    {"trustanchors= anchors.pem \nx", "me.example 60 1200 0 anchors.pem - - 0"},
    {"trustanchors=control/\n", "me.example 60 1200 0 control/ - - 0"},
    {"trustanchors=nowhere.pem\n",
	"Zcontrol/trustanchors, line 1: \"nowhere.pem\": "},
    {"trustanchors=nowhere/\n", "Zcontrol/trustanchors, line 1: "},
    {"trustanchors=a\rb\n", "Zcontrol/trustanchors, line 1: "},
    {"trustanchors=anchors.pem\n|clientcert=cert.pem\n|clientkey=key.pem\n",
	"me.example 60 1200 0 anchors.pem cert.pem key.pem 0"},
    {"trustanchors=anchors.pem\n|clientcert=cert.pem\n",
	"me.example 60 1200 0 anchors.pem cert.pem - 0"},
    {"trustanchors=anchors.pem\n|clientkey=key.pem\n",
	"me.example 60 1200 0 anchors.pem - - 0"},
    {"trustanchors=anchors.pem\n|clientcert=nowhere\n",
	"Zcontrol/clientcert, line 1: \"nowhere\": "},
    {"trustanchors=anchors.pem\n|clientcert=cert.pem\n|clientkey=nowhere\n",
	"Zcontrol/clientkey, line 1: \"nowhere\": "},
    {"tlsstrictness=0\n", NULL},
    {"tlsstrictness=\n", "Zcontrol/tlsstrictness, line 1: "},
    {"tlsstrictness=1\n", "me.example 60 1200 0 - - - 1"},
    {"trustanchors=anchors.pem\n|tlsstrictness= 2 \n",
	"me.example 60 1200 0 anchors.pem - - 2"},
    {"tlsstrictness=2\n", "me.example 60 1200 0 - - - 2"},
    {"tlsstrictness=2\n|trustanchors=\n", "me.example 60 1200 0 - - - 2"},
    {"tlsstrictness=3\n", "Zcontrol/tlsstrictness, line 1: \"3\": "},
    {"tlsstrictness=-1\n", "Zcontrol/tlsstrictness, line 1: "},
    {"tlsstrictness=strict\n", "Zcontrol/tlsstrictness, line 1: "},
    {"tlsstrictness=20\n", "Zcontrol/tlsstrictness, line 1: "},
    {"trustanchors=control\n",
	"Zcontrol/trustanchors, line 1: \"control\": this is a directory: put "
	"a / at the end.\n"},
    {"dane=1\n|mtasts=0\n", OTHERS " dane=1 mtasts=0 100 7200 0"},
    {"dane=0\n|mtasts= 1 \n", OTHERS " dane=0 mtasts=1 100 7200 0"},
    {"dane=2\n", "Zcontrol/dane, line 1: \"2\": the number is too large"},
    {"dane=yes\n", "Zcontrol/dane, line 1: \"yes\": not a number"},
    {"dane=\n", "Zcontrol/dane, line 1: \"\": not a number"},
    {"mtasts=2\n", "Zcontrol/mtasts, line 1: "},
    {"mtasts=\n", "Zcontrol/mtasts, line 1: "},
    /* Time and rate. */
    {"minrate=0\n|timeoutdelivery=0\n", OTHERS " dane=0 mtasts=0 0 0 0"},
    {"minrate=50\n|timeoutdelivery=60\n", OTHERS " dane=0 mtasts=0 50 60 0"},
    {"minrate=\n", "Zcontrol/minrate, line 1: \"\": not a number"},
    {"minrate=1k\n", "Zcontrol/minrate, line 1: \"1k\": not a number"},
    {"minrate=2147483648\n", "Zcontrol/minrate, line 1: "},
    {"timeoutdelivery=2h\n", "Zcontrol/timeoutdelivery, line 1: \"2h\": "},
    {"timeoutdelivery=2147483648\n", "Zcontrol/timeoutdelivery, line 1: "},
    /* Families. */
    {"addressfamily=any\n", NULL},
    {"addressfamily= ipv4 \nx", OTHERS " dane=0 mtasts=0 100 7200 1"},
    {"addressfamily=ipv6\n", OTHERS " dane=0 mtasts=0 100 7200 2"},
    {"addressfamily=ipv4-only\n", OTHERS " dane=0 mtasts=0 100 7200 3"},
    {"addressfamily=ipv6-only", OTHERS " dane=0 mtasts=0 100 7200 4"},
    {"addressfamily=\n", "Zcontrol/addressfamily, line 1: \"\": not one of "},
    {"addressfamily=IPv4\n", "Zcontrol/addressfamily, line 1: \"IPv4\": "},
    {"addressfamily=4\n", "Zcontrol/addressfamily, line 1: \"4\": "},
    /* A byte order mark is not part of any. */
    {"me=\xef\xbb\xbfm.example\n|timeoutremote=\xef\xbb\xbf"
     "6\n|addressfamily=\xef\xbb\xbfipv6\n|ipme=\xef\xbb\xbf#\n",
	"m.example 60 6 0 - - - 0 dane=0 mtasts=0 100 7200 2"},
};

START_TEST(controls)
{
	const char *expected =
	    forms[_i].expected ? forms[_i].expected : "me.example" REST;
	struct settings settings;
	struct failure failure;
	bool good;

	write_controls(forms[_i].files);
	good = settings_read(&settings, &failure);
	if (*expected == 'Z') {
		ck_assert(!good);
		ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
		ck_assert_msg(strstr(failure.text, expected + 1) != NULL, "%s",
		    failure.text);
		ck_assert_ptr_eq(
		    strstr(failure.text,
			"Unable to read control files. (#4.3.0)\n"),
		    failure.text);
		ck_assert_int_eq(failure.text[strlen(failure.text) - 1], '\n');
		ck_assert_ptr_eq(
		    strstr(strchr(failure.text, '\n') + 1, home.path),
		    strchr(failure.text, '\n') + 1);
	} else {
		ck_assert_msg(good, "%s", failure.text);
		ck_assert_str_eq(show(&settings), expected);
	}
}
END_TEST

static const char *const names[] = {"me", "helohost", "timeoutconnect",
    "timeoutremote", "timeoutdns", "ipme", "trustanchors", "tlsstrictness",
    "dane", "mtasts", "minrate", "timeoutdelivery", "addressfamily",
    "clientcert", "clientkey"};

/* A file that cannot be opened, or not be read, for each name. */
START_TEST(unreadable)
{
	const char *name = names[_i / 3];
	char path[100], expected[HOME_PATH + 200];
	struct settings settings;
	struct failure failure;

	if (_i % 3 == 2 && geteuid() == 0)
		return;
	snprintf(path, sizeof path, "control/%s", name);
	snprintf(expected, sizeof expected,
	    "Unable to read control files. (#4.3.0)\n%s/%s: ", home.path, path);
	if (_i / 3 >= COUNT(names) - 2)
		write_controls("trustanchors=anchors.pem\n|"
			       "clientcert=cert.pem\n");
	unlink(path);
	switch (_i % 3) {
	case 0: ck_assert_int_eq(mkdir(path, 0700), 0); break;
	case 1: ck_assert_int_eq(symlink(name, path), 0); break;
	case 2:
		home_control(&home, name, "1\n");
		ck_assert_int_eq(chmod(path, 0), 0);
		break;
	}
	ck_assert(!settings_read(&settings, &failure));
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_ptr_eq(strstr(failure.text, expected), failure.text);
}
END_TEST

/* Only mail that needs anchors waits without. */
START_TEST(anchors)
{
	struct settings settings;
	struct failure failure;

	home_control(&home, "tlsstrictness", "2\n");
	ck_assert(settings_read(&settings, &failure));
	ck_assert(!settings_have_anchors(&settings, &failure));
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_ptr_nonnull(strstr(failure.text,
	    "/control/tlsstrictness, line 1: \"2\": this needs "));
	home_control(&home, "trustanchors", "anchors.pem\n");
	ck_assert(settings_read(&settings, &failure));
	ck_assert(settings_have_anchors(&settings, &failure));
}
END_TEST

/* "system", and what an absent file means. */
START_TEST(system_trust)
{
	struct settings settings;
	struct failure failure;

	setenv("QR_TEST_SYSTEM_TRUST", "anchors.pem", 1);
	if (_i == 0)
		home_control(&home, "trustanchors", "system\n");
	else
		setenv("QR_TEST_DEFAULT_TRUSTANCHORS",
		    _i == 1 ? "system" : "cert.pem", 1);
	ck_assert(settings_read(&settings, &failure));
	ck_assert_str_eq(
	    settings.trustanchors, _i < 2 ? "anchors.pem" : "cert.pem");
	home_control(&home, "trustanchors", "\n");
	ck_assert(settings_read(&settings, &failure));
	ck_assert_ptr_null(settings.trustanchors);
}
END_TEST

SUITE("settings")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, controls, 0, COUNT(forms));
	tcase_add_loop_test(tcase, unreadable, 0, 3 * COUNT(names));
	tcase_add_test(tcase, anchors);
	tcase_add_loop_test(tcase, system_trust, 0, 3);
}
