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
#include <sys/socket.h>

#include <ares.h>
#include <check.h>

#include "dns/message.h"
#include "suite.h"
#include "unit.h"

enum {
	FLAGS = 0x8180,
	TRUNCATED = 0x8380,
	AUTHORITATIVE = 0x8580,
	NO_NAME = 0x8183
};

/* Names are in wire format; the question's is at 12. */
#define NAME "\1x\4test\0"
#define QUESTION "\xc0\x0c"

struct record {
	int type;
	const char *owner;
	size_t owner_size;
	const char *data;
	size_t data_size;
};

#define R(type, owner, data)                                                   \
	{                                                                      \
		type, owner, sizeof(owner) - 1, data, sizeof(data) - 1         \
	}

static void add16(struct bytes *message, unsigned value)
{
	char bytes[2] = {(char)(value >> 8), (char)value};

	bytes_add(message, bytes, 2);
}

static void start(struct bytes *message, unsigned flags, unsigned questions,
    unsigned answers, int type)
{
	*message = (struct bytes){0};
	add16(message, 0x1234);
	add16(message, flags);
	add16(message, questions);
	add16(message, answers);
	add16(message, 0);
	add16(message, 0);
	bytes_add(message, NAME, sizeof NAME - 1);
	add16(message, (unsigned)type);
	add16(message, 1);
}

static void add_record(struct bytes *message, const struct record *record)
{
	bytes_add(message, record->owner, record->owner_size);
	add16(message, (unsigned)record->type);
	add16(message, 1);
	add16(message, 0);
	add16(message, 60);
	add16(message, (unsigned)record->data_size);
	bytes_add(message, record->data, record->data_size);
}

/* Reads from a copy of just that size, so that reading on is seen. */
static enum answer read_mx(
    int status, const void *bytes, size_t size, struct exchangers *exchangers)
{
	unsigned char *copy = malloc(size + (size == 0));
	enum answer answer;

	*exchangers = (struct exchangers){0};
	if (size > 0)
		memcpy(copy, bytes, size);
	answer = answer_exchangers(status, copy, size, exchangers);
	free(copy);
	return answer;
}

static enum answer read_addresses(int status, const void *bytes, size_t size,
    int family, struct exchanger *exchanger)
{
	unsigned char *copy = malloc(size + (size == 0));
	enum answer answer;

	*exchanger = (struct exchanger){0};
	if (size > 0)
		memcpy(copy, bytes, size);
	answer = answer_addresses(status, copy, size, family, exchanger);
	free(copy);
	return answer;
}

/* "PREFERENCE NAME,..." */
static const char *show_mx(const struct exchangers *exchangers)
{
	static char text[1000];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < exchangers->count; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%u %s,", exchangers->list[i].preference,
		    exchangers->list[i].name);
	return text;
}

static const char *show_addresses(const struct exchanger *exchanger)
{
	static char text[8000];
	char ip[IP_TEXT_SIZE];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < exchanger->address_count; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%s,", ip_format(&exchanger->addresses[i], ip));
	return text;
}

