/* SPDX-License-Identifier: ISC */
/*
 * A message that is no longer what it was when the server gives leave to send
 * it: whatever it is now, the server must not take it for a message.
 */
#include "config.h"

#include "mail/transaction.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define MESSAGE "queue/mess/1"

static struct home home;

static void enter(void)
{
	static const char text[] = "Subject: x\n\none\ntwo\nthree\n";

	unit_enter_home(&home);
	home_write(&home, MESSAGE, text, sizeof text - 1);
}

static void cut_after_line(void)
{
	ck_assert_int_eq(truncate(MESSAGE, 16), 0);
}

static void cut_inside_line(void)
{
	ck_assert_int_eq(truncate(MESSAGE, 18), 0);
}

static void cut_all(void)
{
	ck_assert_int_eq(truncate(MESSAGE, 0), 0);
}

static void append(void)
{
	int descriptor = open(MESSAGE, O_WRONLY | O_APPEND | O_CLOEXEC);

	ck_assert_int_eq(write(descriptor, "four\n", 5), 5);
	close(descriptor);
}

static void change_ends(void)
{
	int descriptor = open(MESSAGE, O_WRONLY | O_CLOEXEC);

	ck_assert_int_eq(pwrite(descriptor, "\n\n\n", 3, 2), 3);
	close(descriptor);
}

static void (*const changes[])(void) = {
    cut_after_line, cut_inside_line, cut_all, append, change_ends};

static void reply(int connection, const char *text)
{
	ck_assert_int_eq(
	    write(connection, text, strlen(text)), (ssize_t)strlen(text));
}

/* Commands in clear, one at a time, as they come from a client that waits. */
static bool read_line(int connection, char line[1000])
{
	size_t length = 0;

	while (length < 999 && read(connection, line + length, 1) == 1)
		if (line[length++] == '\n')
			break;
	line[length] = '\0';
	return length > 0;
}

/* Exits with 0 when DATA was said and no message has come to its end. */
static _Noreturn void serve(int connection, void (*change)(void))
{
	bool data = false, complete = false;
	char line[1000];

	while (read_line(connection, line)) {
		if (data) {
			complete = complete || strcmp(line, ".\r\n") == 0;
		} else if (strcmp(line, "DATA\r\n") == 0) {
			change();
			data = true;
			reply(connection, "354 go ahead\r\n");
		} else {
			reply(connection, "250 ok\r\n");
		}
	}
	_exit(!data || complete);
}

static void transfer(const void *connection)
{
	static char recipient[] = "b@example.org";
	static struct verdict verdict;
	struct reports reports = {0};
	char *recipients[] = {recipient, NULL};
	struct session session = {.input = *(const int *)connection,
	    .output = *(const int *)connection,
	    .timeout = 10,
	    .server = "192.0.2.1",
	    .tls = "",
	    .sender = "a@example.net",
	    .recipient_count = 1,
	    .recipients = recipients};
	struct message message;

	if (message_open(&message, open(MESSAGE, O_RDONLY | O_CLOEXEC),
		&verdict.failure))
		transaction_run(&session, &message, &reports, &verdict);
	report_message(&reports, verdict.accepted, &verdict.failure);
}

START_TEST(changed)
{
	static const char report[] = "ZUnable to read message. (#4.3.0)\n";
	struct bytes output;
	int ends[2], status;
	pid_t server;

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	server = fork();
	if (server == 0) {
		close(ends[1]);
		serve(ends[0], changes[_i]);
	}
	close(ends[0]);
	ck_assert_int_eq(unit_run(transfer, &ends[1], &output), 0);
	close(ends[1]);
	ck_assert_uint_eq(output.length, 2 + sizeof report);
	ck_assert_mem_eq(output.data, "r", 2);
	ck_assert_str_eq(output.data + 2, report);
	ck_assert_int_eq(waitpid(server, &status, 0), server);
	ck_assert_int_eq(status, 0);
	bytes_free(&output);
}
END_TEST

SUITE("transaction")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, changed, 0, COUNT(changes));
}
