/* SPDX-License-Identifier: ISC */
/*
 * The message on its way: whatever is in it, a strict receiver gets one
 * message, and the same one as an independent model of the rules.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "body.h"
#include "clear.h"
#include "suite.h"

#define BYTES(literal) literal, sizeof(literal) - 1
#define DIED "ZConnected to 127.0.0.1 but connection died. (#4.4.2)\n"
#define FAILED "Z127.0.0.1 failed on DATA command.\n"
#define OUT_OF_TURN                                                            \
	"ZConnected to 127.0.0.1 but it replied out of turn. (#4.5.0)\n"

enum {
	RANDOM_ROUNDS = 40,
	RANDOM_MAX = 3000,
	LARGE = 50 << 20,
	BLOCK_LINES = 4096,
	MEMORY_KIB = 24 << 10, /* more than the programs, less than LARGE */
};

/* As in stock, but for dots after a lone CR; without the final dot's line. */
static const struct row {
	const char *message;
	size_t length;
	const char *raw;
	size_t raw_length;
} rows[] = {
    {BYTES(""), BYTES("")},
    {BYTES("\n"), BYTES("\r\n")},
    {BYTES(".\n..\n.a\n"), BYTES("..\r\n...\r\n..a\r\n")},
    {BYTES("a\r\n.b\r\n"), BYTES("a\r\n..b\r\n")},
    {BYTES("a\rb\n"), BYTES("a\r\nb\r\n")},
    {BYTES("a\r.\n"), BYTES("a\r\n..\r\n")},
    {BYTES("a\r..\rb\n"), BYTES("a\r\n...\r\nb\r\n")},
    {BYTES("\r\r\n"), BYTES("\r\n\r\n")},
    {BYTES("\r\n\r"), BYTES("\r\n\r\n")},
    {BYTES("a\r"), BYTES("a\r\n")},
    {BYTES("a\n.\r"), BYTES("a\r\n..\r\n")},
    {BYTES("a\n\r.\r\n.\r\r.\n"), BYTES("a\r\n\r\n..\r\n..\r\n\r\n..\r\n")},
    {BYTES("a\0b\n"), BYTES("a\0b\r\n")},
    {BYTES("\0\n.\0\n"), BYTES("\0\r\n..\0\r\n")},
    {BYTES("\xff\xfe.\x80\n"), BYTES("\xff\xfe.\x80\r\n")},
    {BYTES("body\r.\rMAIL FROM:<evil@x>\rRCPT TO:<v@x>\rDATA\rSubject: e\n"),
	BYTES("body\r\n..\r\nMAIL FROM:<evil@x>\r\nRCPT TO:<v@x>\r\nDATA\r\n"
	      "Subject: e\r\n")},
    {BYTES("body\n.\r\nMAIL FROM:<evil@x>\nRCPT TO:<v@x>\nDATA\n"),
	BYTES("body\r\n..\r\nMAIL FROM:<evil@x>\r\nRCPT TO:<v@x>\r\nDATA\r\n")},
    {BYTES("body\r\r\n.\r\r\nMAIL FROM:<evil@x>\r\n"),
	BYTES("body\r\n\r\n..\r\n\r\nMAIL FROM:<evil@x>\r\n")},
};

/* One message, and nothing on the wire that a strict receiver would mind. */
static const struct transcript_message *expect_one(const struct scene *scene)
{
	const struct transcript_connection *connection =
	    clear_connection(scene, 0);

	ck_assert_uint_eq(scene->transcript->count, 1);
	ck_assert_uint_eq(connection->message_count, 1);
	ck_assert(connection->messages[0].complete);
	ck_assert_uint_eq(connection->strays, 0);
	ck_assert_uint_eq(connection->violations, 0);
	ck_assert_uint_eq(transcript_count(connection, PEER_MAIL), 1);
	ck_assert_uint_eq(transcript_count(connection, PEER_OTHER), 0);
	return &connection->messages[0];
}

START_TEST(table)
{
	const struct row *row = &rows[_i];
	const struct transcript_message *message;
	struct scene scene = {0};

	clear_play(&scene, NULL,
	    &(struct delivery){.message = row->message, .length = row->length});
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	message = expect_one(&scene);
	ck_assert(bytes_equal(&message->raw, row->raw, row->raw_length));
	scene_free(&scene);
}
END_TEST

