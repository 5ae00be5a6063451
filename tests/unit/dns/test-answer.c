/* SPDX-License-Identifier: ISC */
/*
 * Answers of the DNS, made by hand: a header, a question and records, all of
 * which may be wrong.
 */
#include "config.h"

#include "dns/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum {
	FLAGS = 0x8180,
	TRUNCATED = 0x8380,
	AUTHORITATIVE = 0x8580,
	AUTHENTIC = 0x81a0,
	NO_NAME = 0x8183,
	CLASS_CHAOS = 3
};

/* Names are in wire format; the question's is at 12. */
#define NAME "\1x\4test\0"
#define QUESTION "\xc0\x0c"
#define SOA "\0\0\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"

struct line {
	unsigned type;
	const char *owner;
	size_t owner_size;
	const char *data;
	size_t data_size;
	unsigned class; /* 0: IN */
};

#define R(type, owner, data) C(0, type, owner, data)
#define C(class, type, owner, data)                                            \
	{                                                                      \
		type, owner, sizeof(owner) - 1, data, sizeof(data) - 1, class  \
	}

enum { LINES = 4 };

static void add16(struct bytes *message, unsigned value)
{
	char bytes[2] = {(char)(value >> 8), (char)value};

	bytes_add(message, bytes, 2);
}

static void start(struct bytes *message, unsigned flags, unsigned questions,
    unsigned answers, unsigned type)
{
	*message = (struct bytes){0};
	add16(message, 0x1234);
	add16(message, flags);
	add16(message, questions);
	add16(message, answers);
	add16(message, 0);
	add16(message, 0);
	bytes_add(message, NAME, sizeof NAME - 1);
	add16(message, type);
	add16(message, CLASS_IN);
}

static void add_line(struct bytes *message, const struct line *line)
{
	bytes_add(message, line->owner, line->owner_size);
	add16(message, line->type);
	add16(message, line->class != 0 ? line->class : CLASS_IN);
	add16(message, 0);
	add16(message, 60);
	add16(message, (unsigned)line->data_size);
	bytes_add(message, line->data, line->data_size);
}

static void add_section(struct bytes *message, const struct line *lines,
    size_t most, size_t section)
{
	for (size_t i = 0; i < most && lines[i].owner != NULL; i++) {
		add_line(message, &lines[i]);
		message->data[5 + 2 * section]++;
	}
}

static void make(
    struct bytes *message, const struct line lines[LINES], unsigned type)
{
	start(message, FLAGS, 1, 0, type);
	add_section(message, lines, LINES, 1);
}

/* Reads from a copy of just that size, so that reading on is seen. */
static void read_from(
    struct answer *answer, const void *bytes, size_t size, unsigned type)
{
	unsigned char *copy = malloc(size + (size == 0));

	if (size > 0)
		memcpy(copy, bytes, size);
	answer_read(answer, copy, size, "x.test", type);
	memset(copy, 0xa5, size);
	free(copy);
	ck_assert(answer->status == ANSWER_DATA || answer->count == 0);
	ck_assert(answer->status == ANSWER_FAILED || !answer->garbled);
}

static enum answer_status status_of(
    const void *bytes, size_t size, unsigned type)
{
	struct answer answer;
	enum answer_status status;

	read_from(&answer, bytes, size, type);
	status = answer.status;
	answer_free(&answer);
	return status;
}

static const char *show_one(
    const struct answer *answer, size_t index, unsigned type)
{
	static char text[1000];
	char name[DOMAIN_MAX + 1], ip_text[IP_TEXT_SIZE];
	const struct rdata *data = &answer->records[index];
	unsigned preference;
	struct ip ip;
	size_t size;
	char *joined;

	text[0] = '\0';
	switch (type) {
	case TYPE_MX:
		if (answer_exchanger(answer, index, &preference, name))
			snprintf(text, sizeof text, "%u %s,", preference, name);
		break;
	case TYPE_TXT:
		joined = answer_text(answer, index, &size);
		snprintf(text, sizeof text, "%zu %s,", size, joined);
		free(joined);
		break;
	case TYPE_A:
	case TYPE_AAAA:
		answer_address(answer, index, &ip);
		snprintf(text, sizeof text, "%s,", ip_format(&ip, ip_text));
		break;
	default:
		for (size_t i = 0; i < data->size; i++)
			snprintf(text + 2 * i, sizeof text - 2 * i, "%02x",
			    data->octets[i]);
	}
	return text;
}

