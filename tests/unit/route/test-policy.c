/* SPDX-License-Identifier: ISC */
/* control/tlspolicy: levels, words, mistakes, and whose they are. */
#include "config.h"

#include "route/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define RUN "run/qmail-remote"
#define U_UMLAUT "\xc3\xbc"
#define HEX                                                                    \
	"00112233445566778899aabbccddeeff"                                     \
	"0123456789abcdef0123456789ABCDEF"
#define HEX_WITH_COLONS                                                        \
	"00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:"                     \
	"01:23:45:67:89:AB:CD:EF:01:23:45:67:89:ab:cd:ef"

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

static void add(char text[500], const char *format, const char *what)
{
	size_t length = strlen(text);

	snprintf(text + length, 500 - length, format, what);
}

static void add_pins(char text[500], const struct policy *policy)
{
	for (size_t i = 0; i < policy->pin_count; i++) {
		add(text, "%s", " pin=");
		for (int byte = 0; byte < 32; byte++) {
			char digits[4];

			snprintf(digits, sizeof digits, "%02x",
			    policy->pins[i].sha256[byte]);
			add(text, "%s", digits);
		}
	}
}

static const char *show(const struct policy *policy)
{
	static char text[500];

	snprintf(text, sizeof text, "%lu ", policy->line);
	add(text, "%s", policy_level_name(policy->level));
	for (size_t i = 0; i < policy->match_count; i++)
		add(text, " match=%s", policy->matches[i]);
	add_pins(text, policy);
	if (policy->start != POLICY_START_BY_PORT)
		add(text, " %s",
		    policy->start == POLICY_IMPLICIT ? "implicit" : "starttls");
	add(text, "%s", policy->requiretls ? " requiretls" : "");
	add(text, "%s", policy->no_dane ? " nodane" : "");
	add(text, "%s", policy->no_sts ? " nosts" : "");
	return text;
}

/* The policy as text; after a failure its last line, without the path. */
static const char *find(const char *next_hop)
{
	const struct settings settings = {.strictness = TLS_PREFERRED};
	struct policy policy;
	struct failure failure;
	const char *text;

	if (policy_find(&policy, next_hop, &settings, RUN, &failure)) {
		ck_assert_int_eq(policy.line == 0, policy.file == NULL);
		return show(&policy);
	}
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_ptr_nonnull(
	    strstr(failure.text, "Unable to read control files. (#4.3.0)\n"));
	ck_assert_ptr_nonnull(strstr(failure.text, home.path));
	text = strstr(failure.text, "/control/tlspolicy");
	ck_assert_ptr_nonnull(text);
	return text + strlen("/control/tlspolicy");
}

#define NO_LEVEL                                                               \
	"not a level: none, may, prefer, encrypt, verify, secure, "            \
	"fingerprint, dane or dane-only.\n"
#define NO_WORD                                                                \
	"not one of match=NAME, pin=HEX, implicit, starttls, requiretls, "     \
	"nodane and nosts.\n"
#define NO_CR "there is a carriage return in the line, as DOS writes them.\n"
#define NO_NAME                                                                \
	"not a name as certificates bear it, with *. or . in front of one "    \
	"if others are meant.\n"
#define NO_PIN                                                                 \
	"not the SHA-256 of a key: 64 hexadecimal digits, with or without "    \
	"colons.\n"