/* A last line that does not end, in a file and in a pipe. */
START_TEST(partial_lines)
{
	static const char *const messages[] = {"a", ".", "a\n.", "a\nb",
	    "a\r\n.b", "a\rb", "\n\n ", "a\r\n.\r\n."};
	struct delivery delivery = {.message = messages[_i / 2],
	    .input = _i % 2 > 0 ? DELIVER_PIPE : DELIVER_FILE};
	struct scene scene = {0};

	clear_play(&scene, NULL, &delivery);
	CLEAR_EXPECT(&scene, "DSMTP cannot transfer messages with partial "
			     "final lines. (#5.6.2)\n");
	clear_expect_wire(&scene, CLEAR_HELLO CLEAR_QUIT);
	scene_free(&scene);
}
END_TEST

/* The rule in other words: each line of the message, then CRLF. */
static void model(struct bytes *text, const char *message, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool crlf = message[i] == '\r' && i + 1 < length &&
			    message[i + 1] == '\n';

		if (message[i] == '\r' || message[i] == '\n')
			bytes_add(text, "\r\n", 2);
		else
			bytes_add(text, &message[i], 1);
		i += crlf;
	}
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Mostly of the bytes that matter; the last one ends a line. */
static size_t make_random(char *message, uint32_t seed)
{
	static const char alphabet[] = "\r\n.\r\n.\r\n..a\0\xe4";
	uint32_t state = seed * 2654435761U + 1;
	size_t length = 1 + next_random(&state) % RANDOM_MAX;

	for (size_t i = 0; i < length; i++)
		message[i] =
		    alphabet[next_random(&state) % (sizeof alphabet - 1)];
	message[length - 1] = next_random(&state) % 2 > 0 ? '\n' : '\r';
	return length;
}

/* The declared size is that of the model, too (RFC 1870). */
START_TEST(random_bytes)
{
	static const struct peer_script script = {
	    .capabilities = "PIPELINING\nSIZE"};
	char random[RANDOM_MAX], mail[128];
	size_t length = make_random(random, (uint32_t)_i + 1);
	struct delivery delivery = {.message = random,
	    .length = length,
	    .input = _i % 2 > 0 ? DELIVER_PIPE : DELIVER_FILE};
	struct bytes expected = {0};
	struct scene scene = {0};

	clear_play(&scene, &script, &delivery);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	model(&expected, random, length);
	ck_assert(bytes_equal(
	    &expect_one(&scene)->text, expected.data, expected.length));
	snprintf(mail, sizeof mail, "MAIL FROM:<a@example.net> SIZE=%zu",
	    expected.length);
	ck_assert(
	    transcript_said(clear_connection(&scene, 0), PEER_MAIL, 0, mail));
	bytes_free(&expected);
	scene_free(&scene);
}
END_TEST

/* A block of many lines, so that few writes make a large message. */
static char *make_block(const char *lines)
{
	size_t length = strlen(lines);
	char *block = calloc(BLOCK_LINES, length + 1);

	ck_assert_ptr_nonnull(block);
	for (size_t i = 0; i < BLOCK_LINES; i++)
		memcpy(block + i * length, lines, length + 1);
	return block;
}

static uint64_t hash_repeated(const char *text, size_t times)
{
	uint64_t hash = BODY_HASH_START;

	for (size_t i = 0; i < times; i++)
		hash = body_hash(hash, text, strlen(text));
	return hash;
}

/* Large messages need no more memory than small ones. */
START_TEST(fifty_megabytes)
{
	static const struct peer_script script = {
	    .capabilities = "SIZE 100000000", .digest = true};
	static const char on_wire[] = ".The quick brown fox\r\n"
				      "jumps over the lazy dog.\r\n";
	char *block = make_block(".The quick brown fox\r"
				 "jumps over the lazy dog.\n");
	const size_t blocks = LARGE / strlen(block) + 1;
	const size_t times = blocks * BLOCK_LINES;
	struct delivery delivery = {.message = block,
	    .repeat = blocks,
	    .input = _i > 0 ? DELIVER_PIPE : DELIVER_FILE};
	const struct transcript_message *message;
	struct scene scene = {0};

	clear_play(&scene, &script, &delivery);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	message = expect_one(&scene);
	ck_assert_uint_eq(message->length, times * strlen(on_wire));
	ck_assert_uint_eq(message->hash, hash_repeated(on_wire, times));
	ck_assert_int_lt(
	    scene.outcome.memory, scene.outcome.memory_before + MEMORY_KIB);
	scene_free(&scene);
	free(block);
}
END_TEST