/* "PREFERENCE NAME,..." or "ADDRESS,..." or "SIZE TEXT,..." or "HEX". */
static const char *show(const struct answer *answer, unsigned type)
{
	static char text[8000];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < answer->count; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%s", show_one(answer, i, type));
	return text;
}

/* A failure for which EDNS may be to blame; data that says: no mail. */
enum { GARBLED = -1, NULL_MX = -2 };

static int status_shown(const struct answer *answer, unsigned type)
{
	if (answer->garbled)
		return GARBLED;
	return type == TYPE_MX && answer_is_null_mx(answer)
		   ? NULL_MX
		   : (int)answer->status;
}

static const struct form {
	unsigned type;
	struct line lines[LINES];
	int status;
	const char *shown;
} forms[] = {
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\x0a\2mx" QUESTION)}, ANSWER_DATA,
	"10 mx.x.test,"},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\x0a\2MX\3Org\0")}, ANSWER_DATA,
	"10 mx.org,"},
    {TYPE_MX,
	{R(TYPE_MX, QUESTION, "\xff\xff\1a\0"),
	    R(TYPE_MX, QUESTION, "\0\0\1b\0")},
	ANSWER_DATA, "65535 a,0 b,"},
    {TYPE_MX, {R(TYPE_MX, "\1X\4TEST\0", "\0\1\1a\0")}, ANSWER_DATA, "1 a,"},
    /* RFC 7505. */
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\0\0")}, NULL_MX, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\x0a\0")}, NULL_MX, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\0\11localhost\0")}, NULL_MX,
	"0 localhost,"},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\0\11LocalHost\0")}, NULL_MX,
	"0 localhost,"},
    {TYPE_MX,
	{R(TYPE_MX, QUESTION, "\0\0\0"), R(TYPE_MX, QUESTION, "\0\1\1a\0")},
	ANSWER_DATA, "1 a,"},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\0\11localhost\1a\0")}, ANSWER_DATA,
	"0 localhost.a,"},
    /* Exchangers that are none. */
    {TYPE_MX,
	{R(TYPE_MX, QUESTION, "\0\1\003192\1\60\1\62\1\61\0"),
	    R(TYPE_MX, QUESTION, "\0\2\1a\0")},
	ANSWER_DATA, "2 a,"},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\3::1\0")}, ANSWER_DATA, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\5[::1]\0")}, ANSWER_DATA, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\3a b\0")}, ANSWER_DATA, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\3a\\b\0")}, ANSWER_DATA, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\3a.b\0")}, ANSWER_DATA, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\3a\0b\0")}, ANSWER_DATA, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\3a\r\n\0")}, ANSWER_DATA, ""},
    /* An alias for the host is followed by the server. */
    {TYPE_MX,
	{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_MX, "\1y\0", "\0\3\1a\0")},
	ANSWER_DATA, "3 a,"},
    {TYPE_MX, {R(TYPE_CNAME, QUESTION, "\1y\0")}, ANSWER_NO_DATA, ""},
    {TYPE_MX, {{0}}, ANSWER_NO_DATA, ""},
    /* No response to this question. */
    {TYPE_MX, {R(TYPE_A, QUESTION, "\1\2\3\4")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_MX, QUESTION, "\0\1\1a\0")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_OPT, "\0", "")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_A, QUESTION, "\1\2\3\4"), R(TYPE_OPT, "\0", "")}, GARBLED,
	""},
    {TYPE_A, {R(TYPE_A, "\1y\0", "\1\2\3\4")}, GARBLED, ""},
    {TYPE_A, {C(CLASS_CHAOS, TYPE_A, QUESTION, "\1\2\3\4")}, GARBLED, ""},
    {TYPE_A,
	{C(CLASS_CHAOS, TYPE_CNAME, QUESTION, "\1y\0"),
	    R(TYPE_A, "\1y\0", "\1\2\3\4")},
	GARBLED, ""},
    /* Hostile. */
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\xc0\xff")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\xc0\x26")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\1a\xc0\x26")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\x41z\0")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\x81z\0")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\xc0")}, GARBLED, ""},
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\1a")}, GARBLED, ""},
    /* One that is malformed spoils the others. */
    {TYPE_MX, {R(TYPE_MX, QUESTION, "\0\1\1a\0"), R(TYPE_MX, QUESTION, "\0\1")},
	GARBLED, ""},

    {TYPE_A,
	{R(TYPE_A, QUESTION, "\300\0\2\1"), R(TYPE_A, QUESTION, "\300\0\2\2")},
	ANSWER_DATA, "192.0.2.1,192.0.2.2,"},
    {TYPE_AAAA,
	{R(TYPE_AAAA, QUESTION, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1")},
	ANSWER_DATA, "2001:db8::1,"},
    {TYPE_AAAA,
	{R(TYPE_AAAA, QUESTION, "\0\0\0\0\0\0\0\0\0\0\xff\xff\300\0\2\1")},
	ANSWER_DATA, "192.0.2.1,"},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_CNAME, "\1y\0", "\1z\0"),
	    R(TYPE_A, "\1z\0", "\1\2\3\4")},
	ANSWER_DATA, "1.2.3.4,"},
    {TYPE_A, {R(TYPE_CNAME, QUESTION, "\1Y\0"), R(TYPE_A, "\1y\0", "\1\2\3\4")},
	ANSWER_DATA, "1.2.3.4,"},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_A, "\1y\0", "\1\2\3\4"),
	    R(TYPE_A, "\1z\0", "\4\3\2\1")},
	ANSWER_DATA, "1.2.3.4,"},
    {TYPE_A,
	{R(TYPE_CNAME, "\1y\0", "\1z\0"), R(TYPE_A, QUESTION, "\1\2\3\4"),
	    R(TYPE_A, "\1z\0", "\4\3\2\1")},
	ANSWER_DATA, "1.2.3.4,"},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_CNAME, QUESTION, "\1Y\0"),
	    R(TYPE_A, "\1y\0", "\1\2\3\4")},
	ANSWER_DATA, "1.2.3.4,"},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_CNAME, QUESTION, "\1z\0"),
	    R(TYPE_A, "\1y\0", "\1\2\3\4")},
	ANSWER_FAILED, ""},
    {TYPE_A, {R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_A, "\1z\0", "\4\3\2\1")},
	ANSWER_FAILED, ""},
    /* Nobody says that there is nothing at the end of these. */
    {TYPE_A, {R(TYPE_CNAME, QUESTION, "\1y\0")}, ANSWER_FAILED, ""},
    {TYPE_AAAA, {R(TYPE_CNAME, QUESTION, "\1y\0")}, ANSWER_FAILED, ""},
    {TYPE_TLSA, {R(TYPE_CNAME, QUESTION, "\1y\0")}, ANSWER_FAILED, ""},
    {TYPE_TXT, {R(TYPE_CNAME, QUESTION, "\1y\0")}, ANSWER_FAILED, ""},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_CNAME, "\1y\0", QUESTION)},
	ANSWER_FAILED, ""},
    {TYPE_MX,
	{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_CNAME, "\1y\0", QUESTION)},
	ANSWER_FAILED, ""},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, QUESTION), R(TYPE_A, QUESTION, "\1\2\3\4")},
	ANSWER_FAILED, ""},
    {TYPE_A, {{0}}, ANSWER_NO_DATA, ""},
    {TYPE_AAAA, {{0}}, ANSWER_NO_DATA, ""},
    {TYPE_A, {R(TYPE_A, QUESTION, "\1\2\3")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_A, QUESTION, "\1\2\3\4\5")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_A, QUESTION, "")}, GARBLED, ""},
    {TYPE_AAAA, {R(TYPE_AAAA, QUESTION, "\1\2\3\4")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_A, "\xc0\x18", "\1\2\3\4")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_A, "\xc0\xff", "\1\2\3\4")}, GARBLED, ""},
    {TYPE_A, {R(TYPE_A, "\xc0\x20", "\1\2\3\4")}, GARBLED, ""},
    /* A record that does not count may be as it likes. */
    {TYPE_A,
	{R(TYPE_A, QUESTION, "\1\2\3\4"), R(TYPE_A, "\1z\0", "\1"),
	    R(TYPE_MX, QUESTION, "")},
	ANSWER_DATA, "1.2.3.4,"},

    /* Any octet can be in a name of an alias, a dot and a NUL too. */
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\1*\4test\0"),
	    R(TYPE_A, "\1*\4test\0", "\1\2\3\4")},
	ANSWER_DATA, "1.2.3.4,"},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\5a.\0\\ \377\0"),
	    R(TYPE_A, "\5a.\0\\ \377\0", "\1\2\3\4")},
	GARBLED, ""},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\6a.\0\\ \377\0"),
	    R(TYPE_A, "\6a.\0\\ \377\0", "\1\2\3\4")},
	ANSWER_DATA, "1.2.3.4,"},
    {TYPE_A,
	{R(TYPE_CNAME, QUESTION, "\3a.b\0"), R(TYPE_A, "\1a\1b\0", "\1\2\3\4")},
	ANSWER_FAILED, ""},

    {TYPE_TXT,
	{R(TYPE_TXT, QUESTION, "\3abc"), R(TYPE_TXT, QUESTION, "\2de\0\1f")},
	ANSWER_DATA, "3 abc,3 def,"},
    {TYPE_TXT, {R(TYPE_TXT, QUESTION, "\3a\0b")}, ANSWER_DATA, "3 a,"},
    {TYPE_TXT, {R(TYPE_TXT, QUESTION, "\0")}, ANSWER_DATA, "0 ,"},
    {TYPE_TXT, {R(TYPE_TXT, QUESTION, "")}, GARBLED, ""},
    {TYPE_TXT, {R(TYPE_TXT, QUESTION, "\4abc")}, GARBLED, ""},
    {TYPE_TXT, {R(TYPE_TXT, QUESTION, "\3abc\1")}, GARBLED, ""},

    {TYPE_TLSA, {R(TYPE_TLSA, QUESTION, "\3\1\1\253\315")}, ANSWER_DATA,
	"030101abcd"},
    {TYPE_TLSA, {R(TYPE_TLSA, QUESTION, "\3\1\1")}, GARBLED, ""},
    {TYPE_TLSA, {R(TYPE_TLSA, QUESTION, "")}, GARBLED, ""},

    /* The alias itself. */
    {TYPE_CNAME, {R(TYPE_CNAME, QUESTION, "\1y\0")}, ANSWER_DATA, "017900"},
    {TYPE_CNAME, {R(TYPE_CNAME, "\1y\0", "\1z\0")}, GARBLED, ""},
    {TYPE_CNAME, {R(TYPE_CNAME, QUESTION, "\1y")}, GARBLED, ""},
};

