/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "message.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* What the encoder has to make of a message, and how many dots it adds. */
static size_t model(struct bytes *wire, const char *bytes, size_t size)
{
	size_t at = 0, dots = 0;

	while (at < size) {
		size_t end = at;

		while (end < size && bytes[end] != '\r' && bytes[end] != '\n')
			end++;
		if (end > at && bytes[at] == '.') {
			bytes_add_text(wire, ".");
			dots++;
		}
		bytes_add(wire, bytes + at, end - at);
		if (end < size)
			bytes_add_text(wire, "\r\n");
		at = end + 1;
		if (at < size && bytes[end] == '\r' && bytes[at] == '\n')
			at++;
	}
	return dots;
}

/* Encodes in pieces of at most these sizes; a piece of room is 2 at least. */
static void encode(struct bytes *wire, const char *bytes, size_t size,
    size_t piece, size_t room)
{
	struct message_encoder encoder = {0};
	char output[256];

	while (size > 0) {
		const char *from = bytes;
		size_t left = size < piece ? size : piece, given = left;

		while (left > 0) {
			size_t had = left, length = message_encode(&encoder,
					       &from, &left, output, room);

			ck_assert_uint_le(length, room);
			ck_assert(length > 0 || left < had);
			ck_assert(left == 0 || length + 1 >= room);
			bytes_add(wire, output, length);
		}
		ck_assert_ptr_eq(from, bytes + given);
		bytes += given;
		size -= given;
	}
}

static void check_encoding(
    const char *bytes, size_t size, size_t piece, size_t room)
{
	struct bytes expected = {0}, wire = {0};

	model(&expected, bytes, size);
	encode(&wire, bytes, size, piece, room);
	ck_assert_uint_eq(wire.length, expected.length);
	ck_assert_msg(bytes_equal(&wire, expected.data, expected.length),
	    "pieces of %zu, room of %zu", piece, room);
	bytes_free(&expected);
	bytes_free(&wire);
}

static const struct form {
	const char *bytes;
	size_t size;
	const char *wire;
	size_t wire_size;
	unsigned dots;
} forms[] = {
    {TEXT(""), TEXT(""), 0},
    {TEXT(".\n..\n.a\n"), TEXT("..\r\n...\r\n..a\r\n"), 3},
    {TEXT("a\r\n.b\r\n"), TEXT("a\r\n..b\r\n"), 1},
    {TEXT("a\rb\n"), TEXT("a\r\nb\r\n"), 0},
    {TEXT("a\r.\n"), TEXT("a\r\n..\r\n"), 1},
    {TEXT("a\r..\rb\n"), TEXT("a\r\n...\r\nb\r\n"), 1},
    {TEXT("\r\r\n"), TEXT("\r\n\r\n"), 0},
    {TEXT("\n\r\n"), TEXT("\r\n\r\n"), 0},
    {TEXT("\r\n\n"), TEXT("\r\n\r\n"), 0},
    {TEXT("a\r"), TEXT("a\r\n"), 0},
    {TEXT("a\0b\n"), TEXT("a\0b\r\n"), 0},
    {TEXT("\0.\n.\0\n"), TEXT("\0.\r\n..\0\r\n"), 1},
    {TEXT("\xff\x80\n"), TEXT("\xff\x80\r\n"), 0},
    {TEXT("body\r.\rMAIL FROM:<e@x>\r"),
	TEXT("body\r\n..\r\nMAIL FROM:<e@x>\r\n"), 1},
};

START_TEST(known)
{
	const struct form *form = &forms[_i];
	struct bytes wire = {0};

	ck_assert_uint_eq(model(&wire, form->bytes, form->size), form->dots);
	ck_assert(bytes_equal(&wire, form->wire, form->wire_size));
	bytes_free(&wire);
	for (size_t piece = 1; piece <= form->size; piece++)
		for (size_t room = 2; room < 40; room++)
			check_encoding(form->bytes, form->size, piece, room);
}
END_TEST

static size_t make_random(char *bytes, size_t limit, uint64_t *random)
{
	static const char alphabet[] = "\r\r\n\n..a\0\377";
	size_t size = unit_random(random, (unsigned)limit);

	for (size_t i = 0; i < size; i++)
		bytes[i] = alphabet[unit_random(random, sizeof alphabet - 1)];
	return size;
}

START_TEST(random_messages)
{
	uint64_t random = (uint64_t)_i;
	char bytes[40];

	for (int round = 0; round < 500; round++) {
		size_t size = make_random(bytes, sizeof bytes, &random);

		for (size_t piece = 1; piece <= size; piece++)
			check_encoding(
			    bytes, size, piece, 2 + unit_random(&random, 20));
		for (size_t room = 2; room < 24; room++)
			check_encoding(bytes, size, size, room);
	}
}
END_TEST

/* Each input of up to 7 of these bytes, from a fresh start. */
START_TEST(all_short_messages)
{
	static const char alphabet[] = "\r\n.a";
	char bytes[7];

	for (size_t size = 1; size <= sizeof bytes; size++)
		for (unsigned n = 0; n < 1U << 2 * size; n++) {
			for (size_t i = 0; i < size; i++)
				bytes[i] = alphabet[n >> 2 * i & 3];
			check_encoding(bytes, size, size, 64);
			check_encoding(bytes, size, 1, 3);
		}
}
END_TEST

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

