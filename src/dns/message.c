/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/message.h"

#include <string.h>

/* The header (RFC 1035, section 4.1.1). */
enum { FLAGS_AT = 2, COUNTS_AT = 4, HEADER_SIZE = 12, CODE_MASK = 0x0f };

/* What follows the owner of a question, and of a record. */
enum { QUESTION_SIZE = 4, RECORD_SIZE = 10 };
enum { CLASS_AT = 2, EXTENDED_CODE_AT = 4, LENGTH_AT = 8 };

/* The two upper bits of a label's length (section 4.1.4). */
enum { POINTER = 0xc0, POINTER_MASK = 0x3fff };

enum { LABEL_MAX = 63 };

static unsigned get16(const unsigned char *octets)
{
	return (unsigned)octets[0] << 8 | octets[1];
}

bool name_equal(const struct name *a, const struct name *b)
{
	return a->length == b->length &&
	       memcmp(a->octets, b->octets, a->length) == 0;
}

static unsigned char lower(unsigned char octet)
{
	return octet >= 'A' && octet <= 'Z' ? (unsigned char)(octet + 'a' - 'A')
					    : octet;
}

/* Returns false when the name would be too long. */
static bool add_label(
    struct name *name, const unsigned char *octets, size_t length)
{
	if (name->length + 1 + length >= NAME_MAX_OCTETS)
		return false;
	name->octets[name->length++] = (unsigned char)length;
	for (size_t i = 0; i < length; i++)
		name->octets[name->length++] = lower(octets[i]);
	return true;
}

static void end_name(struct name *name)
{
	name->octets[name->length++] = 0;
}

void name_set(struct name *name, const char *domain)
{
	name->length = 0;
	while (*domain != '\0') {
		size_t length = strcspn(domain, ".");

		if (length == 0 || length > LABEL_MAX ||
		    !add_label(name, (const unsigned char *)domain, length)) {
			name->length = 0;
			return;
		}
		domain += length + (domain[length] == '.');
	}
	end_name(name);
}

bool name_to_domain(const struct name *name, char domain[DOMAIN_MAX + 1])
{
	char text[NAME_MAX_OCTETS + 1];
	size_t length = 0, at = 0;

	while (at < name->length && name->octets[at] != 0) {
		size_t label = name->octets[at++];

		if (memchr(name->octets + at, '.', label) != NULL ||
		    memchr(name->octets + at, '\0', label) != NULL)
			return false;
		if (length > 0)
			text[length++] = '.';
		memcpy(text + length, name->octets + at, label);
		length += label;
		at += label;
	}
	text[length] = '\0';
	if (length > 0 && !domain_is_ascii_name(text))
		return false;
	memcpy(domain, text, length + 1);
	return true;
}

/*
 * Reads the name at *at.  Each part that a pointer leads to begins before the
 * one that has the pointer, so that none is read twice.
 */
static bool read_name(
    const struct response *message, size_t *at, struct name *name)
{
	size_t here = *at, start = *at;
	bool moved = false;

	name->length = 0;
	while (here < message->size && message->octets[here] != 0) {
		size_t length = message->octets[here++];

		if (length <= LABEL_MAX) {
			if (length > message->size - here ||
			    !add_label(name, message->octets + here, length))
				return false;
			here += length;
			continue;
		}
		if (length < POINTER || here == message->size)
			return false;
		if (!moved)
			*at = here + 1;
		moved = true;
		here = get16(message->octets + here - 1) & POINTER_MASK;
		if (here >= start)
			return false;
		start = here;
	}
	if (here >= message->size)
		return false;
	if (!moved)
		*at = here + 1;
	end_name(name);
	return true;
}

static void enter(struct response *message, enum section section)
{
	message->section = section;
	if (section != SECTION_NONE)
		message->left =
		    get16(message->octets + COUNTS_AT + 2 * section);
}

bool message_start(
    struct response *message, const unsigned char *octets, size_t size)
{
	*message = (struct response){
	    .octets = octets, .size = size, .at = HEADER_SIZE};
	if (size < HEADER_SIZE)
		return false;
	message->flags = get16(octets + FLAGS_AT);
	message->code = message->flags & CODE_MASK;
	enter(message, SECTION_QUESTIONS);
	return true;
}

/* Returns whether all of the record is there. */
static bool take(struct response *message, struct resource *record)
{
	bool question = message->section == SECTION_QUESTIONS;
	size_t length = question ? QUESTION_SIZE : RECORD_SIZE;
	const unsigned char *fields;

	*record = (struct resource){.section = message->section};
	if (!read_name(message, &message->at, &record->owner) ||
	    message->size - message->at < length)
		return false;
	fields = message->octets + message->at;
	record->type = get16(fields);
	record->class = get16(fields + CLASS_AT);
	message->at += length;
	if (question)
		return true;
	record->code = fields[EXTENDED_CODE_AT];
	record->data.octets = fields + RECORD_SIZE;
	record->data.size = get16(fields + LENGTH_AT);
	if (message->size - message->at < record->data.size)
		return false;
	message->at += record->data.size;
	return true;
}

bool message_next(struct response *message, struct resource *record)
{
	while (message->section != SECTION_NONE && message->left == 0)
		enter(message, message->section + 1);
	if (message->section == SECTION_NONE)
		return false;
	message->left--;
	message->broken = !take(message, record);
	if (message->broken)
		message->section = SECTION_NONE;
	return !message->broken;
}

bool message_name(const struct response *message, const struct rdata *data,
    size_t offset, struct name *name)
{
	size_t start = (size_t)(data->octets - message->octets);
	size_t at = start + offset;

	return offset < data->size && read_name(message, &at, name) &&
	       at <= start + data->size;
}
