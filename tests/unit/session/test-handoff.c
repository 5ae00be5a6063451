/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/handoff.h"

#include <limits.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static int count_of(char **list)
{
	int count = 0;

	while (list[count] != NULL)
		count++;
	return count;
}

/* What goes in comes out. */
START_TEST(round_trip)
{
	static char texts[][8] = {"a@b", "", "-x --y", "\xc3\xbc@\xff\n", "e"};
	char *recipients[] = {texts[0], texts[1], texts[2], texts[3], texts[4]};
	const struct session sessions[] = {
	    {.output = 1,
		.timeout = 1200,
		.server = "192.0.2.1",
		.sender = "",
		.recipient_count = 1,
		.recipients = recipients},
	    {.input = 3,
		.output = 3,
		.min_rate = 100,
		.server = "2001:db8::1",
		.capabilities = {CAPABILITY_SIZE, UINT64_MAX},
		.requiretls = true,
		.tls = "TLS1.3, AES-256-GCM, unverified (x y)",
		.sender = "s@t",
		.recipient_count = 5,
		.recipients = recipients},
	    {.input = INT_MAX,
		.timeout = ULONG_MAX,
		.min_rate = ULONG_MAX,
		.server = "x",
		.capabilities = {UINT_MAX, 1},
		.tls = "\n",
		.secret = 5,
		.clear_reason = "No.\nRemote host said: 454\n",
		.sender = "--help",
		.recipient_count = 2,
		.recipients = recipients},
	};
	const struct session *in = &sessions[_i];
	char **list = handoff_write(in, "io");
	struct session out;

	ck_assert_str_eq(list[0], "io");
	ck_assert(handoff_read(&out, count_of(list), list));
	ck_assert_int_eq(out.input, in->input);
	ck_assert_int_eq(out.output, in->output);
	ck_assert_uint_eq(out.timeout, in->timeout);
	ck_assert_uint_eq(out.min_rate, in->min_rate);
	ck_assert_str_eq(out.server, in->server);
	ck_assert_uint_eq(out.capabilities.set, in->capabilities.set);
	ck_assert_uint_eq(
	    out.capabilities.size_limit, in->capabilities.size_limit);
	ck_assert_int_eq(out.requiretls, in->requiretls);
	ck_assert_str_eq(out.tls, in->tls != NULL ? in->tls : "");
	ck_assert_str_eq(
	    out.clear_reason, in->clear_reason != NULL ? in->clear_reason : "");
	ck_assert_int_eq(out.secret, in->secret);
	ck_assert_str_eq(out.sender, in->sender);
	ck_assert_uint_eq(out.recipient_count, in->recipient_count);
	for (size_t i = 0; i < in->recipient_count; i++)
		ck_assert_str_eq(out.recipients[i], recipients[i]);
}
END_TEST

/* The list of a session with two recipients. */
static char **make_list(void)
{
	static char texts[][4] = {"a@b", "c@d"};
	static char *recipients[] = {texts[0], texts[1]};
	const struct session session = {.input = 3,
	    .output = 4,
	    .timeout = 5,
	    .server = "s",
	    .capabilities = {6, 7},
	    .sender = "s@t",
	    .recipient_count = 2,
	    .recipients = recipients};

	return handoff_write(&session, "io");
}

/* Each number in turn is none, or too large. */
START_TEST(malformed)
{
	static const int places[] = {2, 3, 4, 5, 6, 8, 9, 10, 13};
	static char bad[][24] = {"", "x", "-1", "+1", " 1", "1 ", "1x", "0x1",
	    "99999999999999999999"};
	char **list = make_list();
	struct session out;

	for (int i = 0; i < COUNT(bad); i++) {
		char *good = list[places[_i]];

		list[places[_i]] = bad[i];
		ck_assert(!handoff_read(&out, count_of(list), list));
		list[places[_i]] = good;
	}
	ck_assert(handoff_read(&out, count_of(list), list));
	for (int count = 0; count < count_of(list); count++)
		ck_assert(!handoff_read(&out, count, list));
}
END_TEST

/* What another version means by its fields is not asked. */
START_TEST(another_version)
{
	static char versions[][24] = {"", "0.9", PACKAGE_VERSION "x", "3"};
	char **list = make_list();
	struct session out;

	list[1] = versions[_i];
	ck_assert(!handoff_read(&out, count_of(list), list));
}
END_TEST

/* A field too many or too few, at any place, shifts nothing. */
START_TEST(shifted)
{
	char **list = make_list();
	int count = count_of(list);
	char *longer[32], *shorter[32];
	struct session out;

	for (int at = 1; at <= count; at++) {
		for (int i = 0; i <= count; i++)
			longer[i < at ? i : i + 1] = list[i];
		longer[at] = list[at - 1];
		ck_assert(!handoff_read(&out, count + 1, longer));
		if (at == count)
			break;
		for (int i = 0; i <= count; i++)
			shorter[i <= at ? i : i - 1] = list[i];
		shorter[at] = list[at + 1];
		ck_assert(!handoff_read(&out, count - 1, shorter));
	}
}
END_TEST

SUITE("handoff")
{
	tcase_add_loop_test(tcase, round_trip, 0, 3);
	tcase_add_loop_test(tcase, malformed, 0, 9);
	tcase_add_loop_test(tcase, another_version, 0, 4);
	tcase_add_test(tcase, shifted);
}
