/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/message.h"

#include <string.h>

#include <check.h>

#include "message-model.h"
#include "suite.h"
#include "unit.h"

#define TEXT(literal) literal, sizeof(literal) - 1

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

	message_model(&expected, bytes, size);
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

	ck_assert_uint_eq(
	    message_model(&wire, form->bytes, form->size), form->dots);
	ck_assert(bytes_equal(&wire, form->wire, form->wire_size));
	bytes_free(&wire);
	for (size_t piece = 1; piece <= form->size; piece++)
		for (size_t room = 2; room < 40; room++)
			check_encoding(form->bytes, form->size, piece, room);
}
END_TEST

START_TEST(random_messages)
{
	uint64_t random = (uint64_t)_i;
	char bytes[40];

	for (int round = 0; round < 500; round++) {
		size_t size = message_random(bytes, sizeof bytes, &random);

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

SUITE("message-encoder")
{
	tcase_add_loop_test(tcase, known, 0, COUNT(forms));
	tcase_add_loop_test(tcase, random_messages, 0, 2);
	tcase_add_test(tcase, all_short_messages);
}