static const struct mx_form {
	struct record records[3];
	enum answer answer;
	const char *shown;
} mx_forms[] = {
    {{R(TYPE_MX, QUESTION, "\0\x0a\2mx" QUESTION)}, ANSWER_DATA,
	"10 mx.x.test,"},
    {{R(TYPE_MX, QUESTION, "\0\x0a\2MX\3Org\0")}, ANSWER_DATA, "10 mx.org,"},
    {{R(TYPE_MX, QUESTION, "\xff\xff\1a\0"), R(TYPE_MX, QUESTION, "\0\0\1b\0")},
	ANSWER_DATA, "65535 a,0 b,"},
    /* RFC 7505. */
    {{R(TYPE_MX, QUESTION, "\0\0\0")}, ANSWER_NULL_MX, ""},
    {{R(TYPE_MX, QUESTION, "\0\x0a\0")}, ANSWER_NULL_MX, ""},
    {{R(TYPE_MX, QUESTION, "\0\0\11localhost\0")}, ANSWER_NULL_MX, ""},
    {{R(TYPE_MX, QUESTION, "\0\0\11LocalHost\0")}, ANSWER_NULL_MX, ""},
    {{R(TYPE_MX, QUESTION, "\0\0\0"), R(TYPE_MX, QUESTION, "\0\1\1a\0")},
	ANSWER_DATA, "1 a,"},
    /* Exchangers that are none. */
    {{R(TYPE_MX, QUESTION, "\0\1\003192\1\60\1\62\1\61\0"),
	 R(TYPE_MX, QUESTION, "\0\2\1a\0")},
	ANSWER_DATA, "2 a,"},
    {{R(TYPE_MX, QUESTION, "\0\1\3::1\0")}, ANSWER_DATA, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\5[::1]\0")}, ANSWER_DATA, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\3a b\0")}, ANSWER_DATA, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\3a\\b\0")}, ANSWER_DATA, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\3a.b\0")}, ANSWER_DATA, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\3a\0b\0")}, ANSWER_DATA, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\3a\r\n\0")}, ANSWER_DATA, ""},
    /* An alias for the host is followed by the server. */
    {{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_MX, "\1y\0", "\0\3\1a\0")},
	ANSWER_DATA, "3 a,"},
    {{R(TYPE_CNAME, QUESTION, "\1y\0")}, ANSWER_NO_DATA, ""},
    {{R(TYPE_A, QUESTION, "\1\2\3\4")}, ANSWER_NO_DATA, ""},
    {{R(0, "", "")}, ANSWER_NO_DATA, ""},
    /* Hostile. */
    {{R(TYPE_MX, QUESTION, "\0\1\xc0\xff")}, ANSWER_FAILED, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\xc0\x26")}, ANSWER_FAILED, ""},
    {{R(TYPE_MX, QUESTION, "\0\1\1a\xc0\x26")}, ANSWER_FAILED, ""},
    {{R(TYPE_MX, QUESTION, "\0\1")}, ANSWER_FAILED, ""},
    {{R(TYPE_MX, QUESTION, "\0")}, ANSWER_FAILED, ""},
    {{R(TYPE_MX, QUESTION, "")}, ANSWER_FAILED, ""},
};

static void make(
    struct bytes *message, const struct record records[3], int type)
{
	unsigned count = 0;

	while (count < 3 && records[count].type != 0)
		count++;
	start(message, FLAGS, 1, count, type);
	for (unsigned i = 0; i < count; i++)
		add_record(message, &records[i]);
}

START_TEST(mx)
{
	const struct mx_form *form = &mx_forms[_i];
	struct exchangers exchangers;
	struct bytes message;

	make(&message, form->records, TYPE_MX);
	ck_assert_int_eq(
	    read_mx(ARES_SUCCESS, message.data, message.length, &exchangers),
	    form->answer);
	ck_assert_str_eq(show_mx(&exchangers), form->shown);
}
END_TEST

