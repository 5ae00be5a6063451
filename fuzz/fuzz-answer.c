/* SPDX-License-Identifier: ISC */
/*
 * Answers of the DNS: the input is a whole message, read as the answer to a
 * question of each type for the name that it repeats.  What comes out of it
 * stands in the message, and is the same when its records are uncompressed and
 * the other way round.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "dns/answer.h"
#include "dns/domain.h"
#include "ip.h"
#include "xalloc.h"

enum { HEADER_SIZE = 12, REWRITE_MAX = 4096 };

static const unsigned types[] = {
    TYPE_A, TYPE_AAAA, TYPE_MX, TYPE_TXT, TYPE_TLSA, TYPE_CNAME};

enum { TYPES = sizeof types / sizeof types[0] };

/* The first question's name where it can be asked for, else "x.test". */
static void find_domain(
    char domain[DOMAIN_MAX + 1], const uint8_t *bytes, size_t size)
{
	struct response message;
	struct resource record;

	strcpy(domain, "x.test");
	if (message_start(&message, bytes, size) &&
	    message_next(&message, &record) &&
	    record.section == SECTION_QUESTIONS &&
	    name_to_domain(&record.owner, domain) && *domain == '\0')
		strcpy(domain, "x.test");
}

/* The plain reader: what it must be when it is final, or data. */
struct plain {
	bool readable, response;
	unsigned code;
	size_t candidates; /* records of the type in the answer section */
	size_t aliases;
};

static struct plain read_plainly(
    const uint8_t *bytes, size_t size, unsigned type)
{
	struct plain plain = {0};
	struct response message;
	struct resource record;

	if (!message_start(&message, bytes, size))
		return plain;
	plain.code = message.code;
	plain.response = message.flags & MESSAGE_RESPONSE;
	while (message_next(&message, &record)) {
		FUZZ_CHECK(record.owner.length > 0);
		FUZZ_CHECK(record.owner.length <= NAME_MAX_OCTETS);
		if (record.data.octets != NULL)
			FUZZ_CHECK(record.data.octets >= bytes &&
				   record.data.octets + record.data.size <=
				       bytes + size);
		if (record.section != SECTION_ANSWERS)
			continue;
		plain.candidates += record.type == type;
		plain.aliases += record.type == TYPE_CNAME;
	}
	plain.readable = !message.broken;
	return plain;
}

/* What holds whatever the type. */
static void check_status(
    const struct answer *answer, const struct plain *plain, unsigned type)
{
	FUZZ_CHECK(answer->count <= plain->candidates);
	FUZZ_CHECK((answer->status == ANSWER_DATA) == (answer->count > 0));
	if (answer->status == ANSWER_FAILED)
		return;
	FUZZ_CHECK(!answer->garbled);
	FUZZ_CHECK(plain->readable && plain->response);
	FUZZ_CHECK(!(answer->message.flags & MESSAGE_TRUNCATED));
	FUZZ_CHECK(plain->code == (answer->status == ANSWER_NO_HOST ? 3 : 0));
	FUZZ_CHECK(
	    !answer->alias || (plain->aliases > 0 && type != TYPE_CNAME));
	FUZZ_CHECK(answer->name.length > 0);
}

static void check_exchanger(const struct answer *answer, size_t index)
{
	char name[DOMAIN_MAX + 1], *lower;
	unsigned preference;
	struct failure failure;
	struct ip ip;

	if (!answer_exchanger(answer, index, &preference, name))
		return;
	FUZZ_CHECK(preference <= UINT16_MAX);
	FUZZ_CHECK(domain_is_ascii_name(name));
	FUZZ_CHECK(!ip_parse(&ip, name) && !ip_parse_literal(&ip, name));
	lower = domain_to_ascii(name, &failure);
	FUZZ_CHECK(strcmp(lower, name) == 0);
	free(lower);
}

static void check_address(
    const struct answer *answer, size_t index, unsigned type)
{
	struct ip ip;

	answer_address(answer, index, &ip);
	FUZZ_CHECK(ip.version == 4 || type == TYPE_AAAA);
	FUZZ_CHECK(memmem(answer->octets, answer->message.size, ip.octets,
		       ip_size(&ip)) != NULL);
}

static void check_text(const struct answer *answer, size_t index)
{
	size_t size;
	char *text = answer_text(answer, index, &size);

	FUZZ_CHECK(size < answer->records[index].size);
	FUZZ_CHECK(text[size] == '\0');
	free(text);
}

static void check_record(
    const struct answer *answer, size_t index, unsigned type)
{
	switch (type) {
	case TYPE_A:
	case TYPE_AAAA: check_address(answer, index, type); break;
	case TYPE_MX: check_exchanger(answer, index); break;
	case TYPE_TXT: check_text(answer, index); break;
	case TYPE_TLSA: FUZZ_CHECK(answer->records[index].size >= 4); break;
	default: FUZZ_CHECK(answer->records[index].size > 0); break;
	}
}

