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

		enum refusal now = form->ascii == REFUSAL_UTF8
				       ? REFUSAL_UTF8_NOW
				       : form->ascii;

		ck_assert_int_eq(
		    refusal_of(form->address, as, REFUSAL_UTF8_MISSING),
		    form->ascii);
		ck_assert_int_eq(
		    refusal_of(form->address, as, REFUSAL_UTF8_MISSING_NOW),
		    now);
		ck_assert_int_eq(
		    refusal_of(form->address, as, REFUSAL_UTF8_USED),
		    form->utf8);
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
	ck_assert_int_eq(
	    refusal_of(address, role, REFUSAL_UTF8_MISSING), REFUSAL_NONE);
	memcpy(address + most - 6, "x@y.org", 7);
	ck_assert_int_eq(
	    refusal_of(address, role, REFUSAL_UTF8_MISSING), REFUSAL_LENGTH);
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
	    [REFUSAL_UTF8] = {"(#5.6.7)\n", "(#5.6.7)\n"},
	    [REFUSAL_UTF8_NOW] = {"(#4.6.7)\n", "(#4.6.7)\n"}};

	for (int role = 0; role < 2; role++) {
		const char *code = codes[_i][role];
		struct failure failure;

		refusal_fail(&failure, (enum refusal)_i,
		    (enum refusal_role)role, "a b\r\n\xff@c");
		ck_assert_int_eq(
		    failure.class == FAILURE_TEMPORARY, code[2] == '4');
		ck_assert_ptr_nonnull(strstr(failure.text, " a?b???@c "));
		ck_assert_str_eq(
		    failure.text + strlen(failure.text) - strlen(code), code);
	}
}
END_TEST

/* Messages: whole lines, and not larger than the server takes. */
static const struct message_form {
	struct message_facts facts;
	uint64_t limit;
	unsigned set;
	const char *clear_reason;
	const char *text; /* NULL: nothing is said against it */
	enum failure_class class;
} messages[] = {
    {{0}, 0, 0, NULL, NULL, 0},
    {{.wire_size = UINT64_MAX}, 0, 0, "No.\n", NULL, 0},
    {{.wire_size = 9}, 9, 0, NULL, NULL, 0},
    {{.wire_size = 10}, 9, 0, "",
	"The message is larger than s takes: 10 of at most 9 bytes. "
	"(#5.3.4)\n",
	FAILURE_PERMANENT},
    {{.wire_size = 10}, 9, 0, "No TLS.\n",
	"The message is larger than s takes now: 10 of at most 9 bytes. "
	"(#4.3.4)\nNo TLS.\n",
	FAILURE_TEMPORARY},
    {{.wire_size = 10}, 9, CAPABILITY_UNSURE, NULL,
	"The message is larger than s takes now: 10 of at most 9 bytes. "
	"(#4.3.4)\n",
	FAILURE_TEMPORARY},
    {{.partial_line = true, .wire_size = 10}, 9, 0, "No TLS.\n",
	"SMTP cannot transfer messages with partial final lines. (#5.6.2)\n",
	FAILURE_PERMANENT},
};

START_TEST(message)
{
	const struct message_form *form = &messages[_i];
	struct session session = {.server = "s",
	    .capabilities = {.set = form->set, .size_limit = form->limit},
	    .clear_reason = form->clear_reason};
	struct failure failure;

	ck_assert_int_eq(refusal_pass_message(&session, &form->facts, &failure),
	    form->text == NULL);
	if (form->text == NULL)
		return;
	ck_assert_str_eq(failure.text, form->text);
	ck_assert_int_eq(failure.class, form->class);
}
END_TEST

SUITE("refusal")
{
	tcase_add_loop_test(tcase, kinds, 0, COUNT(forms));
	tcase_add_loop_test(tcase, length, 0, 4);
	tcase_add_loop_test(tcase, message, 0, COUNT(messages));
	tcase_add_loop_test(
	    tcase, reports, REFUSAL_LINE_BREAK, REFUSAL_UTF8_NOW + 1);
}