static const struct address_form {
	struct record records[3];
	int family;
	enum answer answer;
	const char *shown;
} address_forms[] = {
    {{R(TYPE_A, QUESTION, "\300\0\2\1"), R(TYPE_A, QUESTION, "\300\0\2\2")},
	AF_INET, ANSWER_DATA, "192.0.2.1,192.0.2.2,"},
    {{R(TYPE_AAAA, QUESTION, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1")},
	AF_INET6, ANSWER_DATA, "2001:db8::1,"},
    {{R(TYPE_AAAA, QUESTION, "\0\0\0\0\0\0\0\0\0\0\xff\xff\300\0\2\1")},
	AF_INET6, ANSWER_DATA, "192.0.2.1,"},
    {{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_CNAME, "\1y\0", "\1z\0"),
	 R(TYPE_A, "\1z\0", "\1\2\3\4")},
	AF_INET, ANSWER_DATA, "1.2.3.4,"},
    /* Nobody says that there is nothing at the end of these. */
    {{R(TYPE_CNAME, QUESTION, "\1y\0")}, AF_INET, ANSWER_FAILED, ""},
    {{R(TYPE_CNAME, QUESTION, "\1y\0")}, AF_INET6, ANSWER_FAILED, ""},
    {{R(TYPE_CNAME, QUESTION, "\1y\0"), R(TYPE_CNAME, "\1y\0", QUESTION)},
	AF_INET, ANSWER_FAILED, ""},
    {{R(0, "", "")}, AF_INET, ANSWER_NO_DATA, ""},
    {{R(0, "", "")}, AF_INET6, ANSWER_NO_DATA, ""},
    {{R(TYPE_A, QUESTION, "\1\2\3")}, AF_INET, ANSWER_FAILED, ""},
    {{R(TYPE_A, QUESTION, "")}, AF_INET, ANSWER_FAILED, ""},
    {{R(TYPE_AAAA, QUESTION, "\1\2\3\4")}, AF_INET6, ANSWER_FAILED, ""},
    {{R(TYPE_A, "\xc0\x18", "\1\2\3\4")}, AF_INET, ANSWER_FAILED, ""},
    {{R(TYPE_A, "\xc0\xff", "\1\2\3\4")}, AF_INET, ANSWER_FAILED, ""},
};

START_TEST(addresses)
{
	const struct address_form *form = &address_forms[_i];
	struct exchanger exchanger;
	struct bytes message;

	make(&message, form->records,
	    form->family == AF_INET ? TYPE_A : TYPE_AAAA);
	ck_assert_int_eq(read_addresses(ARES_SUCCESS, message.data,
			     message.length, form->family, &exchanger),
	    form->answer);
	ck_assert_str_eq(show_addresses(&exchanger), form->shown);
}
END_TEST

/* Cut after each byte, a whole answer is temporary, and adds nothing. */
START_TEST(cut)
{
	struct exchangers exchangers;
	struct exchanger exchanger;
	struct bytes message;

	for (int form = 0; form < COUNT(mx_forms); form++) {
		if (mx_forms[form].answer != ANSWER_DATA &&
		    mx_forms[form].answer != ANSWER_NULL_MX)
			continue;
		make(&message, mx_forms[form].records, TYPE_MX);
		for (size_t size = 0; size < message.length; size++) {
			ck_assert_int_eq(read_mx(ARES_SUCCESS, message.data,
					     size, &exchangers),
			    ANSWER_FAILED);
			ck_assert_uint_eq(exchangers.count, 0);
		}
	}
	for (int form = 0; form < 4; form++) {
		make(&message, address_forms[form].records, TYPE_A);
		for (size_t size = 0; size < message.length; size++) {
			ck_assert_int_eq(
			    read_addresses(ARES_SUCCESS, message.data, size,
				address_forms[form].family, &exchanger),
			    ANSWER_FAILED);
			ck_assert_uint_eq(exchanger.address_count, 0);
		}
	}
}
END_TEST

/* Any bits wrong: whatever it means, it does not crash. */
START_TEST(flipped)
{
	struct exchangers exchangers;
	struct exchanger exchanger;
	struct bytes message;

	for (int form = 0; form < COUNT(mx_forms); form++) {
		make(&message, mx_forms[form].records, TYPE_MX);
		for (size_t i = 0; i < 8 * message.length; i++) {
			message.data[i / 8] ^= (char)(1 << i % 8);
			read_mx(ARES_SUCCESS, message.data, message.length,
			    &exchangers);
			message.data[i / 8] ^= (char)(1 << i % 8);
		}
	}
	for (int form = 0; form < COUNT(address_forms); form++) {
		make(&message, address_forms[form].records, TYPE_A);
		for (size_t i = 0; i < 8 * message.length; i++) {
			message.data[i / 8] ^= (char)(1 << i % 8);
			read_addresses(ARES_SUCCESS, message.data,
			    message.length, address_forms[form].family,
			    &exchanger);
			message.data[i / 8] ^= (char)(1 << i % 8);
		}
	}
}
END_TEST

/* More promised than there is, or truncated: temporary. */
START_TEST(header)
{
	static const struct {
		unsigned flags, questions, answers;
	} headers[] = {{FLAGS, 1, 2}, {FLAGS, 1, 65535}, {FLAGS, 0, 1},
	    {FLAGS, 65535, 1}, {FLAGS, 2, 1}, {TRUNCATED, 1, 1},
	    {TRUNCATED, 1, 0}};
	const struct record mx_record = R(TYPE_MX, QUESTION, "\0\1\1a\0");
	const struct record a_record = R(TYPE_A, QUESTION, "\1\2\3\4");
	struct exchangers exchangers;
	struct exchanger exchanger;
	struct bytes message;

	start(&message, headers[_i].flags, headers[_i].questions,
	    headers[_i].answers, TYPE_MX);
	add_record(&message, &mx_record);
	ck_assert_int_eq(
	    read_mx(ARES_SUCCESS, message.data, message.length, &exchangers),
	    ANSWER_FAILED);
	ck_assert_uint_eq(exchangers.count, 0);
	start(&message, headers[_i].flags, headers[_i].questions,
	    headers[_i].answers, TYPE_A);
	add_record(&message, &a_record);
	ck_assert_int_eq(read_addresses(ARES_SUCCESS, message.data,
			     message.length, AF_INET, &exchanger),
	    ANSWER_FAILED);
	ck_assert_uint_eq(exchanger.address_count, 0);
}
END_TEST

/* Only NXDOMAIN and NODATA are final, and only where a server says so. */
START_TEST(statuses)
{
	static const struct record one = R(TYPE_MX, QUESTION, "\0\1\1a\0");
	enum answer expected = _i == ARES_SUCCESS     ? ANSWER_DATA
			       : _i == ARES_ENOTFOUND ? ANSWER_NO_HOST
			       : _i == ARES_ENODATA   ? ANSWER_NO_DATA
						      : ANSWER_FAILED;
	struct exchangers exchangers;
	struct exchanger exchanger;
	struct bytes message;

	if (_i == ARES_ENOMEM)
		return;
	start(&message, _i == ARES_ENOTFOUND ? NO_NAME : FLAGS, 1,
	    _i == ARES_SUCCESS, TYPE_MX);
	if (_i == ARES_SUCCESS)
		add_record(&message, &one);
	ck_assert_int_eq(
	    read_mx(_i, message.data, message.length, &exchangers), expected);
	ck_assert_int_eq(read_mx(_i, NULL, 0, &exchangers), ANSWER_FAILED);
	ck_assert_int_eq(
	    read_addresses(_i, NULL, 0, AF_INET6, &exchanger), ANSWER_FAILED);
}
END_TEST

/* c-ares takes most response codes for success. */
START_TEST(codes)
{
	static const struct record one = R(TYPE_A, QUESTION, "\1\2\3\4");
	static const int claims[] = {
	    ARES_SUCCESS, ARES_ENODATA, ARES_ENOTFOUND};

	for (int claim = 0; claim < COUNT(claims); claim++) {
		int status = claims[claim];
		enum answer final =
		    status == ARES_ENOTFOUND ? ANSWER_NO_HOST : ANSWER_NO_DATA;
		struct exchanger exchanger;
		struct bytes message;

		start(&message, (FLAGS & ~0xfU) | (unsigned)_i, 1, 0, TYPE_A);
		ck_assert_int_eq(read_addresses(status, message.data,
				     message.length, AF_INET, &exchanger),
		    _i == (status == ARES_ENOTFOUND ? 3 : 0) ? final
							     : ANSWER_FAILED);
		start(&message, (FLAGS & ~0xfU) | (unsigned)_i, 1, 1, TYPE_A);
		add_record(&message, &one);
		ck_assert_int_eq(read_addresses(ARES_SUCCESS, message.data,
				     message.length, AF_INET, &exchanger),
		    _i == 0 ? ANSWER_DATA : ANSWER_FAILED);
	}
}
END_TEST

/* Sections behind an answer without data. */
static const struct rest {
	unsigned flags;
	struct record authority[2], additional[1];
	unsigned char code; /* in the first of additional */
	enum answer answer;
} rests[] = {
    {.flags = FLAGS,
	.authority = {R(TYPE_SOA, QUESTION, "")},
	.answer = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_NS, QUESTION, "\1a\0"), R(TYPE_SOA, QUESTION, "")},
	.answer = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_NS, QUESTION, "\1a\0")},
	.answer = ANSWER_FAILED},
    {.flags = AUTHORITATIVE,
	.authority = {R(TYPE_NS, QUESTION, "\1a\0")},
	.answer = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.authority = {R(TYPE_SOA, "\xc0\xff", "")},
	.answer = ANSWER_FAILED},
    {.flags = FLAGS,
	.additional = {R(TYPE_OPT, "\0", "")},
	.answer = ANSWER_NO_DATA},
    {.flags = FLAGS,
	.additional = {R(TYPE_OPT, "\0", "")},
	.code = 1, /* BADVERS */
	.answer = ANSWER_FAILED},
    {.flags = FLAGS,
	.additional = {R(TYPE_A, "\0", "\1\2\3\4")},
	.code = 1, /* of a time to live */
	.answer = ANSWER_NO_DATA},
};

