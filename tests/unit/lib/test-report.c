/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "report.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static struct failure make(enum failure_class class, const char *text)
{
	struct failure failure;

	failure_set(&failure, class, "%s", text);
	return failure;
}

static void send_all(const void *argument)
{
	struct reports recipients = {0};
	struct failure failure =
	    make(FAILURE_PERMANENT, "192.0.2.1 does not like you.\n");

	(void)argument;
	report_recipient(&recipients, NULL);
	report_recipient(&recipients, &failure);
	failure.class = FAILURE_TEMPORARY;
	report_recipient(&recipients, &failure);
	report_message(&recipients, "::1 accepted message.\n", NULL);
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
				       "h192.0.2.1 does not like you.\n\0"
				       "s192.0.2.1 does not like you.\n\0"
				       "K::1 accepted message.\n";
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

/* A message report alone, of a failure of the argument's class. */
static void send_failure(const void *argument)
{
	struct failure failure =
	    make(*(const enum failure_class *)argument, "x\xff\33%s\n");

	report_failure(&failure);
}

START_TEST(failures)
{
	static const enum failure_class classes[] = {
	    FAILURE_TEMPORARY, FAILURE_PERMANENT};
	static const char *const expected[] = {
	    "Zx\xff\33%s\n", "Dx\xff\33%s\n"};
	struct bytes output;

	ck_assert_int_eq(unit_run(send_failure, &classes[_i], &output), 0);
	ck_assert_str_eq(output.data, expected[_i]);
	ck_assert_uint_eq(output.length, strlen(expected[_i]) + 1);
	bytes_free(&output);
}
END_TEST

static void send_no_memory(const void *argument)
{
	(void)argument;
	report_out_of_memory();
}

START_TEST(no_memory)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(send_no_memory, NULL, &output), 0);
	ck_assert_str_eq(output.data, "ZOut of memory. (#4.3.0)\n");
	bytes_free(&output);
}
END_TEST

enum { OTHER_STATUS = 7 };

static void end_otherwise(void)
{
	_exit(OTHER_STATUS);
}

static void send_no_memory_otherwise(const void *argument)
{
	report_end_by(end_otherwise);
	ck_assert(report_is_ended_by() == end_otherwise);
	send_no_memory(argument);
}

START_TEST(no_memory_without_reports)
{
	struct bytes output;

	ck_assert_int_eq(
	    unit_run(send_no_memory_otherwise, NULL, &output), OTHER_STATUS);
	ck_assert_uint_eq(output.length, 0);
	ck_assert(report_is_ended_by() == NULL);
}
END_TEST

enum { LONG_REPORTS = 50 };

/* To a pipe that takes less than a report at a time, and says so. */
static void send_slowly(const void *argument)
{
	struct reports recipients = {0};
	struct failure failure = make(FAILURE_PERMANENT, argument);
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 4096) < 0)
		return;
	for (int i = 0; i < LONG_REPORTS; i++)
		report_recipient(&recipients, &failure);
	report_message(&recipients, argument, NULL);
}

/*
 * A standard output that is not ready is waited for; of what is too long, the
 * end is cut.
 */
START_TEST(not_ready)
{
	enum { SENT = 1 + REPORT_TEXT_MAX + 1 };
	static char text[2 * REPORT_TEXT_MAX];
	struct bytes output;

	memset(text, 'x', sizeof text - 1);
	ck_assert_int_eq(unit_run(send_slowly, text, &output), 0);
	ck_assert_uint_eq(output.length, (LONG_REPORTS + 1) * SENT);
	for (size_t at = 0; at < output.length; at += SENT) {
		bool last = at + SENT == output.length;

		ck_assert_int_eq(output.data[at], last ? 'K' : 'h');
		ck_assert_uint_eq(
		    strlen(output.data + at + 1), REPORT_TEXT_MAX);
		ck_assert_mem_eq(output.data + at + 1, text, REPORT_TEXT_MAX);
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
	tcase_add_loop_test(tcase, failures, 0, 2);
	tcase_add_test(tcase, no_memory);
	tcase_add_test(tcase, no_memory_without_reports);
	tcase_add_test(tcase, not_ready);
	tcase_add_test(tcase, shown);
}
