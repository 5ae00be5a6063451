/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-message.h"

#include <string.h>

#include "dns-type.h"

enum {
	FLAGS_AT = 2,
	QUESTION_COUNT_AT = 4,
	EXTRA_COUNT_AT = 10,
	FLAG_ANSWER = 0x8000,
	FLAG_TRUNCATED = 0x0200,
	FLAG_RECURSION_DESIRED = 0x0100,
	FLAG_RECURSION_AVAILABLE = 0x0080,
	FLAG_AUTHENTIC = 0x0020,
	FLAG_DNSSEC_OK = 0x8000, /* in OPT */
	POINTER = 0xc000,
	POINTER_MAX = 0x3fff,
	OUR_PAYLOAD = 4096,
};

uint16_t dns_get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

void dns_set16(uint8_t *bytes, unsigned value)
{
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

static void add_to16(uint8_t *bytes, unsigned value)
{
	dns_set16(bytes, dns_get16(bytes) | value);
}

bool dns_question_read(
    struct dns_question *question, const uint8_t *bytes, size_t size)
{
	const uint8_t *opt;
	size_t used;

	if (size < DNS_HEADER || (dns_get16(bytes + FLAGS_AT) & FLAG_ANSWER) ||
	    dns_get16(bytes + QUESTION_COUNT_AT) != 1)
		return false;
	used = dns_name_read(
	    &question->name, bytes + DNS_HEADER, size - DNS_HEADER);
	if (used == 0 || size - DNS_HEADER - used < 4)
		return false;
	used += DNS_HEADER;
	question->id = dns_get16(bytes);
	question->type = dns_get16(bytes + used);
	question->class = dns_get16(bytes + used + 2);
	question->ad = dns_get16(bytes + FLAGS_AT) & FLAG_AUTHENTIC;
	question->dnssec_ok = false;
	question->edns = DNS_NO_EDNS;
	opt = bytes + used + 4;
	if (dns_get16(bytes + EXTRA_COUNT_AT) > 0 &&
	    size - used - 4 >= DNS_OPT_SIZE && opt[0] == 0 &&
	    dns_get16(opt + 1) == DNS_OPT) {
		question->edns = dns_get16(opt + 3);
		question->dnssec_ok = dns_get16(opt + 7) & FLAG_DNSSEC_OK;
	}
	return true;
}

/* Returns false when there is no room. */
static bool put(struct dns_message *message, const void *bytes, size_t length)
{
	if (length > message->limit - message->length)
		return false;
	memcpy(message->bytes + message->length, bytes, length);
	message->length += length;
	return true;
}

static bool put16(struct dns_message *message, unsigned value)
{
	uint8_t bytes[2];

	dns_set16(bytes, value);
	return put(message, bytes, sizeof bytes);
}

static bool put32(struct dns_message *message, uint32_t value)
{
	return put16(message, value >> 16) && put16(message, value & 0xffff);
}

static void remember(struct dns_message *message, const uint8_t *wire)
{
	if (message->label_count == DNS_MESSAGE_NAMES ||
	    message->length > POINTER_MAX)
		return;
	message->labels[message->label_count++] = (struct dns_label){
	    .wire = wire,
	    .at = (uint16_t)message->length,
	};
}

static const struct dns_label *find_label(
    const struct dns_message *message, const uint8_t *wire)
{
	for (size_t i = 0; i < message->label_count; i++)
		if (dns_name_same(message->labels[i].wire, wire))
			return &message->labels[i];
	return NULL;
}

static bool put_name(struct dns_message *message, const uint8_t *wire)
{
	while (*wire != 0) {
		const struct dns_label *label = find_label(message, wire);

		if (label != NULL)
			return put16(message, (unsigned)POINTER | label->at);
		remember(message, wire);
		if (!put(message, wire, 1 + (size_t)*wire))
			return false;
		wire += 1 + (size_t)*wire;
	}
	return put(message, wire, 1);
}

void dns_message_start(struct dns_message *message,
    const struct dns_question *question, size_t limit)
{
	static const uint8_t header[DNS_HEADER];

	message->length = 0;
	message->limit = DNS_MESSAGE_MAX;
	message->label_count = 0;
	put(message, header, sizeof header);
	dns_set16(message->bytes, question->id);
	dns_set16(message->bytes + FLAGS_AT,
	    FLAG_ANSWER | FLAG_RECURSION_DESIRED | FLAG_RECURSION_AVAILABLE);
	dns_set16(message->bytes + QUESTION_COUNT_AT, 1);
	put_name(message, question->name.wire);
	put16(message, question->type);
	put16(message, question->class);
	message->records_at = message->length;
	message->limit = limit - DNS_OPT_SIZE;
}

void dns_message_set_rcode(struct dns_message *message, unsigned rcode)
{
	add_to16(message->bytes + FLAGS_AT, rcode);
}

void dns_message_set_truncated(struct dns_message *message)
{
	add_to16(message->bytes + FLAGS_AT, FLAG_TRUNCATED);
}

void dns_message_set_authentic(struct dns_message *message)
{
	add_to16(message->bytes + FLAGS_AT, FLAG_AUTHENTIC);
}

static bool put_data(
    struct dns_message *message, const struct dns_record *record)
{
	size_t start = message->length + 2;

	if (!put16(message, 0) ||
	    !put(message, record->data, record->name_at) ||
	    (record->name_at < record->length &&
		!put_name(message, record->data + record->name_at)))
		return false;
	dns_set16(
	    message->bytes + start - 2, (unsigned)(message->length - start));
	return true;
}

bool dns_message_add(
    struct dns_message *message, const struct dns_record *record)
{
	enum { CLASS_IN = 1 };
	uint8_t *count =
	    message->bytes + DNS_ANSWER_COUNT_AT + 2 * record->section;
	size_t length = message->length;
	size_t label_count = message->label_count;

	if (put_name(message, record->owner.wire) &&
	    put16(message, record->type) && put16(message, CLASS_IN) &&
	    put32(message, record->ttl) && put_data(message, record)) {
		dns_set16(count, dns_get16(count) + 1U);
		return true;
	}
	message->length = length;
	message->label_count = label_count;
	return false;
}

void dns_message_add_opt(struct dns_message *message)
{
	uint8_t opt[DNS_OPT_SIZE] = {0};
	uint8_t *count = message->bytes + EXTRA_COUNT_AT;

	dns_set16(opt + 1, DNS_OPT);
	dns_set16(opt + 3, OUR_PAYLOAD);
	message->limit += DNS_OPT_SIZE;
	put(message, opt, sizeof opt);
	dns_set16(count, dns_get16(count) + 1U);
}