START_TEST(answer_form)
{
	const struct form *form = &forms[_i];
	struct answer answer;
	struct bytes message;

	make(&message, form->lines, form->type);
	read_from(&answer, message.data, message.length, form->type);
	ck_assert_int_eq(status_shown(&answer, form->type), form->status);
	ck_assert_str_eq(show(&answer, form->type), form->shown);
	answer_free(&answer);
	bytes_free(&message);
}
END_TEST

/* The order-th of all orders of count lines. */
static void permute(
    struct line *lines, const struct line *from, int count, int order)
{
	for (int i = 0; i < count; i++) {
		int at = order % (i + 1);

		order /= i + 1;
		lines[i] = lines[at];
		lines[at] = from[i];
	}
}

/* Which records there are matters, in which order does not. */
START_TEST(any_order)
{
	const struct form *form = &forms[_i];
	struct line lines[LINES] = {{0}};
	int count = 0, orders = 1;

	while (count < LINES && form->lines[count].owner != NULL)
		orders *= ++count;
	for (int order = 0; order < orders; order++) {
		struct answer answer;
		struct bytes message;

		permute(lines, form->lines, count, order);
		make(&message, lines, form->type);
		read_from(&answer, message.data, message.length, form->type);
		ck_assert_int_eq(
		    status_shown(&answer, form->type), form->status);
		answer_free(&answer);
		bytes_free(&message);
	}
}
END_TEST

