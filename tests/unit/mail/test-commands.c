/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/commands.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum {
	S = CAPABILITY_SIZE,
	E = CAPABILITY_8BITMIME,
	U = CAPABILITY_SMTPUTF8,
	R = CAPABILITY_REQUIRETLS
};

static char ascii[] = "b@example.org", foreign[] = "\xc3\xa4@example.org",
	    broken[] = "b\n@x";

/* What MAIL says besides the sender. */
static const struct form {
	unsigned set;
	bool requiretls;
	struct message_facts facts;
	char *recipient;
	const char *parameters;
} forms[] = {
    {0, false, {.wire_size = 7, .eight_bit = true}, ascii, ""},
    {S, false, {.wire_size = 7}, ascii, " SIZE=7"},
    {S, false, {.wire_size = UINT64_MAX}, ascii, " SIZE=18446744073709551615"},
    {E, false, {.wire_size = 7}, ascii, ""},
    {E, false, {.eight_bit = true}, ascii, " BODY=8BITMIME"},
    {U, false, {.eight_bit = true}, ascii, ""},
    {U, false, {.eight_bit = true}, foreign, " SMTPUTF8"},
    /* Only if it is asked for, whatever the server offers. */
    {R, false, {0}, ascii, ""},
    {R, true, {0}, ascii, " REQUIRETLS"},
    {S | E | U | R, true, {.wire_size = 7, .eight_bit = true}, foreign,
	" SIZE=7 BODY=8BITMIME SMTPUTF8 REQUIRETLS"},
};

START_TEST(mail)
{
	static struct stream stream;
	const struct form *form = &forms[_i];
	char *recipients[] = {form->recipient};
	struct session session = {.capabilities.set = form->set,
	    .requiretls = form->requiretls,
	    .sender = "a@example.net",
	    .recipient_count = 1,
	    .recipients = recipients};
	struct transport nowhere = transport_descriptors(-1, -1);
	struct commands commands;
	char line[256] = "";

	stream_open(&stream, &nowhere);
	commands_start(&commands, &session, &form->facts);
	commands_put(&commands, (struct place){STAGE_MAIL, 0}, &stream);
	memcpy(line, stream.output, stream_unwritten(&stream));
	ck_assert_ptr_eq(strstr(line, "MAIL FROM:<a@example.net>"), line);
	ck_assert_ptr_eq(
	    strstr(line + 25, form->parameters), (char *)line + 25);
	ck_assert_str_eq(line + 25 + strlen(form->parameters), "\r\n");
	commands_end(&commands);
}
END_TEST

/* All commands in their order; recipients that are refused have none. */
START_TEST(order)
{
	static const struct {
		char *recipients[3];
		const char *told; /* their numbers */
	} lists[] = {{{ascii, ascii, ascii}, "012"},
	    {{broken, ascii, broken}, "1"}, {{broken, broken, ascii}, "2"},
	    {{ascii, broken, foreign}, "0"}, {{broken, foreign, broken}, ""}};
	char *recipients[3];
	struct session session = {
	    .sender = "", .recipient_count = 3, .recipients = recipients};
	struct message_facts facts = {0};
	struct place place = {STAGE_MAIL, 0};
	struct commands commands;

	memcpy(recipients, lists[_i].recipients, sizeof recipients);
	commands_start(&commands, &session, &facts);
	for (const char *told = lists[_i].told; *told != '\0'; told++) {
		struct place expected = {STAGE_RCPT, (size_t)(*told - '0')};

		place = commands_next(&commands, place);
		ck_assert(place_is(place, expected));
	}
	for (enum stage stage = STAGE_DATA; stage <= STAGE_OVER; stage++) {
		place = commands_next(&commands, place);
		ck_assert(place_is(place, (struct place){stage, 0}));
	}
	commands_end(&commands);
}
END_TEST

SUITE("commands")
{
	tcase_add_loop_test(tcase, mail, 0, COUNT(forms));
	tcase_add_loop_test(tcase, order, 0, 5);
}
