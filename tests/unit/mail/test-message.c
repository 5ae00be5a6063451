/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/message.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "message-model.h"
#include "report.h"
#include "suite.h"
#include "unit.h"

enum { LARGE = 60000 }; /* and yet it fits into a pipe */

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

/* Opens it as a file, or as a pipe that a child fills. */
static void open_bytes(
    struct message *message, const char *bytes, size_t size, bool pipe_it)
{
	struct failure failure;
	int ends[2];
	pid_t child;

	if (!pipe_it) {
		char path[HOME_PATH];

		home_write(&home, "queue/mess/1", bytes, size);
		ends[0] = open(home_path(&home, "queue/mess/1", path),
		    O_RDONLY | O_CLOEXEC);
		ck_assert(message_open(message, ends[0], &failure));
		return;
	}
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		while (size > 0) {
			ssize_t written = write(ends[1], bytes, size);

			if (written < 0)
				_exit(1);
			bytes += written;
			size -= (size_t)written;
		}
		_exit(0);
	}
	close(ends[1]);
	ck_assert(message_open(message, ends[0], &failure));
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close(ends[0]);
}

static void close_message(struct message *message)
{
	close(message->descriptor);
}

static void check_facts(
    const struct message *message, const char *bytes, size_t size)
{
	struct bytes wire = {0};
	size_t dots = message_model(&wire, bytes, size);
	bool partial =
	    size > 0 && bytes[size - 1] != '\n' && bytes[size - 1] != '\r';
	bool eight_bit = false;

	for (size_t i = 0; i < size; i++)
		eight_bit = eight_bit || (unsigned char)bytes[i] > 127;
	ck_assert_int_eq(message->facts.partial_line, partial);
	ck_assert_int_eq(message->facts.eight_bit, eight_bit);
	ck_assert_uint_eq(message->facts.wire_size, wire.length - dots);
	bytes_free(&wire);
}

/* The message is read from its start, in whatever steps. */
static void check_read(struct message *message, const char *bytes, size_t size)
{
	struct bytes found = {0};
	char chunk[777];
	ssize_t length;

	while ((length = message_read(message, chunk, sizeof chunk)) > 0)
		bytes_add(&found, chunk, (size_t)length);
	ck_assert_int_eq(length, 0);
	ck_assert(bytes_equal(&found, bytes, size));
	bytes_free(&found);
}

START_TEST(facts_of_random)
{
	uint64_t random = (uint64_t)_i + 100;
	char bytes[40];

	for (int round = 0; round < 100; round++) {
		size_t size = message_random(bytes, sizeof bytes, &random);
		struct message message;

		open_bytes(&message, bytes, size, _i == 1);
		check_facts(&message, bytes, size);
		check_read(&message, bytes, size);
		close_message(&message);
	}
}
END_TEST

/* Pairs of CR and LF around the bounds of what is read at once. */
START_TEST(facts_of_large)
{
	struct bytes bytes = {0};
	uint64_t random = 7;
	struct message message;

	while (bytes.length < 200000) {
		char line[100];

		memset(line, 'x', sizeof line);
		bytes_add(&bytes, line, unit_random(&random, 100));
		bytes_add_text(&bytes, "\r\n");
	}
	for (int shift = 0; shift < 120; shift++) {
		const char *from = bytes.data + shift;
		size_t size = bytes.length - (size_t)shift;

		if (_i == 1 && shift % 20 != 0)
			continue;
		open_bytes(&message, from, size, _i == 1);
		check_facts(&message, from, size);
		if (shift == 0)
			check_read(&message, from, size);
		close_message(&message);
	}
	bytes_free(&bytes);
}
END_TEST

/* Each line end with each, and bytes above 127 before and behind. */
static const char *const forms[] = {
    "Subject: x\n\nbody\n",
    "Subject: \xc3\xbc\n\nbody\n",
    "Subject: \xc3\xbc\r\n\r\nbody\r\n",
    "Subject: \xc3\xbc\r\rbody\r",
    "Subject: \xc3\xbc\n\n\xff\n",
    "Subject: \xc3\xbc\n",
    "Subject: x\n\n\xc3\xbc\n",
    "Subject: x\r\n\r\n\xc3\xbc\r\n",
    "Subject: x\r\r\xc3\xbc\r",
    "Subject: x\n\r\n\xc3\xbc\n",
    "Subject: x\r\n\n\xc3\xbc\n",
    "\n\xc3\xbc\n",
    "\r\n\xc3\xbc\n",
    "\r\xc3\xbc\n",
    "Subject: \xfc\n\nbody\n",
    "Subject: \xc3\xbc\nTo: \xfc\n\nbody\n",
    "Subject: \xc3\n\xbc\n\nbody\n",
    "Subject: \xc3\n\n\xbc\n",
    "Subject: x\n \nX: \xc3\xbc\n\n",
    "",
};

START_TEST(facts_of_forms)
{
	const char *form = forms[_i / 2];
	struct message message;

	open_bytes(&message, form, strlen(form), _i % 2 == 1);
	check_facts(&message, form, strlen(form));
}
END_TEST

/* Not what stands before the descriptor's position. */
START_TEST(position)
{
	struct message message;
	struct failure failure;
	int descriptor;

	home_write(&home, "queue/mess/1", "\xff.\nabc", 6);
	descriptor = open("queue/mess/1", O_RDONLY | O_CLOEXEC);
	lseek(descriptor, 3, SEEK_SET);
	ck_assert(message_open(&message, descriptor, &failure));
	check_facts(&message, "abc", 3);
	check_read(&message, "abc", 3);
}
END_TEST

/* A stream whose other end has gone, leaving bytes unread: ECONNRESET. */
static int open_reset(void)
{
	int ends[2];

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	ck_assert_int_eq(write(ends[0], "x", 1), 1);
	close(ends[1]);
	return ends[0];
}

START_TEST(unreadable)
{
	struct message message;
	struct failure failure;
	int descriptors[] = {-1, open("control", O_RDONLY | O_CLOEXEC),
	    open("out", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), open_reset()};

	ck_assert(!message_open(&message, descriptors[_i], &failure));
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_str_eq(failure.text, "Unable to read message. (#4.3.0)\n");
}
END_TEST

/* There is no room for the copy of a message that can be read only once. */
static void open_without_room(const void *bytes)
{
	const struct rlimit limit = {4096, 4096};
	struct message message;
	struct failure failure;
	int ends[2];

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) == 0 && pipe(ends) == 0 &&
	    write(ends[1], bytes, LARGE) == LARGE && close(ends[1]) == 0 &&
	    !message_open(&message, ends[0], &failure))
		report_failure(&failure);
}

START_TEST(no_room)
{
	static const char bytes[LARGE] = "Subject: x\n";
	struct bytes output;

	ck_assert_int_eq(unit_run(open_without_room, bytes, &output), 0);
	ck_assert_str_eq(output.data, "ZUnable to read message. (#4.3.0)\n");
	bytes_free(&output);
}
END_TEST

SUITE("message")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, facts_of_random, 0, 2);
	tcase_add_loop_test(tcase, facts_of_large, 0, 2);
	tcase_add_loop_test(tcase, facts_of_forms, 0, 2 * COUNT(forms));
	tcase_add_test(tcase, position);
	tcase_add_loop_test(tcase, unreadable, 0, 4);
	tcase_add_test(tcase, no_room);
}