/* A chain of so many aliases, in a random order. */
static void make_chain(struct bytes *message, int links, uint64_t seed)
{
	int places[20];

	ck_assert_int_lt(links, COUNT(places));
	for (int i = 0; i <= links; i++) {
		int at = (int)unit_random(&seed, (unsigned)i + 1);

		places[i] = places[at];
		places[at] = i;
	}
	start(message, FLAGS, 1, (unsigned)links + 1, TYPE_A);
	for (int i = 0; i <= links; i++) {
		char owner[] = "\1@", target[] = "\1@";
		struct line line = {.type = TYPE_CNAME,
		    .owner = owner,
		    .owner_size = sizeof owner,
		    .data = target,
		    .data_size = sizeof target};

		owner[1] = (char)('@' + places[i]);
		target[1] = (char)(owner[1] + 1);
		if (places[i] == 0)
			line.owner = QUESTION, line.owner_size = 2;
		if (places[i] == links)
			line.type = TYPE_A, line.data = "\1\2\3\4",
			line.data_size = 4;
		add_line(message, &line);
	}
}

START_TEST(chains)
{
	for (int links = 0; links < 19; links++) {
		struct answer answer;
		struct bytes message;
		char end[DOMAIN_MAX + 1];

		make_chain(&message, links, (uint64_t)_i * 100 + 1);
		read_from(&answer, message.data, message.length, TYPE_A);
		ck_assert_int_eq(
		    answer.status, links <= 16 ? ANSWER_DATA : ANSWER_FAILED);
		ck_assert(answer.status == ANSWER_FAILED ||
			  answer.alias == (links > 0));
		if (links > 0 && links <= 16) {
			ck_assert(name_to_domain(&answer.name, end));
			ck_assert_int_eq(end[0], 'a' + links - 1);
		}
		answer_free(&answer);
		bytes_free(&message);
	}
}
END_TEST

