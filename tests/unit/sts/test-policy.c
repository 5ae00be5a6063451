/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/policy.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define BEFORE "version: STSv1\nmode: enforce\nmax_age: 86400\n"
#define LABEL63                                                                \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* A text and what it says: mode, max_age, names; NULL: it is no policy. */
static const struct form {
	const char *text, *meaning;
} forms[] = {
    {"version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: 604800\n",
	"enforce 604800 mx.a.test"},
    {"version: STSv1\r\nmode: testing\r\nmx: *.a.test\r\nmax_age: 1\r\n",
	"testing 1 *.a.test"},
    /* Ends of lines may differ, and the last may be missing. */
    {"version: STSv1\r\nmode: none\nmax_age: 1", "none 1"},
    {BEFORE "mx: a.test\r", NULL},
    /* Any order; blanks behind the colon and at the end only. */
    {"mx: b.test\nmax_age: 7\nmx: a.test\nmode: enforce\nversion: STSv1\n",
	"enforce 7 b.test a.test"},
    {"version:STSv1\nmode:\t enforce \t\nmax_age:1 \nmx:a.test\t\n",
	"enforce 1 a.test"},
    {BEFORE " mx: a.test\n", NULL},
    {BEFORE "mx : a.test\n", NULL},
    {BEFORE "mx: a. test\n", NULL},
    /* Keys and words have one case, names any. */
    {BEFORE "mx: MX.A.Test\n", "enforce 86400 mx.a.test"},
    {"Version: STSv1\nmode: none\nmax_age: 1\n", NULL},
    {"version: stsv1\nmode: none\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: None\nmax_age: 1\n", NULL},
    /* What is missing. */
    {"", NULL},
    {"mode: enforce\nmx: a.test\nmax_age: 1\n", NULL},
    {"version: STSv1\nmx: a.test\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: enforce\nmx: a.test\n", NULL},
    {"version: STSv1\nmode: enforce\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: testing\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: 1\n", "none 1"},
    {"version: STSv1\nmode: none\nmx: a.test\nmax_age: 1\n", "none 1 a.test"},
    /* What cannot be meant. */
    {"version: STSv2\nmode: none\nmax_age: 1\n", NULL},
    {"version: STSv1 x\nmode: none\nmax_age: 1\n", NULL},
    {"version:\nmode: none\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: report\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode:\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: none\nmax_age:\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: -1\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: +1\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: 1d\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: 1.5\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: 1 0\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: 0x10\n", NULL},
    /* Ages. */
    {"version: STSv1\nmode: none\nmax_age: 0\n", "none 0"},
    {"version: STSv1\nmode: none\nmax_age: 0000000000007\n", "none 7"},
    {"version: STSv1\nmode: none\nmax_age: 31557600\n", "none 31557600"},
    {"version: STSv1\nmode: none\nmax_age: 31557601\n", "none 31557600"},
    {"version: STSv1\nmode: none\nmax_age: 18446744073709551617\n",
	"none 31557600"},
    /* The first of equal keys counts, whatever the second says. */
    {"version: STSv1\nversion: STSv2\nmode: none\nmode: x\nmax_age: 1\n"
     "max_age: y\n",
	"none 1"},
    {"version: STSv2\nversion: STSv1\nmode: none\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: x\nmode: none\nmax_age: 1\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: x\nmax_age: 1\n", NULL},
    /* Unknown keys are ignored, if they are keys. */
    {BEFORE "mx: a.test\nfoo: bar: baz\n", "enforce 86400 a.test"},
    {BEFORE "mx: a.test\nfoo:\n", "enforce 86400 a.test"},
    {BEFORE "mx: a.test\nx-1.b_: \xc3\xa4\n", "enforce 86400 a.test"},
    {BEFORE "mx: a.test\n1234567890123456789012345678901x: 1\n",
	"enforce 86400 a.test"},
    {BEFORE "mx: a.test\n1234567890123456789012345678901xy: 1\n", NULL},
    {BEFORE "mx: a.test\n-x: 1\n", NULL},
    {BEFORE "mx: a.test\nx y: 1\n", NULL},
    {BEFORE "mx: a.test\n: 1\n", NULL},
    {BEFORE "mx: a.test\nfoo: \x01\n", NULL},
    {BEFORE "mx: a.test\nfoo: \x7f\n", NULL},
    {BEFORE "mx: a.test\nfoo: a\rb\n", NULL},
    /* Lines that are none. */
    {BEFORE "mx: a.test\n\n", NULL},
    {BEFORE "\nmx: a.test\n", NULL},
    {BEFORE "mx: a.test\n \n", NULL},
    {BEFORE "mx: a.test\n# mine\n", NULL},
    {BEFORE "mx: a.test\nfoo\n", NULL},
    {"\xef\xbb\xbf" BEFORE "mx: a.test\n", NULL},
    {"<html>", NULL},
    {"version: STSv1; mode: none; max_age: 1", NULL},
    /* Names. */
    {BEFORE "mx: a.test\nmx: a.test\n", "enforce 86400 a.test a.test"},
    {BEFORE "mx: mailhost\n", "enforce 86400 mailhost"},
    {BEFORE "mx: my_mx-1.a.test\n", "enforce 86400 my_mx-1.a.test"},
    {BEFORE "mx: xn--bcher-kva.test\n", "enforce 86400 xn--bcher-kva.test"},
    {BEFORE "mx: " LABEL63 ".test\n", "enforce 86400 " LABEL63 ".test"},
    {BEFORE "mx: a" LABEL63 ".test\n", NULL},
    {BEFORE "mx: " LABEL63 "." LABEL63 "." LABEL63 "." LABEL63 "\n", NULL},
    {BEFORE "mx:\n", NULL},
    {BEFORE "mx: a.test\nmx: \n", NULL},
    {BEFORE "mx: .\n", NULL},
    {BEFORE "mx: a.test.\n", NULL},
    {BEFORE "mx: .a.test\n", NULL},
    {BEFORE "mx: a..test\n", NULL},
    {BEFORE "mx: *\n", NULL},
    {BEFORE "mx: *.\n", NULL},
    {BEFORE "mx: *a.test\n", NULL},
    {BEFORE "mx: *.*.test\n", NULL},
    {BEFORE "mx: mx.*.test\n", NULL},
    {BEFORE "mx: b\xc3\xbc"
	    "cher.test\n",
	NULL},
    {BEFORE "mx: 192.0.2.1\n", NULL},
    {BEFORE "mx: [192.0.2.1]\n", NULL},
    {BEFORE "mx: 2001:db8::1\n", NULL},
    {BEFORE "mx: a.test, b.test\n", NULL},
    {BEFORE "mx: a.test b.test\n", NULL},
    {BEFORE "mx: a\\.b.test\n", NULL},
    {"version: STSv1\nmode: none\nmax_age: 1\nmx: -.\n", NULL},
};

