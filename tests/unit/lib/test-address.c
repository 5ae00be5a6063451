/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "address.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static const struct form {
	const char *address;
	const char *domain;
	const char *quoted;
	bool needs_utf8, foreign_domain, one_line, valid;
} forms[] = {
    {"a@b.org", "b.org", "a@b.org", 0, 0, 1, 1},
    {"", NULL, "", 0, 0, 1, 1},
    {"bar baz", NULL, "bar baz", 0, 0, 1, 1},
    {"#@[]", "[]", "#@[]", 0, 0, 1, 1},
    {"@b", "b", "\"\"@b", 0, 0, 1, 1},
    {"a@", "", "a@", 0, 0, 1, 1},
    {"a@b@c", "c", "\"a@b\"@c", 0, 0, 1, 1},
    {"a b@x.org", "x.org", "\"a b\"@x.org", 0, 0, 1, 1},
    {"a..b@y", "y", "\"a..b\"@y", 0, 0, 1, 1},
    {".a@y", "y", "\".a\"@y", 0, 0, 1, 1},
    {"a.@y", "y", "\"a.\"@y", 0, 0, 1, 1},
    {".@y", "y", "\".\"@y", 0, 0, 1, 1},
    {"a.b.c@y", "y", "a.b.c@y", 0, 0, 1, 1},
    {"q\"q\\r@y", "y", "\"q\\\"q\\\\r\"@y", 0, 0, 1, 1},
    {"a\x7f@y", "y", "\"a\x7f\"@y", 0, 0, 1, 1},
    {"a\tb@y", "y", "\"a\tb\"@y", 0, 0, 1, 1},
    {"a\rb@y", "y", "\"a\\\rb\"@y", 0, 0, 0, 1},
    {"a\nb@y", "y", "\"a\\\nb\"@y", 0, 0, 0, 1},
    {"a@y\r", "y\r", "a@y\r", 0, 0, 0, 1},
    {"!#$%&'*+-/=?^_`{|}~@y", "y", "!#$%&'*+-/=?^_`{|}~@y", 0, 0, 1, 1},
    {"g\xc3\xbcnter@y", "y", "g\xc3\xbcnter@y", 1, 0, 1, 1},
    {"g\xc3\xbc r@y", "y", "\"g\xc3\xbc r\"@y", 1, 0, 1, 1},
    {"a@b\xc3\xbc.org", "b\xc3\xbc.org", "a@b\xc3\xbc.org", 0, 1, 1, 1},
    {"g\xfc@y", "y", "g\xfc@y", 1, 0, 1, 0},
    {"a@b\xfc", "b\xfc", "a@b\xfc", 0, 1, 1, 0},
    {"\xc3\xbc", NULL, "\xc3\xbc", 1, 0, 1, 1},
};

START_TEST(form)
{
	const struct form *expected = &forms[_i];
	const char *address = expected->address;
	const char *domain = address_domain(address);

	if (expected->domain == NULL)
		ck_assert_ptr_null(domain);
	else
		ck_assert_str_eq(domain, expected->domain);
	ck_assert_str_eq(address_quote(address), expected->quoted);
	ck_assert_int_eq(address_needs_utf8(address), expected->needs_utf8);
	ck_assert_int_eq(
	    address_has_foreign_domain(address), expected->foreign_domain);
	ck_assert_int_eq(address_is_one_line(address), expected->one_line);
	ck_assert_int_eq(address_is_valid_utf8(address), expected->valid);
}
END_TEST

/* Each byte alone between two letters. */
START_TEST(quoted_bytes)
{
	static const char special[] = "\"(),:;<>@[\\]";

	for (int byte = 1; byte < 256; byte++) {
		char address[] = "a?b@y";
		bool quoted =
		    byte <= ' ' || byte == 127 || strchr(special, byte) != NULL;

		address[1] = (char)byte;
		ck_assert_msg((*address_quote(address) == '"') == quoted,
		    "byte %d", byte);
	}
}
END_TEST

/* The same in the domain, where nothing can be quoted. */
START_TEST(domain_bytes)
{
	for (int byte = 1; byte < 256; byte++) {
		char address[] = "a@b?c";
		bool broken =
		    byte <= ' ' || byte == 127 || byte == '<' || byte == '>';

		address[3] = (char)byte;
		if (byte == '@')
			continue;
		ck_assert_msg(
		    address_breaks_command(address) == broken, "byte %d", byte);
	}
	ck_assert(address_breaks_command("a> SIZE=1"));
	ck_assert(address_breaks_command("a\tb"));
	ck_assert(!address_breaks_command("a b"));
	ck_assert(!address_breaks_command(""));
}
END_TEST

START_TEST(other_domain)
{
	ck_assert_str_eq(address_with_domain("a@b@c", "d.org"), "a@b@d.org");
	ck_assert_str_eq(address_with_domain("@c", "d"), "@d");
}
END_TEST

SUITE("address")
{
	tcase_add_loop_test(tcase, form, 0, COUNT(forms));
	tcase_add_test(tcase, quoted_bytes);
	tcase_add_test(tcase, domain_bytes);
	tcase_add_test(tcase, other_domain);
}
