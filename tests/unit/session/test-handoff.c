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
	    {0, 1, 1200, "192.0.2.1", {0, 0}, "", "", 1, recipients},
	    {3, 3, 0, "2001:db8::1", {CAPABILITY_SIZE, UINT64_MAX},
		"TLS1.3, AES-256-GCM, unverified (x y)", "s@t", 5, recipients},
	    {INT_MAX, 0, ULONG_MAX, "x", {UINT_MAX, 1}, "\n", "--help", 2,
		recipients},
	};
	const struct session *in = &sessions[_i];
	char **list = session_to_arguments(in, "io");
	struct session out;

	ck_assert_str_eq(list[0], "io");
	ck_assert(session_from_arguments(&out, count_of(list), list));
	ck_assert_int_eq(out.input, in->input);
	ck_assert_int_eq(out.output, in->output);
	ck_assert_uint_eq(out.timeout, in->timeout);
	ck_assert_str_eq(out.server, in->server);
	ck_assert_uint_eq(out.capabilities.set, in->capabilities.set);
	ck_assert_uint_eq(
	    out.capabilities.size_limit, in->capabilities.size_limit);
	ck_assert_str_eq(out.tls, in->tls);
	ck_assert_str_eq(out.sender, in->sender);
	ck_assert_uint_eq(out.recipient_count, in->recipient_count);
	for (size_t i = 0; i < in->recipient_count; i++)
		ck_assert_str_eq(out.recipients[i], recipients[i]);
}
END_TEST

/* Each number in turn is none, or too large. */
START_TEST(malformed)
{
	static const int places[] = {1, 2, 3, 5, 6};
	static char bad[][24] = {"", "x", "-1", "+1", " 1", "1 ", "1x", "0x1",
	    "99999999999999999999"};
	char recipient[] = "a@b", *recipients[] = {recipient};
	const struct session session = {
	    3, 4, 5, "s", {6, 7}, "", "s@t", 1, recipients};
	char **list = session_to_arguments(&session, "io");
	struct session out;

	for (int i = 0; i < COUNT(bad); i++) {
		char *good = list[places[_i]];

		list[places[_i]] = bad[i];
		ck_assert(!session_from_arguments(&out, count_of(list), list));
		list[places[_i]] = good;
	}
	ck_assert(session_from_arguments(&out, count_of(list), list));
	for (int count = 0; count < count_of(list); count++)
		ck_assert(!session_from_arguments(&out, count, list));
}
END_TEST

SUITE("session")
{
	tcase_add_loop_test(tcase, round_trip, 0, 3);
	tcase_add_loop_test(tcase, malformed, 0, 5);
}