/* Cut after each byte, a whole answer is temporary, and adds nothing. */
START_TEST(cut)
{
	struct bytes message;

	for (int i = 0; i < COUNT(forms); i++) {
		if (forms[i].status != ANSWER_DATA &&
		    forms[i].status != NULL_MX)
			continue;
		make(&message, forms[i].lines, forms[i].type);
		for (size_t size = 0; size < message.length; size++)
			ck_assert_int_eq(
			    status_of(message.data, size, forms[i].type),
			    ANSWER_FAILED);
		bytes_free(&message);
	}
	ck_assert_int_eq(status_of(NULL, 0, TYPE_A), ANSWER_FAILED);
}
END_TEST

/* Any bits wrong: whatever it means, it does not crash. */
START_TEST(flipped)
{
	struct bytes message;

	for (int i = 0; i < COUNT(forms); i++) {
		make(&message, forms[i].lines, forms[i].type);
		for (size_t bit = 0; bit < 8 * message.length; bit++) {
			message.data[bit / 8] ^= (char)(1 << bit % 8);
			status_of(message.data, message.length, forms[i].type);
			message.data[bit / 8] ^= (char)(1 << bit % 8);
		}
		bytes_free(&message);
	}
}
END_TEST

/*
 * More promised than there is, or truncated, or no response at all, or one to
 * another question: temporary.
 */