/* What stands behind "x.org:", and what x.org gets by it. */
static const char *const values[][2] = {
    {"none", "1 none"},
    {"may", "1 may"},
    {"prefer", "1 prefer"},
    {"encrypt", "1 encrypt"},
    {"verify", "1 verify"},
    {"secure", "1 secure"},
    {"dane", "1 dane"},
    {"dane-only", "1 dane-only"},
    {" verify \t nosts ", "1 verify nosts"},
    {"fingerprint pin=" HEX,
	"1 fingerprint pin=00112233445566778899aabbccddeeff"
	"0123456789abcdef0123456789abcdef"},
    {"fingerprint pin=" HEX_WITH_COLONS " pin=" HEX,
	"1 fingerprint pin=00112233445566778899aabbccddeeff"
	"0123456789abcdef0123456789abcdef pin=00112233445566778899aabbccddeeff"
	"0123456789abcdef0123456789abcdef"},
    {"verify match=MX.Bank.Example requiretls",
	"1 verify match=mx.bank.example requiretls"},
    {"verify match=*.x.org match=.x.org match=b" U_UMLAUT ".org match=a.b.",
	"1 verify match=*.x.org match=.x.org match=xn--b-eha.org match=a.b"},
    {"verify match=.b" U_UMLAUT ".org match=a_b.x",
	"1 verify match=.xn--b-eha.org match=a_b.x"},
    {"may implicit requiretls nodane nosts nosts",
	"1 may implicit requiretls nodane nosts"},
    {"encrypt starttls starttls", "1 encrypt starttls"},
    /* Mistakes. */
    {"", ", line 1: \"\": " NO_LEVEL},
    {"  ", ", line 1: \"\": " NO_LEVEL},
    {"Verify", ", line 1: \"Verify\": " NO_LEVEL},
    {"requiretls", ", line 1: \"requiretls\": " NO_LEVEL},
    {"verify,nosts", ", line 1: \"verify,nosts\": " NO_LEVEL},
    {"verify\r", ", line 1: \"verify?\": " NO_CR},
    {"verify nosts\r", ", line 1: \"verify nosts?\": " NO_CR},
    {"verify strict", ", line 1: \"strict\": " NO_WORD},
    {"verify match", ", line 1: \"match\": " NO_WORD},
    {"verify # why", ", line 1: \"#\": " NO_WORD},
    {"verify nosts=1", ", line 1: \"nosts=1\": " NO_WORD},
    {"verify match=", ", line 1: \"\": " NO_NAME},
    {"verify match=*", ", line 1: \"*\": " NO_NAME},
    {"verify match=*.", ", line 1: \"*.\": " NO_NAME},
    {"verify match=.", ", line 1: \".\": " NO_NAME},
    {"verify match=..x.org", ", line 1: \"..x.org\": " NO_NAME},
    {"verify match=*.*.org", ", line 1: \"*.*.org\": " NO_NAME},
    {"verify match=a.*.org", ", line 1: \"a.*.org\": " NO_NAME},
    {"verify match=a,b", ", line 1: \"a,b\": " NO_NAME},
    {"verify match=192.0.2.1", ", line 1: \"192.0.2.1\": " NO_NAME},
    {"verify match=[192.0.2.1]", ", line 1: \"[192.0.2.1]\": " NO_NAME},
    {"verify match=a:b", ", line 1: \"a:b\": " NO_NAME},
    {"verify match=\xff", ", line 1: \"?\": " NO_NAME},
    {"fingerprint", ", line 1: \"fingerprint\": this level needs pin=HEX.\n"},
    {"fingerprint nosts",
	", line 1: \"fingerprint\": this level needs pin=HEX.\n"},
    {"fingerprint pin=", ", line 1: \"\": " NO_PIN},
    {"fingerprint pin=0011", ", line 1: \"0011\": " NO_PIN},
    {"encrypt implicit starttls",
	", line 1: \"starttls\": implicit and starttls exclude each other.\n"},
    {"encrypt starttls implicit",
	", line 1: \"implicit\": implicit and starttls exclude each other.\n"},
    {"none requiretls", ", line 1: \"requiretls\": not with the level none, "
			"which takes starttls nodane nosts.\n"},
    {"verify pin=" HEX, ", line 1: \"pin=" HEX
			"\": not with the level verify, which takes match= "
			"implicit starttls requiretls nodane nosts.\n"},
    {"dane nodane", ", line 1: \"nodane\": not with the level dane, which "
		    "takes implicit starttls requiretls nosts.\n"},
};

START_TEST(one_value)
{
	char text[400];

	snprintf(text, sizeof text, "x.org:%s\n", values[_i][0]);
	home_control(&home, "tlspolicy", text);
	ck_assert_str_eq(find("x.org"), values[_i][1]);
	/* Other mail flows. */
	ck_assert_str_eq(find("y.org"), "0 prefer");
}
END_TEST

/* Pins with one thing wrong at each place. */
START_TEST(pins)
{
	static const char *const good[] = {HEX, HEX_WITH_COLONS};
	char text[400], pin[200];

	for (int i = 0; i < 2; i++) {
		size_t length = strlen(good[i]);

		for (size_t at = 0; at < length; at++) {
			snprintf(pin, sizeof pin, "%s", good[i]);
			pin[at] = pin[at] == ':' ? '.' : 'g';
			snprintf(text, sizeof text,
			    "x.org:fingerprint pin=%s\n", pin);
			home_control(&home, "tlspolicy", text);
			ck_assert_ptr_nonnull(strstr(find("x.org"), NO_PIN));
			snprintf(pin, sizeof pin, "%.*s:%s", (int)at, good[i],
			    good[i] + at + (i == 1));
			if (strcmp(pin, good[i]) == 0 ||
			    (i == 0 && at % 2 == 0 && at > 0))
				continue;
			snprintf(text, sizeof text,
			    "x.org:fingerprint pin=%s\n", pin);
			home_control(&home, "tlspolicy", text);
			ck_assert_ptr_nonnull(strstr(find("x.org"), NO_PIN));
		}
	}
}
END_TEST

/* Each level with each word. */
START_TEST(levels_and_words)
{
	static const struct {
		const char *level;
		/* match, pin, implicit, starttls, requiretls, nodane, nosts */
		const char *takes;
	} rows[] = {{"none", "---+-++"}, {"may", "--+++++"},
	    {"prefer", "--+++++"}, {"encrypt", "--+++++"},
	    {"verify", "+-+++++"}, {"secure", "+-+++++"},
	    {"fingerprint pin=" HEX, "-++++++"}, {"dane", "--+++-+"},
	    {"dane-only", "--+++-+"}};
	static const char *const words[] = {"match=x.org", "pin=" HEX,
	    "implicit", "starttls", "requiretls", "nodane", "nosts"};

	for (int i = 0; i < COUNT(words); i++) {
		char text[400];
		bool taken = rows[_i].takes[i] == '+';

		snprintf(text, sizeof text, "x.org:%s %s\n", rows[_i].level,
		    words[i]);
		home_control(&home, "tlspolicy", text);
		ck_assert_int_eq(
		    strstr(find("x.org"), "not with the level") == NULL, taken);
	}
}
END_TEST