static void add_section(struct bytes *message, const struct record *records,
    size_t most, size_t section)
{
	for (size_t i = 0; i < most && records[i].owner != NULL; i++) {
		add_record(message, &records[i]);
		message->data[5 + 2 * section]++;
	}
}

START_TEST(sections)
{
	const struct rest *rest = &rests[_i];
	struct exchangers exchangers;
	struct exchanger exchanger;
	struct bytes message;
	size_t code;

	start(&message, rest->flags, 1, 0, TYPE_MX);
	add_section(&message, rest->authority, 2, 2);
	code = message.length + 1 + 4;
	add_section(&message, rest->additional, 1, 3);
	if (rest->additional[0].owner != NULL)
		message.data[code] = (char)rest->code;
	ck_assert_int_eq(
	    read_mx(ARES_ENODATA, message.data, message.length, &exchangers),
	    rest->answer);
	ck_assert_int_eq(read_addresses(ARES_ENODATA, message.data,
			     message.length, AF_INET6, &exchanger),
	    rest->answer);
}
END_TEST

/* The alias has no such records, says the zone of its other name. */
START_TEST(alias_of_nothing)
{
	static const struct record alias = R(TYPE_CNAME, QUESTION, "\1y\0");
	static const struct record zone = R(
	    TYPE_SOA, "\1y\0", "\0\0\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1");
	struct exchanger exchanger;
	struct bytes message;

	start(&message, FLAGS, 1, 1, TYPE_A);
	add_record(&message, &alias);
	add_section(&message, &zone, 1, 2);
	ck_assert_int_eq(read_addresses(ARES_SUCCESS, message.data,
			     message.length, AF_INET, &exchanger),
	    ANSWER_NO_DATA);
}
END_TEST