static const struct header {
	unsigned flags, questions, answers;
	unsigned asked, class; /* 0: what was asked for, IN */
	bool garbled;
} headers[] = {
    {FLAGS, 1, 2, .garbled = true},
    {FLAGS, 1, 65535, .garbled = true},
    {FLAGS, 0, 1, .garbled = true},
    {FLAGS, 65535, 1, .garbled = true},
    {FLAGS, 2, 1, .garbled = true},
    {TRUNCATED, 1, 1, .garbled = false},
    {TRUNCATED, 1, 0, .garbled = false},
    {FLAGS & ~0x8000U, 1, 1, .garbled = true},
    {FLAGS & ~0x8000U, 1, 0, .garbled = true},
    {FLAGS | 0x0800, 1, 1, .garbled = true},
    {FLAGS, 1, 1, .asked = TYPE_NS, .garbled = true},
    {FLAGS, 1, 0, .asked = TYPE_NS, .garbled = true},
    {NO_NAME, 1, 0, .asked = TYPE_NS, .garbled = true},
    {FLAGS, 1, 1, .class = CLASS_CHAOS, .garbled = true},
    {NO_NAME, 1, 0, .class = CLASS_CHAOS, .garbled = true},
};

START_TEST(wrong_header)
{
	static const struct line lines[] = {
	    R(TYPE_MX, QUESTION, "\0\1\1a\0"), R(TYPE_A, QUESTION, "\1\2\3\4")};
	const struct header *header = &headers[_i];

	for (int i = 0; i < COUNT(lines); i++) {
		unsigned type = lines[i].type;
		struct answer answer;
		struct bytes message;

		start(&message, header->flags, header->questions,
		    header->answers, header->asked ? header->asked : type);
		if (header->class != 0)
			message.data[message.length - 1] = (char)header->class;
		if (header->answers > 0)
			add_line(&message, &lines[i]);
		read_from(&answer, message.data, message.length, type);
		ck_assert_int_eq(answer.status, ANSWER_FAILED);
		ck_assert_int_eq(answer.garbled, header->garbled);
		answer_free(&answer);
		bytes_free(&message);
	}
}
END_TEST

/* Another name than the one that was asked for. */
START_TEST(other_question)
{
	static const char *const names[] = {
	    "y.test", "test", "", "x.test.test"};
	struct bytes message;

	start(&message, FLAGS, 1, 0, TYPE_A);
	for (int i = 0; i < COUNT(names); i++) {
		struct answer answer;

		answer_read(&answer, (const unsigned char *)message.data,
		    message.length, names[i], TYPE_A);
		ck_assert_int_eq(answer.status, ANSWER_FAILED);
		ck_assert(answer.garbled);
		answer_free(&answer);
	}
	bytes_free(&message);
}
END_TEST

/* Only NXDOMAIN and NODATA are final, and nothing but data is data. */
START_TEST(codes)
{
	static const struct line one = R(TYPE_A, QUESTION, "\1\2\3\4");
	static const struct line alias = R(TYPE_CNAME, QUESTION, "\1y\0");
	unsigned flags = (FLAGS & ~0xfU) | (unsigned)_i;
	struct answer answer;
	struct bytes message;

	start(&message, flags, 1, 0, TYPE_A);
	read_from(&answer, message.data, message.length, TYPE_A);
	ck_assert_int_eq(answer.status, _i == 0	  ? ANSWER_NO_DATA
					: _i == 3 ? ANSWER_NO_HOST
						  : ANSWER_FAILED);
	ck_assert_int_eq(answer.garbled, _i == 1);
	answer_free(&answer);

	start(&message, flags, 1, 1, TYPE_A);
	add_line(&message, &one);
	ck_assert_int_eq(status_of(message.data, message.length, TYPE_A),
	    _i == 0 ? ANSWER_DATA : ANSWER_FAILED);

	/* The name at the end of the alias does not exist. */
	start(&message, flags, 1, 1, TYPE_A);
	add_line(&message, &alias);
	ck_assert_int_eq(status_of(message.data, message.length, TYPE_A),
	    _i == 3 ? ANSWER_NO_HOST : ANSWER_FAILED);
}
END_TEST