/* Whose line it is. */
START_TEST(keys)
{
	static const char text[] = "# comment\n"
				   "X.org:encrypt\n"
				   " .x.org:verify\n"
				   "[192.0.2.1]:none\n"
				   "2001.example.:secure\n"
				   "[IPv6:2001:DB8::1]:encrypt\n"
				   "b" U_UMLAUT ".org:dane\n"
				   "twice.org:none\n"
				   "TWICE.org:none\n"
				   "colon.org secure\n"
				   "bare.org\n"
				   ".twice.org may\n"
				   ":may\n";
	static const char *const rows[][2] = {{"x.org", "2 encrypt"},
	    {"X.ORG.", "2 encrypt"}, {"mx.x.org", "3 verify"},
	    {"a.mx.x.org.", "3 verify"}, {"[192.0.2.1]", "4 none"},
	    {"192.0.2.1", "4 none"}, {"[::ffff:192.0.2.1]", "4 none"},
	    {"2001.example", "5 secure"}, {"[2001:db8::1]", "6 encrypt"},
	    {"2001:DB8:0::1", "6 encrypt"}, {"xn--b-eha.org", "7 dane"},
	    {"b" U_UMLAUT ".org", "7 dane"},
	    {"twice.org", ", line 9: \"none\": line 8 has the same key.\n"},
	    {"colon.org", ", line 10: \"colon.org secure\": there is no "
			  "colon behind the key.\n"},
	    {"bare.org", ", line 11: \"bare.org\": there is no colon behind "
			 "the key.\n"},
	    {"a.twice.org", ", line 12: \".twice.org may\": there is no "
			    "colon behind the key.\n"},
	    {"other.example", "13 may"}, {"[192.0.2.2]", "13 may"}};

	home_control(&home, "tlspolicy", text);
	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_str_eq(find(rows[i][0]), rows[i][1]);
}
END_TEST

START_TEST(no_line)
{
	static const struct {
		enum tls_strictness strictness;
		enum policy_level level;
	} rows[] = {{TLS_OPPORTUNISTIC, POLICY_MAY},
	    {TLS_PREFERRED, POLICY_PREFER}, {TLS_VERIFIED, POLICY_VERIFY}};

	for (int i = 0; i < 2 * COUNT(rows); i++) {
		struct settings settings = {
		    .strictness = rows[i / 2].strictness};
		struct policy policy;
		struct failure failure;

		if (i % 2)
			home_control(&home, "tlspolicy", "y.org:none\n");
		ck_assert(
		    policy_find(&policy, "x.org", &settings, RUN, &failure));
		ck_assert_int_eq(policy.level, rows[i / 2].level);
		ck_assert_uint_eq(policy.line, 0);
		ck_assert_ptr_null(policy.file);
		home_remove_control(&home, "tlspolicy");
	}
}
END_TEST

START_TEST(unreadable)
{
	ck_assert_int_eq(mkdir("control/tlspolicy", 0700), 0);
	ck_assert_str_eq(find("x.org"), ": Is a directory.\n");
}
END_TEST

/* Where the demand for anchors comes from is named. */
START_TEST(anchors)
{
	struct settings settings = {.strictness = TLS_VERIFIED};
	struct policy policy;
	struct failure failure;

	home_control(&home, "tlspolicy", "x.org:secure\n");
	ck_assert(policy_find(&policy, "x.org", &settings, RUN, &failure));
	ck_assert(!policy_have_anchors(&policy, &settings, &failure));
	ck_assert_ptr_nonnull(strstr(failure.text,
	    "/control/tlspolicy, line 1: \"secure\": this needs /"));
	ck_assert_ptr_nonnull(strstr(failure.text,
	    "/control/trustanchors, which is missing or empty.\n"));
	ck_assert(policy_find(&policy, "y.org", &settings, RUN, &failure));
	ck_assert(!policy_have_anchors(&policy, &settings, &failure));
	ck_assert_ptr_nonnull(
	    strstr(failure.text, "/control/tlsstrictness, line 1: \"2\": "));
	settings.trustanchors = strdup("anchors");
	ck_assert(policy_have_anchors(&policy, &settings, &failure));
}
END_TEST

SUITE("policy")
{
	tcase_set_timeout(tcase, 20);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, one_value, 0, COUNT(values));
	tcase_add_test(tcase, pins);
	tcase_add_loop_test(tcase, levels_and_words, 0, 9);
	tcase_add_test(tcase, keys);
	tcase_add_test(tcase, no_line);
	tcase_add_test(tcase, unreadable);
	tcase_add_test(tcase, anchors);
}