/* Opens it as a file, or as a pipe that a child fills. */
static void open_bytes(
    struct message *message, const char *bytes, size_t size, bool pipe_it)
{
	struct report report;
	int ends[2];
	pid_t child;

	if (!pipe_it) {
		char path[HOME_PATH];

		home_write(&home, "queue/mess/1", bytes, size);
		ends[0] = open(home_path(&home, "queue/mess/1", path),
		    O_RDONLY | O_CLOEXEC);
		ck_assert(message_open(message, ends[0], &report));
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
	ck_assert(message_open(message, ends[0], &report));
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
	size_t dots = model(&wire, bytes, size);
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
		size_t size = make_random(bytes, sizeof bytes, &random);
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

static const struct header_form {
	const char *bytes;
	bool utf8;
} headers[] = {
    {"Subject: x\n\nbody\n", false},
    {"Subject: \xc3\xbc\n\nbody\n", true},
    {"Subject: \xc3\xbc\r\n\r\nbody\r\n", true},
    {"Subject: \xc3\xbc\r\rbody\r", true},
    {"Subject: \xc3\xbc\n\n\xff\n", true},
    {"Subject: \xc3\xbc\n", true},
    {"Subject: x\n\n\xc3\xbc\n", false},
    {"Subject: x\r\n\r\n\xc3\xbc\r\n", false},
    {"Subject: x\r\r\xc3\xbc\r", false},
    {"Subject: x\n\r\n\xc3\xbc\n", false},
    {"Subject: x\r\n\n\xc3\xbc\n", false},
    {"\n\xc3\xbc\n", false},
    {"\r\n\xc3\xbc\n", false},
    {"\r\xc3\xbc\n", false},
    {"Subject: \xfc\n\nbody\n", false},
    {"Subject: \xc3\xbc\nTo: \xfc\n\nbody\n", false},
    {"Subject: \xc3\n\xbc\n\nbody\n", false},
    {"Subject: \xc3\n\n\xbc\n", false},
    {"Subject: x\n \nX: \xc3\xbc\n\n", true},
    {"", false},
};

START_TEST(header)
{
	const struct header_form *form = &headers[_i / 2];
	struct message message;

	open_bytes(&message, form->bytes, strlen(form->bytes), _i % 2 == 1);
	ck_assert_int_eq(message.facts.utf8_header, form->utf8);
}
END_TEST

/* A header that ends around the end of what is read at once. */
START_TEST(long_header)
{
	struct bytes bytes = {0};
	struct message message;

	for (size_t length = 65520; length < 65545; length++)
		for (int in_header = 0; in_header < 2; in_header++) {
			bytes_add_text(&bytes, "X: ");
			while (bytes.length < length)
				bytes_add_text(&bytes, "x");
			bytes_add_text(
			    &bytes, in_header ? "\r\n\xc3\xbc: y\r\n\r\nb\r\n"
					      : "\r\n\r\n\xc3\xbc\r\n");
			open_bytes(&message, bytes.data, bytes.length, false);
			ck_assert_int_eq(message.facts.utf8_header, in_header);
			check_facts(&message, bytes.data, bytes.length);
			close_message(&message);
			bytes_free(&bytes);
		}
}
END_TEST

/* Not what stands before the descriptor's position. */
START_TEST(position)
{
	struct message message;
	struct report report;
	int descriptor;

	home_write(&home, "queue/mess/1", "\xff.\nabc", 6);
	descriptor = open("queue/mess/1", O_RDONLY | O_CLOEXEC);
	lseek(descriptor, 3, SEEK_SET);
	ck_assert(message_open(&message, descriptor, &report));
	check_facts(&message, "abc", 3);
	check_read(&message, "abc", 3);
}
END_TEST

START_TEST(unreadable)
{
	struct message message;
	struct report report;
	int descriptors[] = {-1, open("control", O_RDONLY | O_CLOEXEC),
	    open("out", O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};

	ck_assert(!message_open(&message, descriptors[_i], &report));
	ck_assert_int_eq(report.letter, 'Z');
	ck_assert_str_eq(report.text, "Unable to read message. (#4.3.0)\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message");
	TCase *encoder = tcase_create("encoder");
	TCase *facts = tcase_create("facts");

	suite_add_tcase(suite, encoder);
	tcase_set_timeout(encoder, 20);
	tcase_add_loop_test(encoder, known, 0, COUNT(forms));
	tcase_add_loop_test(encoder, random_messages, 0, 2);
	tcase_add_test(encoder, all_short_messages);

	suite_add_tcase(suite, facts);
	tcase_set_timeout(facts, 20);
	tcase_add_unchecked_fixture(facts, home_begin, home_end);
	tcase_add_checked_fixture(facts, enter, NULL);
	tcase_add_loop_test(facts, facts_of_random, 0, 2);
	tcase_add_loop_test(facts, facts_of_large, 0, 2);
	tcase_add_loop_test(facts, header, 0, 2 * COUNT(headers));
	tcase_add_test(facts, long_header);
	tcase_add_test(facts, position);
	tcase_add_loop_test(facts, unreadable, 0, 3);
	return suite_run(suite);
}
