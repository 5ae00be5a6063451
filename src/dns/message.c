/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/message.h"

#include <limits.h>

#include <ares.h>

/* The header (RFC 1035, section 4.1.1). */
enum { CODE_OFFSET = 3, COUNTS_OFFSET = 4, HEADER_SIZE = 12, CODE_MASK = 0x0f };

/* What follows a name. */
enum {
	QUESTION_SIZE = 4,
	RECORD_SIZE = 10,
	EXTENDED_CODE_OFFSET = 4, /* where other records have their TTL */
	LENGTH_OFFSET = 8
};

bool records_possible(size_t size)
{
	return size >= HEADER_SIZE && size <= INT_MAX;
}

static unsigned get16(const unsigned char *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

static void enter(struct records *records, enum section section)
{
	records->section = section;
	if (section != SECTION_NONE)
		records->left =
		    get16(records->message + COUNTS_OFFSET + 2 * section);
}

struct records records_start(const unsigned char *message, size_t size)
{
	struct records records = {
	    .message = message, .at = message + HEADER_SIZE, .size = (int)size};

	enter(&records, SECTION_QUESTIONS);
	return records;
}

static bool skip_name(struct records *records)
{
	char *name;
	long length;

	if (ares_expand_name(records->at, records->message, records->size,
		&name, &length) != ARES_SUCCESS)
		return false;
	ares_free_string(name);
	records->at += length;
	return true;
}

/* Returns whether all of the record is there. */
static bool take(struct records *records)
{
	const unsigned char *end = records->message + records->size;
	bool question = records->section == SECTION_QUESTIONS;
	size_t length = question ? QUESTION_SIZE : RECORD_SIZE;

	if (!skip_name(records) || (size_t)(end - records->at) < length)
		return false;
	records->type = get16(records->at);
	if (!question) {
		records->code = records->at[EXTENDED_CODE_OFFSET];
		length += get16(records->at + LENGTH_OFFSET);
	}
	if ((size_t)(end - records->at) < length)
		return false;
	records->at += length;
	return true;
}

bool records_next(struct records *records)
{
	while (records->section != SECTION_NONE && records->left == 0)
		enter(records, records->section + 1);
	if (records->section == SECTION_NONE)
		return false;
	records->left--;
	records->broken = !take(records);
	if (records->broken)
		records->section = SECTION_NONE;
	return !records->broken;
}

unsigned records_response(const unsigned char *message, size_t size)
{
	struct records records = records_start(message, size);
	unsigned code = message[CODE_OFFSET] & CODE_MASK;

	while (records_next(&records))
		if (records.section == SECTION_ADDITIONAL &&
		    records.type == TYPE_OPT)
			code |= (unsigned)records.code << 4;
	return code;
}