/*
 * What a server does while a message comes that is larger than all buffers.
 * Nothing that it says before the final dot is an answer to the message.
 */
static const struct interruption {
	struct peer_override override;
	const char *report; /* after r */
	bool impatient;
} interruptions[] = {
    {{.action = PEER_DROP}, DIED, false},
    {{.action = PEER_RESET}, DIED, false},
    {{.action = PEER_DEAF}, DIED, true},
    {{.bytes = "552 5.3.4 too big\r\n"},
	FAILED CLEAR_SAID "552 5.3.4 too big\n", false},
    {{.bytes = "250 2.0.0 fine\r\n"}, OUT_OF_TURN CLEAR_SAID "250 2.0.0 fine\n",
	false},
    {{.bytes = "421 4.3.2 closing\r\n"},
	FAILED CLEAR_SAID "421 4.3.2 closing\n", false},
    {{.action = PEER_DROP, .bytes = "452 4.3.1 full\r\n"},
	FAILED CLEAR_SAID "452 4.3.1 full\n", false},
    {{.bytes = "what?\r\n"},
	"ZConnected to 127.0.0.1 but it does not speak SMTP. "
	"(#4.5.0)\n" CLEAR_SAID "what?\n",
	false},
};

START_TEST(interrupted)
{
	const struct interruption *interruption = &interruptions[_i];
	struct peer_script script = {.capabilities = "PIPELINING",
	    .digest = true,
	    .receive_buffer = 4096,
	    .read_size = 4096,
	    .overrides = {interruption->override}};
	char *block = make_block("some line\n");
	struct delivery delivery = {
	    .message = block, .repeat = LARGE / strlen(block)};
	struct bytes expected = {0};
	struct scene scene = {0};

	script.overrides[0].at = PEER_BODY;
	script.overrides[0].after = 100000;
	scene_furnish(&scene);
	if (interruption->impatient)
		scene_control(&scene, "timeoutremote", "1\n");
	clear_play(&scene, &script, &delivery);
	bytes_add(&expected, "r", 2);
	bytes_add(
	    &expected, interruption->report, strlen(interruption->report) + 1);
	clear_expect(&scene, expected.data, expected.length);
	ck_assert_uint_eq(scene_messages(&scene), 0);
	bytes_free(&expected);
	scene_free(&scene);
	free(block);
}
END_TEST

/* A server may read as slowly as it likes, as long as it goes on reading. */
START_TEST(slow_reader)
{
	static const struct peer_script script = {
	    .digest = true, .receive_buffer = 32768, .read_pause = 10};
	char *block = make_block("some line\n");
	struct delivery delivery = {
	    .message = block, .repeat = (30 << 20) / strlen(block)};
	struct scene scene = {0};

	scene_furnish(&scene);
	scene_control(&scene, "timeoutremote", "5\n");
	clear_play(&scene, &script, &delivery);
	CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
	ck_assert_uint_eq(expect_one(&scene)->length,
	    delivery.repeat * BLOCK_LINES * strlen("some line\r\n"));
	ck_assert_int_gt(scene.outcome.elapsed, 5000000);
	scene_free(&scene);
	free(block);
}
END_TEST

LOOPBACK_SUITE("deliver-body")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, table, 0, COUNT(rows));
	tcase_add_loop_test(tcase, partial_lines, 0, 16);
	tcase_add_loop_test(tcase, random_bytes, 0, RANDOM_ROUNDS);
	tcase_add_loop_test(tcase, fifty_megabytes, 0, 2);
	tcase_add_loop_test(tcase, interrupted, 0, COUNT(interruptions));
	tcase_add_test(tcase, slow_reader);
}