/* As many addresses as a message can hold. */
START_TEST(many)
{
	static const struct record one = R(TYPE_A, QUESTION, "\1\2\3\4");
	struct exchanger exchanger;
	struct bytes message;

	start(&message, FLAGS, 1, 4000, TYPE_A);
	for (int i = 0; i < 4000; i++)
		add_record(&message, &one);
	ck_assert_int_eq(read_addresses(ARES_SUCCESS, message.data,
			     message.length, AF_INET, &exchanger),
	    ANSWER_DATA);
	ck_assert_uint_ge(exchanger.address_count, 32);
	ck_assert_uint_le(exchanger.address_count, 4000);
}
END_TEST

SUITE("answer")
{
	tcase_add_loop_test(tcase, mx, 0, COUNT(mx_forms));
	tcase_add_loop_test(tcase, addresses, 0, COUNT(address_forms));
	tcase_add_test(tcase, cut);
	tcase_add_test(tcase, flipped);
	tcase_add_loop_test(tcase, header, 0, 7);
	tcase_add_loop_test(tcase, statuses, 0, ARES_ECANCELLED + 1);
	tcase_add_loop_test(tcase, codes, 0, 16);
	tcase_add_loop_test(tcase, sections, 0, COUNT(rests));
	tcase_add_test(tcase, alias_of_nothing);
	tcase_add_test(tcase, many);
}