/* The server has verified the answer, or that there is none. */
START_TEST(authentic)
{
	static const struct line one = R(TYPE_A, QUESTION, "\1\2\3\4");

	for (unsigned count = 0; count < 2; count++)
		for (unsigned bit = 0; bit <= MESSAGE_AUTHENTIC;
		     bit += MESSAGE_AUTHENTIC) {
			struct answer answer;
			struct bytes message;

			start(&message, FLAGS | bit, 1, count, TYPE_A);
			if (count > 0)
				add_line(&message, &one);
			read_from(
			    &answer, message.data, message.length, TYPE_A);
			ck_assert_int_eq(answer.authentic, bit != 0);
			ck_assert_int_ne(answer.status, ANSWER_FAILED);
			answer_free(&answer);
			bytes_free(&message);
		}
}
END_TEST

/* Sections behind an answer without data. */
static const struct rest {
	unsigned flags;
	struct line authority[2], additional[1];
	unsigned char code; /* in the first of additional */
	enum answer_status status;
} rests[] = {
    {.flags = FLAGS,
	.authority = {R(TYPE_SOA, QUESTION, "")},
	.status = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_NS, QUESTION, "\1a\0"), R(TYPE_SOA, QUESTION, "")},
	.status = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_SOA, QUESTION, ""), R(TYPE_NS, QUESTION, "\1a\0")},
	.status = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_NS, QUESTION, "\1a\0")},
	.status = ANSWER_FAILED},
    {.flags = AUTHORITATIVE,
	.authority = {R(TYPE_NS, QUESTION, "\1a\0")},
	.status = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_SOA, "\xc0\xff", "")},
	.status = ANSWER_FAILED},
    {.flags = FLAGS,
	.additional = {R(TYPE_OPT, "\0", "")},
	.status = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.additional = {R(TYPE_OPT, "\0", "")},
	.code = 1, /* BADVERS */
	.status = ANSWER_FAILED},
    {.flags = FLAGS,
	.additional = {R(TYPE_A, "\0", "\1\2\3\4")},
	.code = 1, /* of a time to live */
	.status = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_OPT, "\0", "")},
	.status = ANSWER_FAILED},
    {.flags = NO_NAME,
	.additional = {R(TYPE_OPT, "\0", "")},
	.code = 1, /* BADTIME and NXDOMAIN's bits */
	.status = ANSWER_FAILED},
};

START_TEST(sections)
{
	static const unsigned types[] = {
	    TYPE_A, TYPE_AAAA, TYPE_MX, TYPE_TXT, TYPE_TLSA, TYPE_CNAME};
	const struct rest *rest = &rests[_i];

	for (int i = 0; i < COUNT(types); i++) {
		struct bytes message;
		size_t code;

		start(&message, rest->flags, 1, 0, types[i]);
		add_section(&message, rest->authority, 2, 2);
		code = message.length + 1 + 4;
		add_section(&message, rest->additional, 1, 3);
		if (rest->additional[0].owner != NULL)
			message.data[code] = (char)rest->code;
		ck_assert_int_eq(
		    status_of(message.data, message.length, types[i]),
		    rest->status);
		bytes_free(&message);
	}
}
END_TEST

/* OPT among the answers, and the record in the additional section. */
START_TEST(shifted)
{
	static const struct line option = R(TYPE_OPT, "\0", "");
	static const struct line one = R(TYPE_A, QUESTION, "\1\2\3\4");
	struct answer answer;
	struct bytes message;

	start(&message, FLAGS, 1, 0, TYPE_A);
	add_section(&message, &option, 1, 1);
	add_section(&message, &one, 1, 3);
	read_from(&answer, message.data, message.length, TYPE_A);
	ck_assert_int_eq(answer.status, ANSWER_FAILED);
	ck_assert(answer.garbled);
	answer_free(&answer);
	bytes_free(&message);
}
END_TEST

