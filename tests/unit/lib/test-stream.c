/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* A stream on one end of a socket pair; the other is the peer's. */
struct pair {
	struct stream stream;
	int peer;
};

static struct pair *open_pair(void)
{
	struct pair *pair = calloc(1, sizeof *pair);
	struct transport transport;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	transport = transport_descriptors(ends[0], ends[0]);
	stream_open(&pair->stream, &transport);
	pair->peer = ends[1];
	return pair;
}

static void say(const struct pair *pair, const char *text)
{
	ck_assert_int_eq(
	    write(pair->peer, text, strlen(text)), (ssize_t)strlen(text));
}

static void check_input(const struct stream *stream, const char *expected)
{
	size_t size;
	const char *input = stream_input(stream, &size);

	ck_assert_uint_eq(size, strlen(expected));
	ck_assert_mem_eq(input, expected, size);
}

START_TEST(reading)
{
	struct pair *pair = open_pair();
	struct stream *stream = &pair->stream;

	check_input(stream, "");
	ck_assert_int_eq(
	    stream_move(stream, deadline_in_ms(20)), STREAM_TIMED_OUT);
	say(pair, "abc");
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_MOVED);
	check_input(stream, "abc");
	stream_consume(stream, 1);
	say(pair, "de");
	close(pair->peer);
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_MOVED);
	check_input(stream, "bcde");
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_CLOSED);
	check_input(stream, "bcde");
	stream_consume(stream, 4);
	check_input(stream, "");
}
END_TEST

/* Without waiting, and whatever there is to write. */
START_TEST(hearing)
{
	struct pair *pair = open_pair();
	struct stream *stream = &pair->stream;

	stream_put(stream, "unwritten", 9);
	ck_assert_int_eq(stream_hear(stream), STREAM_TIMED_OUT);
	say(pair, "abc");
	ck_assert_int_eq(stream_hear(stream), STREAM_MOVED);
	check_input(stream, "abc");
	ck_assert_uint_eq(stream_unwritten(stream), 9);
	close(pair->peer);
	ck_assert_int_eq(stream_hear(stream), STREAM_CLOSED);
}
END_TEST

START_TEST(writing)
{
	struct pair *pair = open_pair();
	struct stream *stream = &pair->stream;
	char got[16] = "";

	ck_assert_uint_eq(stream_room(stream), STREAM_OUTPUT_SIZE);
	stream_put(stream, "abc", 3);
	memcpy(stream_space(stream), "de", 2);
	stream_commit(stream, 2);
	ck_assert_uint_eq(stream_unwritten(stream), 5);
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_MOVED);
	ck_assert_uint_eq(stream_unwritten(stream), 0);
	ck_assert_uint_eq(stream_room(stream), STREAM_OUTPUT_SIZE);
	ck_assert_int_eq(read(pair->peer, got, sizeof got), 5);
	ck_assert_str_eq(got, "abcde");
}
END_TEST

/* A peer that writes all before it reads anything. */
START_TEST(both_write_first)
{
	enum { SIZE = 2000000 };
	struct pair *pair = open_pair();
	struct stream *stream = &pair->stream;
	size_t put = 0, read_size = 0, size;
	char chunk[10000] = "";
	pid_t child = fork();

	if (child == 0) {
		size_t seen = 0;
		ssize_t length;

		for (size_t sent = 0; sent < SIZE; sent += sizeof chunk)
			if (write(pair->peer, chunk, sizeof chunk) !=
			    sizeof chunk)
				_exit(1);
		while (seen < SIZE &&
		       (length = read(pair->peer, chunk, sizeof chunk)) > 0)
			seen += (size_t)length;
		_exit(seen == SIZE ? 0 : 1);
	}
	while (put < SIZE || stream_unwritten(stream) > 0 || read_size < SIZE) {
		while (put < SIZE && stream_room(stream) >= sizeof chunk) {
			stream_put(stream, chunk, sizeof chunk);
			put += sizeof chunk;
		}
		ck_assert_int_eq(
		    stream_move(stream, deadline_in(5)), STREAM_MOVED);
		stream_input(stream, &size);
		stream_consume(stream, size);
		read_size += size;
	}
	ck_assert_uint_eq(read_size, SIZE);
	unit_end(child);
}
END_TEST

