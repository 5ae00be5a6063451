/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "reply.h"
#include "reports.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static void send_all(const void *argument)
{
	struct reports recipients = {0};
	struct report report;

	(void)argument;
	report_set(&report, 'r', "%s", "");
	reports_add(&recipients, &report);
	report_set(&report, 'h', "%s does not like %s.\n", "192.0.2.1", "you");
	report_add_remote(&report, "550-a\n550 b\n", 12);
	reports_add(&recipients, &report);
	report_set(&report, 'K', "%s accepted message.\n", "::1");
	report_add(&report, "%s", "");
	report_add_remote(&report, "", 0);
	report_add_line(&report, "TLS1.3");
	reports_end(&recipients, &report);
}

/* Passes on what is written first, if it fits into a packet. */
static void send_first_write(const void *argument)
{
	char packet[1024];
	int ends[2];
	ssize_t size;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return;
	if (fork() == 0) {
		if (dup2(ends[1], STDOUT_FILENO) >= 0)
			send_all(argument);
		_exit(1);
	}
	size = recv(ends[0], packet, sizeof packet, 0);
	wait(NULL);
	if (size > 0 && write(STDOUT_FILENO, packet, (size_t)size) == size)
		_exit(0);
	_exit(1);
}

static void expect_all(void (*send)(const void *))
{
	static const char expected[] = "r\0"
				       "h192.0.2.1 does not like you.\n"
				       "Remote host said: 550-a\n550 b\n\0"
				       "K::1 accepted message.\nTLS1.3\n";
	struct bytes output;

	ck_assert_int_eq(unit_run(send, NULL, &output), 0);
	ck_assert_uint_eq(output.length, sizeof expected);
	ck_assert_mem_eq(output.data, expected, sizeof expected);
	bytes_free(&output);
}

START_TEST(protocol)
{
	expect_all(send_all);
}
END_TEST

/* Half of an answer is an answer: there is none. */
START_TEST(one_write)
{
	expect_all(send_first_write);
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

/* A line that was not ended is; one that was cut is left so, as in stock. */
START_TEST(unended)
{
	static char said[REPLY_TEXT_MAX];
	struct report report;

	memset(said, 'x', sizeof said);
	report_set(&report, 'Z', "x\n");
	report_add_remote(&report, said, 2);
	ck_assert_str_eq(report.text, "x\nRemote host said: xx\n");
	report_set(&report, 'Z', "x\n");
	report_add_remote(&report, said, sizeof said);
	ck_assert_int_eq(report.text[report.length - 1], 'x');
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

enum { LONG_REPORTS = 50 };

/* To a pipe that takes less than a report at a time, and says so. */
static void send_slowly(const void *argument)
{
	struct reports recipients = {0};
	struct report report;
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 4096) < 0)
		return;
	report_set(&report, 'r', "%s", (const char *)argument);
	for (int i = 0; i < LONG_REPORTS; i++)
		reports_add(&recipients, &report);
	reports_end(&recipients, &report);
}

/* A standard output that is not ready is waited for. */
START_TEST(not_ready)
{
	char text[REPORT_TEXT_MAX];
	struct bytes output;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ck_assert_int_eq(unit_run(send_slowly, text, &output), 0);
	ck_assert_uint_eq(
	    output.length, (LONG_REPORTS + 1) * (sizeof text + 1));
	for (size_t at = 0; at < output.length; at += sizeof text + 1) {
		ck_assert_int_eq(output.data[at], 'r');
		ck_assert_str_eq(output.data + at + 1, text);
	}
	bytes_free(&output);
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

SUITE("report")
{
	tcase_add_test(tcase, protocol);
	tcase_add_test(tcase, one_write);
	tcase_add_test(tcase, unwritable);
	tcase_add_test(tcase, cut);
	tcase_add_test(tcase, unended);
	tcase_add_test(tcase, remote);
	tcase_add_test(tcase, not_ready);
	tcase_add_test(tcase, shown);
}