static const char *describe(const struct sts_policy *policy, char text[512])
{
	static const char *const modes[] = {"none", "testing", "enforce"};
	int length =
	    snprintf(text, 512, "%s %ld", modes[policy->mode], policy->max_age);

	for (size_t i = 0; i < policy->mx_count; i++)
		length += snprintf(
		    text + length, 512 - (size_t)length, " %s", policy->mx[i]);
	return text;
}

START_TEST(form)
{
	const struct form *expected = &forms[_i];
	struct sts_policy policy;
	char text[512];

	if (!sts_policy_read(&policy, expected->text, strlen(expected->text))) {
		ck_assert_msg(expected->meaning == NULL, "%s", expected->text);
		return;
	}
	ck_assert_msg(expected->meaning != NULL, "%s", expected->text);
	ck_assert_str_eq(describe(&policy, text), expected->meaning);
	sts_policy_free(&policy);
}
END_TEST

START_TEST(nul)
{
	static const char text[] = BEFORE "mx: a.test\0.b.test\n";
	struct sts_policy policy;

	ck_assert(!sts_policy_read(&policy, text, sizeof text - 1));
	ck_assert_uint_eq(policy.mx_count, 0);
}
END_TEST

/* As long as can be, and one octet longer. */
START_TEST(size)
{
	static char text[STS_POLICY_SIZE_MAX + 1];
	static const char line[] = "mx: a.b\n";
	size_t length = strlen(BEFORE);
	struct sts_policy policy;

	memcpy(text, BEFORE, length);
	for (; length + strlen(line) <= sizeof text; length += strlen(line))
		memcpy(text + length, line, strlen(line));
	memset(text + length - 1, ' ', sizeof text - length + 1);
	ck_assert(sts_policy_read(&policy, text, STS_POLICY_SIZE_MAX));
	ck_assert_uint_eq(policy.mx_count,
	    (STS_POLICY_SIZE_MAX - strlen(BEFORE)) / strlen(line));
	ck_assert_str_eq(policy.mx[policy.mx_count - 1], "a.b");
	sts_policy_free(&policy);
	ck_assert(!sts_policy_read(&policy, text, sizeof text));
}
END_TEST

static const struct match {
	const char *pattern, *name;
	bool matches;
} matches[] = {
    {"mx.a.test", "mx.a.test", true},
    {"mx.a.test", "MX.A.Test", true},
    {"mx.a.test", "mx.a.tests", false},
    {"mx.a.test", "mx.a.tes", false},
    {"mx.a.test", "x.mx.a.test", false},
    {"mx.a.test", "a.test", false},
    {"mx.a.test", "mx.a.test.", false},
    {"mx.a.test", "", false},
    {"*.a.test", "mx.a.test", true},
    {"*.a.test", "MX.A.TEST", true},
    {"*.a.test", "a.test", false},
    {"*.a.test", ".a.test", false},
    {"*.a.test", "x.mx.a.test", false},
    {"*.a.test", "xa.test", false},
    {"*.a.test", "*.a.test", false},
    {"*.a.test", "mx\\.a.test", false},
    {"*.a.test", "mx\\.b.a.test", false},
    {"*.a.test", "\\046.a.test", false},
    {"*.a.test", "", false},
    {"*.test", "a.test", true},
    {"*.test", "mx.a.test", false},
};

START_TEST(match)
{
	const struct match *expected = &matches[_i];
	struct sts_policy policy;
	char text[128];

	snprintf(text, sizeof text, BEFORE "mx: other.test\nmx: %s\nmx: x.y\n",
	    expected->pattern);
	ck_assert(sts_policy_read(&policy, text, strlen(text)));
	ck_assert_msg(
	    sts_policy_names(&policy, expected->name) == expected->matches,
	    "%s, %s", expected->pattern, expected->name);
	sts_policy_free(&policy);
}
END_TEST

SUITE("sts_policy")
{
	tcase_add_loop_test(tcase, form, 0, COUNT(forms));
	tcase_add_test(tcase, nul);
	tcase_add_test(tcase, size);
	tcase_add_loop_test(tcase, match, 0, COUNT(matches));
}
