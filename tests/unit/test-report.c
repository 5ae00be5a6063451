/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "report.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static void send_all(const void *argument)
{
	struct report report;

	(void)argument;
	report_set(&report, 'r', "%s", "");
	report_recipient(&report);
	report_set(&report, 'h', "%s does not like %s.\n", "192.0.2.1", "you");
	report_add_remote(&report, "550-a\n550 b\n", 12);
	report_recipient(&report);
	report_set(&report, 'K', "%s accepted message.\n", "::1");
	report_add(&report, "%s", "");
	report_add_remote(&report, "", 0);
	report_add_line(&report, "TLS1.3");
	report_end(&report);
}

START_TEST(protocol)
{
	static const char expected[] = "r\0"
				       "h192.0.2.1 does not like you.\n"
				       "Remote host said: 550-a\n550 b\n\0"
				       "K::1 accepted message.\nTLS1.3\n";
	struct bytes output;

	ck_assert_int_eq(unit_run(send_all, NULL, &output), 0);
	ck_assert_uint_eq(output.length, sizeof expected);
	ck_assert_mem_eq(output.data, expected, sizeof expected);
}
END_TEST

static void send_to_nobody(const void *argument)
{
	int ends[2];

	(void)argument;
	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0)
		return;
	close(ends[0]);
	send_all(NULL);
}

static void send_closed(const void *argument)
{
	(void)argument;
	close(STDOUT_FILENO);
	send_all(NULL);
}

/* Whatever the output is, the status is 0. */
START_TEST(unwritable)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(send_to_nobody, NULL, &output), 0);
	ck_assert_int_eq(unit_run(send_closed, NULL, &output), 0);
	ck_assert_uint_eq(output.length, 0);
}
END_TEST

START_TEST(cut)
{
	char text[3 * REPORT_TEXT_MAX];
	struct report report;

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	report_set(&report, 'Z', "%s", text);
	ck_assert_uint_lt(report.length, REPORT_TEXT_MAX);
	ck_assert_uint_ge(report.length, REPORT_TEXT_MAX - 8);
	ck_assert_mem_eq(report.text, text, report.length);
	report_add(&report, "%s", text);
	report_add_line(&report, "more");
	report_add_remote(&report, text, sizeof text - 1);
	ck_assert_uint_lt(report.length, REPORT_TEXT_MAX);

	report_set(&report, 'K', "%s", "short\n");
	ck_assert_uint_eq(report.length, 6);
}
END_TEST

/* The remote text is bytes, not text of some locale. */
START_TEST(remote)
{
	static const char said[] = "550 \377\200\33[1m%s%n";
	static const char expected[] =
	    "x\nRemote host said: 550 \377\200\33[1m%s%n\n"
	    "TLS\n";
	struct report report;

	report_set(&report, 'Z', "x\n");
	report_add_remote(&report, said, sizeof said - 1);
	report_add_line(&report, "TLS");
	ck_assert_uint_eq(report.length, sizeof expected - 1);
	ck_assert_mem_eq(report.text, expected, report.length);
}
END_TEST

START_TEST(shown)
{
	char text[256], safe[256], readable[256], little[4];

	for (int i = 0; i < 255; i++)
		text[i] = (char)(i + 1);
	text[255] = '\0';
	ck_assert_ptr_eq(report_safe(safe, sizeof safe, text), safe);
	ck_assert_ptr_eq(
	    report_readable(readable, sizeof readable, text), readable);
	for (int i = 0; i < 255; i++) {
		int byte = i + 1;

		ck_assert_int_eq(safe[i], byte < 33 || byte > 126 ? '?' : byte);
		ck_assert_int_eq(
		    readable[i], byte < 32 || byte > 126 ? '?' : byte);
	}
	ck_assert_int_eq(safe[255], '\0');
	ck_assert_str_eq(report_safe(little, sizeof little, "abcdef"), "abc");
	ck_assert_str_eq(report_safe(little, sizeof little, ""), "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tcase = tcase_create("report");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, protocol);
	tcase_add_test(tcase, unwritable);
	tcase_add_test(tcase, cut);
	tcase_add_test(tcase, remote);
	tcase_add_test(tcase, shown);
	return suite_run(suite);
}
