/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/envelope.h"

#include <string.h>

#include <check.h>

#include "session/handoff.h"
#include "suite.h"
#include "unit.h"

#define UMLAUT "\xc3\xbc"
#define U_DOMAIN                                                               \
	"b\xc3\xbc"                                                            \
	"cher.example"
#define A_DOMAIN "xn--bcher-kva.example"

/* Sender and two recipients, and what becomes of them. */
static const struct form {
	unsigned capabilities;
	const char *before[3], *after[3];
} forms[] = {
    {0, {"a@b", "c@d", "e@f"}, {"a@b", "c@d", "e@f"}},
    {0, {"", "#@[]", "x"}, {"", "#@[]", "x"}},
    {0, {"a@B.Org", "c@D.Org", "e@f"}, {"a@B.Org", "c@D.Org", "e@f"}},
    {0, {"a@" U_DOMAIN, "c@" U_DOMAIN, "e@f"},
	{"a@" A_DOMAIN, "c@" A_DOMAIN, "e@f"}},
    /* Offered, but not needed. */
    {CAPABILITY_SMTPUTF8, {"a@" U_DOMAIN, "c@d", "e@f"},
	{"a@" A_DOMAIN, "c@d", "e@f"}},
    /* Needed by one, and offered: all stay. */
    {CAPABILITY_SMTPUTF8, {"a@" U_DOMAIN, "c@" U_DOMAIN, UMLAUT "@f"},
	{"a@" U_DOMAIN, "c@" U_DOMAIN, UMLAUT "@f"}},
    {CAPABILITY_SMTPUTF8 | CAPABILITY_SIZE,
	{UMLAUT "@" U_DOMAIN, "c@" U_DOMAIN, "e@f"},
	{UMLAUT "@" U_DOMAIN, "c@" U_DOMAIN, "e@f"}},
    /* Needed, but not offered. */
    {CAPABILITY_PIPELINING, {"a@" U_DOMAIN, UMLAUT "@" U_DOMAIN, "e@f"},
	{"a@" A_DOMAIN, UMLAUT "@" A_DOMAIN, "e@f"}},
    /* What cannot be converted stays. */
    {0, {"a@\xff", "c@d", "e@" U_DOMAIN}, {"a@\xff", "c@d", "e@" A_DOMAIN}},
};

START_TEST(conversion)
{
	const struct form *form = &forms[_i];
	char *recipients[2] = {
	    strdup(form->before[1]), strdup(form->before[2])};
	struct envelope envelope;
	struct failure failure;

	ck_assert(envelope_for_server(&envelope,
	    &(struct request){.sender = strdup(form->before[0]),
		.recipients = recipients,
		.recipient_count = 2},
	    form->capabilities, &failure));
	ck_assert_str_eq(envelope.sender, form->after[0]);
	ck_assert_uint_eq(envelope.recipient_count, 2);
	ck_assert_str_eq(envelope.recipients[0], form->after[1]);
	ck_assert_str_eq(envelope.recipients[1], form->after[2]);
	/* Another server may take the original. */
	ck_assert_str_eq(recipients[0], form->before[1]);
	ck_assert_str_eq(recipients[1], form->before[2]);
}
END_TEST

START_TEST(sender)
{
	static const struct {
		const char *sender;
		bool good;
	} senders[] = {{"", true}, {"a@b", true}, {"#@[]", true},
	    {UMLAUT "@" U_DOMAIN, true}, {"a\n@b", false}, {"a@b\r", false},
	    {"a@b\r\nDATA", false}};
	struct failure failure;

	ck_assert_int_eq(envelope_check_sender(senders[_i].sender, &failure),
	    senders[_i].good);
	if (!senders[_i].good) {
		ck_assert_int_eq(failure.class, FAILURE_PERMANENT);
		ck_assert_ptr_nonnull(strstr(failure.text, "(#5.1.7)\n"));
		ck_assert_ptr_null(strchr(failure.text, '\r'));
	}
}
END_TEST

SUITE("envelope")
{
	tcase_add_loop_test(tcase, conversion, 0, COUNT(forms));
	tcase_add_loop_test(tcase, sender, 0, 7);
}