/* Writing fails; what the peer said before is still read. */
START_TEST(broken)
{
	struct pair *pair = open_pair();
	struct stream *stream = &pair->stream;

	say(pair, "421 bye\r\n");
	ck_assert_int_eq(shutdown(pair->peer, SHUT_RD), 0);
	ck_assert(!stream_is_broken(stream));
	stream_put(stream, "MAIL\r\n", 6);
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_MOVED);
	check_input(stream, "421 bye\r\n");
	ck_assert(stream_is_broken(stream));
	ck_assert_uint_eq(stream_unwritten(stream), 0);
	stream_put(stream, "lost", 4);
	ck_assert_uint_eq(stream_unwritten(stream), 0);
	close(pair->peer);
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_CLOSED);
}
END_TEST

/* The peer reads nothing: the deadline holds, however much it says. */
START_TEST(stuck)
{
	struct pair *pair = open_pair();
	struct stream *stream = &pair->stream;
	enum stream_status status = STREAM_MOVED;
	struct deadline deadline = deadline_in_ms(100);
	char chunk[8192] = "";
	size_t size;

	while (status == STREAM_MOVED) {
		if (write(pair->peer, "x", 1) != 1)
			break;
		while (stream_room(stream) >= sizeof chunk)
			stream_put(stream, chunk, sizeof chunk);
		status = stream_move(stream, deadline);
		stream_input(stream, &size);
		stream_consume(stream, size);
	}
	ck_assert_int_eq(status, STREAM_TIMED_OUT);
}
END_TEST

START_TEST(full)
{
	struct pair *pair = open_pair();
	struct stream *stream = &pair->stream;
	char chunk[STREAM_INPUT_SIZE] = "";
	size_t size;

	ck_assert_int_eq(
	    write(pair->peer, chunk, sizeof chunk), (ssize_t)sizeof chunk);
	do {
		ck_assert_int_eq(
		    stream_move(stream, deadline_in(5)), STREAM_MOVED);
		stream_input(stream, &size);
	} while (size < STREAM_INPUT_SIZE);
	say(pair, "x");
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_FAILED);
	ck_assert_int_eq(errno, ENOBUFS);
	stream_consume(stream, STREAM_INPUT_SIZE);
	ck_assert_int_eq(stream_move(stream, deadline_in(5)), STREAM_MOVED);
	check_input(stream, "x");
}
END_TEST

START_TEST(two_descriptors)
{
	struct transport transport;
	struct stream *stream = calloc(1, sizeof *stream);
	int in[2], out[2];
	char got[8] = "";

	ck_assert_int_eq(pipe2(in, O_NONBLOCK), 0);
	ck_assert_int_eq(pipe2(out, O_NONBLOCK), 0);
	transport = transport_descriptors(in[0], out[1]);
	stream_open(stream, &transport);
	stream_put(stream, "out", 3);
	ck_assert_int_eq(write(in[1], "in", 2), 2);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(
		    stream_move(stream, deadline_in(5)), STREAM_MOVED);
	check_input(stream, "in");
	ck_assert_int_eq(read(out[0], got, sizeof got), 3);
	ck_assert_str_eq(got, "out");
	ck_assert_int_eq(
	    stream_move(stream, deadline_in_ms(1)), STREAM_TIMED_OUT);
}
END_TEST

SUITE("stream")
{
	tcase_add_test(tcase, reading);
	tcase_add_test(tcase, hearing);
	tcase_add_test(tcase, writing);
	tcase_add_test(tcase, both_write_first);
	tcase_add_test(tcase, broken);
	tcase_add_test(tcase, stuck);
	tcase_add_test(tcase, full);
	tcase_add_test(tcase, two_descriptors);
}
