/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-damage.h"

#include <string.h>

enum { GARBAGE_SIZE = 100, BIT = 0x40 };

/* The same bytes in each run: an xorshift generator with a fixed seed. */
static void scramble(struct dns_message *message, size_t from)
{
	uint32_t state = 2463534242U;

	message->length = from + GARBAGE_SIZE;
	for (size_t i = from; i < message->length; i++) {
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		message->bytes[i] = (uint8_t)(state >> 24);
	}
}

static void promise(struct dns_message *message, unsigned answers)
{
	dns_set16(message->bytes + DNS_ANSWER_COUNT_AT, answers);
}

static void garbage(struct dns_message *message)
{
	scramble(message, 0);
}

static void garbage_records(struct dns_message *message)
{
	scramble(message, message->records_at);
}

static void wrong_id(struct dns_message *message)
{
	message->bytes[0] ^= BIT;
}

/* Another type, which keeps the message well-formed. */
static void wrong_question(struct dns_message *message)
{
	message->bytes[message->records_at - 3] ^= BIT;
}

static void header_alone(struct dns_message *message)
{
	message->length = DNS_HEADER;
}

static void cut(struct dns_message *message)
{
	message->length -= (message->length - message->records_at) / 2;
}

static void bad_count(struct dns_message *message)
{
	promise(message, dns_get16(message->bytes + DNS_ANSWER_COUNT_AT) + 3U);
}

static void big_count(struct dns_message *message)
{
	promise(message, UINT16_MAX);
}

/* Replaces the first owner, which is a pointer to the question as a rule. */
static void pointer_loop(struct dns_message *message)
{
	size_t end = message->records_at + 2;

	if (message->length < end) {
		message->length = end;
		promise(message, 1);
	}
	dns_set16(message->bytes + message->records_at,
	    0xc000 | (unsigned)message->records_at);
}

static void no_response(struct dns_message *message)
{
	message->bytes[2] &= 0x7f;
}

/* As servers do that copy the question with all that stands behind it. */
static void option_first(struct dns_message *message)
{
	uint8_t option[DNS_OPT_SIZE];
	uint8_t *records = message->bytes + message->records_at;
	size_t length = message->length - message->records_at;

	if (length < sizeof option || message->bytes[11] == 0)
		return;
	length -= sizeof option;
	memcpy(option, records + length, sizeof option);
	memmove(records + sizeof option, records, length);
	memcpy(records, option, sizeof option);
}

void dns_damage_apply(struct dns_message *message, enum dns_damage damage)
{
	static void (*const ways[DNS_DAMAGES])(struct dns_message *) = {
	    [DNS_GARBAGE] = garbage,
	    [DNS_GARBAGE_RECORDS] = garbage_records,
	    [DNS_WRONG_ID] = wrong_id,
	    [DNS_WRONG_QUESTION] = wrong_question,
	    [DNS_SHORT] = header_alone,
	    [DNS_CUT] = cut,
	    [DNS_BAD_COUNT] = bad_count,
	    [DNS_BIG_COUNT] = big_count,
	    [DNS_POINTER_LOOP] = pointer_loop,
	    [DNS_NO_RESPONSE] = no_response,
	    [DNS_OPT_FIRST] = option_first,
	};

	ways[damage](message);
}
