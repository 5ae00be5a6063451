/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/refusal.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* What is refused without and with SMTPUTF8. */
static const struct form {
	const char *address;
	enum refusal ascii, utf8;
} forms[] = {
    {"a@b.org", REFUSAL_NONE, REFUSAL_NONE},
    {"", REFUSAL_NONE, REFUSAL_NONE},
    {"#@[]", REFUSAL_NONE, REFUSAL_NONE},
    {"bar baz", REFUSAL_NONE, REFUSAL_NONE},
    {"a\rb@c", REFUSAL_LINE_BREAK, REFUSAL_LINE_BREAK},
    {"a\nb@c", REFUSAL_LINE_BREAK, REFUSAL_LINE_BREAK},
    {"a@c\r\nDATA", REFUSAL_LINE_BREAK, REFUSAL_LINE_BREAK},
    {"a\xff\r@c", REFUSAL_LINE_BREAK, REFUSAL_LINE_BREAK},
    {"g\xc3\xbc@c", REFUSAL_UTF8, REFUSAL_NONE},
    {"g\xc3\xbc@\xc3\xbc.org", REFUSAL_UTF8, REFUSAL_NONE},
    {"g\xfc@c", REFUSAL_ENCODING, REFUSAL_ENCODING},
    {"a@\xc3\xbc.org", REFUSAL_DOMAIN, REFUSAL_NONE},
    {"a@\xfc.org", REFUSAL_DOMAIN, REFUSAL_ENCODING},
    {"a@b.org> NOTIFY=NEVER", REFUSAL_DOMAIN, REFUSAL_DOMAIN},
    {"a@b<c.org", REFUSAL_DOMAIN, REFUSAL_DOMAIN},
    {"a@b.org\t", REFUSAL_DOMAIN, REFUSAL_DOMAIN},
    {"a> SIZE=1", REFUSAL_COMMAND, REFUSAL_COMMAND},
    {"a b", REFUSAL_NONE, REFUSAL_NONE},
    {"a b>@c.org", REFUSAL_NONE, REFUSAL_NONE},
};

START_TEST(kinds)
{
	const struct form *form = &forms[_i];

	for (int role = 0; role < 2; role++) {
		enum refusal_role as = (enum refusal_role)role;

		ck_assert_int_eq(
		    refusal_of(form->address, as, false), form->ascii);
		ck_assert_int_eq(
		    refusal_of(form->address, as, true), form->utf8);
	}
}
END_TEST

/* A command is at most 512 octets, its line end and the quotes included. */
START_TEST(length)
{
	/* "MAIL FROM:<" and "RCPT TO:<" */
	static const size_t frame[] = {11, 9};
	enum refusal_role role = (enum refusal_role)(_i % 2);
	bool quoted = _i >= 2;
	char address[600] = {0};
	size_t most = 512 - 3 - frame[role] - (quoted ? 2 : 0);

	memset(address, 'x', most);
	memcpy(address + most - 6, "@y.org", 6);
	if (quoted)
		address[5] = ' ';
	ck_assert_int_eq(refusal_of(address, role, false), REFUSAL_NONE);
	memcpy(address + most - 6, "x@y.org", 7);
	ck_assert_int_eq(refusal_of(address, role, false), REFUSAL_LENGTH);
}
END_TEST

START_TEST(reports)
{
	static const char *const codes[][2] = {
	    [REFUSAL_LINE_BREAK] = {"(#5.1.7)\n", "(#5.1.3)\n"},
	    [REFUSAL_LENGTH] = {"(#5.1.7)\n", "(#5.1.3)\n"},
	    [REFUSAL_DOMAIN] = {"(#5.1.8)\n", "(#5.1.2)\n"},
	    [REFUSAL_COMMAND] = {"(#5.1.7)\n", "(#5.1.3)\n"},
	    [REFUSAL_ENCODING] = {"(#5.6.7)\n", "(#5.6.7)\n"},
	    [REFUSAL_UTF8] = {"(#5.6.7)\n", "(#5.6.7)\n"}};
	for (int role = 0; role < 2; role++) {
		const char *code = codes[_i][role];
		struct failure failure;

		refusal_fail(&failure, (enum refusal)_i,
		    (enum refusal_role)role, "a b\r\n\xff@c");
		ck_assert_int_eq(failure.class, FAILURE_PERMANENT);
		ck_assert_ptr_nonnull(strstr(failure.text, " a?b???@c "));
		ck_assert_str_eq(
		    failure.text + strlen(failure.text) - strlen(code), code);
	}
}
END_TEST

SUITE("refusal")
{
	tcase_add_loop_test(tcase, kinds, 0, COUNT(forms));
	tcase_add_loop_test(tcase, length, 0, 4);
	tcase_add_loop_test(
	    tcase, reports, REFUSAL_LINE_BREAK, REFUSAL_UTF8 + 1);
}
