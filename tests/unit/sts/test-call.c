/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/call.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { ARGUMENTS = 32 };

static const char *const good[] = {"qmail-remote-sts", PACKAGE_VERSION,
    "mta-sts.a.test", "443", "20000", "/etc/anchors/", "192.0.2.1", "-",
    "192.0.2.2", "2001:db8::2", NULL};

static bool read_call(
    struct sts_call *call, int count, const char *const *arguments)
{
	return sts_call_from_arguments(
	    call, count, (char **)(uintptr_t)arguments);
}

START_TEST(round_trip)
{
	struct sts_call call;
	char **list;

	ck_assert(read_call(&call, COUNT(good) - 1, good));
	ck_assert_str_eq(call.host, "mta-sts.a.test");
	ck_assert_uint_eq(call.port, 443);
	ck_assert_uint_eq(call.milliseconds, 20000);
	ck_assert(call.bind_v4 && !call.bind_v6);
	ck_assert_uint_eq(call.address_count, 2);
	list = sts_call_to_arguments(&call, "qmail-remote-sts");
	for (int i = 0; i < COUNT(good) - 1; i++)
		ck_assert_str_eq(list[i], good[i]);
	ck_assert_ptr_null(list[COUNT(good) - 1]);
}
END_TEST

/* One argument that is none. */
static const struct form {
	int at;
	const char *text;
} bad[] = {
    {1, "0"},
    {1, ""},
    {3, ""},
    {3, "65536"},
    {3, "-1"},
    {3, "https"},
    {4, ""},
    {4, "60001"},
    {4, "99999999999999999999999"},
    {6, ""},
    {6, "2001:db8::1"},
    {6, "x"},
    {7, "192.0.2.1"},
    {8, "a.test"},
    {9, ""},
};

START_TEST(refused)
{
	const char *list[COUNT(good)];
	struct sts_call call;

	memcpy(list, good, sizeof list);
	list[bad[_i].at] = bad[_i].text;
	ck_assert(!read_call(&call, COUNT(good) - 1, list));
}
END_TEST

START_TEST(number)
{
	const char *list[ARGUMENTS];
	struct sts_call call;

	for (int i = 0; i < ARGUMENTS; i++)
		list[i] = i < 8 ? good[i] : good[8];
	for (int i = 0; i <= 8; i++)
		ck_assert(!read_call(&call, i, list));
	ck_assert(read_call(&call, 9, list));
	ck_assert(read_call(&call, 8 + STS_ADDRESSES_MAX, list));
	ck_assert(!read_call(&call, 9 + STS_ADDRESSES_MAX, list));
}
END_TEST

static const struct written {
	const char *bytes;
	enum sts_outcome outcome;
	const char *text;
} written[] = {
    {"policy 3\nabc", STS_OUTCOME_POLICY, "abc"},
    {"policy 0\n", STS_OUTCOME_POLICY, ""},
    {"policy 2\n\n\n", STS_OUTCOME_POLICY, "\n\n"},
    {"failed 3\nwhy", STS_OUTCOME_FAILED, "why"},
    {"foreign 0\n", STS_OUTCOME_FOREIGN, ""},
    {"missing 1\nx", STS_OUTCOME_MISSING, "x"},
    {"", STS_OUTCOME_LOST, ""},
    {"\n", STS_OUTCOME_LOST, ""},
    {"policy", STS_OUTCOME_LOST, ""},
    {"policy 3", STS_OUTCOME_LOST, ""},
    {"policy 3\n", STS_OUTCOME_LOST, ""},
    {"policy 3\nab", STS_OUTCOME_LOST, ""},
    {"policy 3\nabcd", STS_OUTCOME_LOST, ""},
    {"policy 03\nabc", STS_OUTCOME_LOST, ""},
    {"policy -1\nabc", STS_OUTCOME_LOST, ""},
    {"policy\nabc", STS_OUTCOME_LOST, ""},
    {"lost 0\n", STS_OUTCOME_LOST, ""},
    {"Policy 3\nabc", STS_OUTCOME_LOST, ""},
};

START_TEST(understood)
{
	const struct written *expected = &written[_i];
	struct sts_result result;

	sts_result_read(&result, expected->bytes, strlen(expected->bytes));
	ck_assert_int_eq(result.outcome, expected->outcome);
	ck_assert_uint_eq(result.size, strlen(expected->text));
	ck_assert_mem_eq(result.text, expected->text, result.size);
}
END_TEST

static void write_it(const void *result)
{
	sts_result_write(1, result);
}

START_TEST(result_round_trip)
{
	static char text[STS_POLICY_SIZE_MAX];
	struct sts_result result = {STS_OUTCOME_POLICY, text, sizeof text};
	struct bytes output;

	memset(text, '\n', sizeof text);
	text[100] = '\0';
	ck_assert_int_eq(unit_run(write_it, &result, &output), UNIT_RETURNED);
	ck_assert_uint_lt(output.length, STS_RESULT_SIZE_MAX);
	sts_result_read(&result, output.data, output.length);
	ck_assert_int_eq(result.outcome, STS_OUTCOME_POLICY);
	ck_assert_uint_eq(result.size, sizeof text);
	ck_assert_mem_eq(result.text, text, sizeof text);
	bytes_free(&output);
}
END_TEST

SUITE("sts_call")
{
	tcase_add_test(tcase, round_trip);
	tcase_add_loop_test(tcase, refused, 0, COUNT(bad));
	tcase_add_test(tcase, number);
	tcase_add_loop_test(tcase, understood, 0, COUNT(written));
	tcase_add_test(tcase, result_round_trip);
}