/* An alias leads to another name. */
static void check_end(const struct answer *answer, const char *domain)
{
	struct name asked;

	name_set(&asked, domain);
	FUZZ_CHECK(answer->status == ANSWER_FAILED ||
		   answer->alias == !name_equal(&asked, &answer->name));
}

/* A message that is put together anew; names are not compressed. */
struct writer {
	uint8_t *bytes;
	size_t size;
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
	writer->bytes = xrealloc(writer->bytes, writer->size + size + 1, 1);
	if (size > 0)
		memcpy(writer->bytes + writer->size, bytes, size);
	writer->size += size;
}

static void put16(struct writer *writer, size_t value)
{
	put(writer, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

/* Returns false when the name in the data cannot be read. */
static bool put_data(struct writer *writer, const struct response *message,
    const struct resource *record)
{
	size_t before = record->type == TYPE_MX ? 2 : 0;
	struct name name;

	if (record->section != SECTION_ANSWERS ||
	    (record->type != TYPE_MX && record->type != TYPE_CNAME)) {
		put16(writer, record->data.size);
		put(writer, record->data.octets, record->data.size);
		return true;
	}
	if (!message_name(message, &record->data, before, &name))
		return false;
	put16(writer, before + name.length);
	put(writer, record->data.octets, before);
	put(writer, name.octets, name.length);
	return true;
}

static bool put_record(struct writer *writer, const struct response *message,
    const struct resource *record)
{
	put(writer, record->owner.octets, record->owner.length);
	put16(writer, record->type);
	put16(writer, record->class);
	if (record->section == SECTION_QUESTIONS)
		return true;
	put(writer, (uint8_t[]){record->code, 0, 0, 0}, 4);
	return put_data(writer, message, record);
}

/* Puts the records of a section, the last one first. */
static bool put_section(struct writer *writer, const uint8_t *bytes,
    size_t size, enum section which)
{
	struct response message;
	struct resource record;
	size_t left, count = 0;

	message_start(&message, bytes, size);
	while (message_next(&message, &record))
		count += record.section == which;
	for (; count > 0; count--) {
		message_start(&message, bytes, size);
		left = count;
		while (left > 0 && message_next(&message, &record))
			left -= record.section == which;
		if (!put_record(writer, &message, &record))
			return false;
	}
	return !message.broken;
}

/* Small ones only: sections are gone through once for each record. */
static bool rewrite(struct writer *writer, const uint8_t *bytes, size_t size)
{
	bool good = size >= HEADER_SIZE && size < REWRITE_MAX;

	*writer = (struct writer){0};
	if (good)
		put(writer, bytes, HEADER_SIZE);
	for (int section = 0; good && section < SECTION_NONE; section++)
		good = put_section(writer, bytes, size, (enum section)section);
	return good;
}

static void check_order(const struct answer *answer,
    const struct writer *rewritten, const char *domain, unsigned type)
{
	struct answer again;

	answer_read(&again, rewritten->bytes, rewritten->size, domain, type);
	FUZZ_CHECK(again.status == answer->status);
	FUZZ_CHECK(again.garbled == answer->garbled);
	FUZZ_CHECK(again.count == answer->count);
	FUZZ_CHECK(again.authentic == answer->authentic);
	FUZZ_CHECK(again.status == ANSWER_FAILED ||
		   (again.alias == answer->alias &&
		       name_equal(&again.name, &answer->name)));
	answer_free(&again);
}

static void check_type(const uint8_t *bytes, size_t size,
    const struct writer *rewritten, unsigned type)
{
	struct plain plain = read_plainly(bytes, size, type);
	char domain[DOMAIN_MAX + 1];
	struct answer answer;

	find_domain(domain, bytes, size);
	answer_read(&answer, bytes, size, domain, type);
	check_status(&answer, &plain, type);
	check_end(&answer, domain);
	if (rewritten != NULL && plain.readable)
		check_order(&answer, rewritten, domain, type);
	if (answer_is_null_mx(&answer))
		FUZZ_CHECK(answer.count == 1);
	for (size_t i = 0; i < answer.count; i++)
		check_record(&answer, i, type);
	answer_free(&answer);
}

int FUZZ_TARGET(answer)(const uint8_t *bytes, size_t size)
{
	struct writer rewritten;
	bool good = rewrite(&rewritten, bytes, size);

	for (int i = 0; i < TYPES; i++)
		check_type(bytes, size, good ? &rewritten : NULL, types[i]);
	free(rewritten.bytes);
	return 0;
}