/* The alias has no such records, says the zone of its other name. */
START_TEST(alias_of_nothing)
{
	static const unsigned types[] = {
	    TYPE_A, TYPE_AAAA, TYPE_MX, TYPE_TXT, TYPE_TLSA};
	static const struct line alias = R(TYPE_CNAME, QUESTION, "\1y\0");
	static const struct line zone = R(TYPE_SOA, "\1y\0", SOA);

	for (int i = 0; i < COUNT(types); i++) {
		struct bytes message;

		start(&message, FLAGS, 1, 1, types[i]);
		add_line(&message, &alias);
		add_section(&message, &zone, 1, 2);
		ck_assert_int_eq(
		    status_of(message.data, message.length, types[i]),
		    ANSWER_NO_DATA);
		bytes_free(&message);
	}
}
END_TEST

/* As many addresses as a message can hold. */
START_TEST(many)
{
	static const struct line one = R(TYPE_A, QUESTION, "\1\2\3\4");
	struct answer answer;
	struct bytes message;

	start(&message, FLAGS, 1, 4000, TYPE_A);
	for (int i = 0; i < 4000; i++)
		add_line(&message, &one);
	read_from(&answer, message.data, message.length, TYPE_A);
	ck_assert_int_eq(answer.status, ANSWER_DATA);
	ck_assert_uint_eq(answer.count, 4000);
	answer_free(&answer);
	bytes_free(&message);
}
END_TEST

/* Names, up to the longest, and there and back. */
START_TEST(names)
{
	static const char *const good[] = {"", "a", "a.b", "*.x_y.test",
	    "a23456789012345678901234567890123456789012345678901234567890123."
	    "b23456789012345678901234567890123456789012345678901234567890123."
	    "c23456789012345678901234567890123456789012345678901234567890123."
	    "d234567890123456789012345678901234567890123456789012345678901"};
	static const char *const bad[] = {"a..b", ".a", ".",
	    "a234567890123456789012345678901234567890123456789012345678901234",
	    "a23456789012345678901234567890123456789012345678901234567890123."
	    "b23456789012345678901234567890123456789012345678901234567890123."
	    "c23456789012345678901234567890123456789012345678901234567890123."
	    "d2345678901234567890123456789012345678901234567890123456789012"};
	char domain[DOMAIN_MAX + 1];
	struct name name, dotted, upper;

	for (int i = 0; i < COUNT(good); i++) {
		name_set(&name, good[i]);
		ck_assert_uint_le(name.length, NAME_MAX_OCTETS);
		ck_assert(name_to_domain(&name, domain));
		ck_assert_str_eq(domain, good[i]);
	}
	for (int i = 0; i < COUNT(bad); i++) {
		name_set(&name, bad[i]);
		ck_assert_uint_eq(name.length, 0);
	}
	name_set(&name, "ab.test");
	name_set(&dotted, "ab.test.");
	name_set(&upper, "AB.Test");
	ck_assert(name_equal(&name, &dotted));
	ck_assert(name_equal(&name, &upper));
	name_set(&upper, "abtest");
	ck_assert(!name_equal(&name, &upper));
}
END_TEST

SUITE("answer")
{
	tcase_add_loop_test(tcase, answer_form, 0, COUNT(forms));
	tcase_add_loop_test(tcase, any_order, 0, COUNT(forms));
	tcase_add_loop_test(tcase, chains, 0, 8);
	tcase_add_test(tcase, cut);
	tcase_add_test(tcase, flipped);
	tcase_add_loop_test(tcase, wrong_header, 0, COUNT(headers));
	tcase_add_test(tcase, other_question);
	tcase_add_loop_test(tcase, codes, 0, 16);
	tcase_add_test(tcase, authentic);
	tcase_add_loop_test(tcase, sections, 0, COUNT(rests));
	tcase_add_test(tcase, shifted);
	tcase_add_test(tcase, alias_of_nothing);
	tcase_add_test(tcase, many);
	tcase_add_test(tcase, names);
}
