/* SPDX-License-Identifier: ISC */
/* The records of a DNS message (RFC 1035, section 4), one after the other. */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Types of records, as RFC 1035, RFC 3596 and RFC 6891 number them. */
enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_MX = 15,
	TYPE_AAAA = 28,
	TYPE_OPT = 41
};

enum section {
	SECTION_QUESTIONS,
	SECTION_ANSWERS,
	SECTION_AUTHORITY,
	SECTION_ADDITIONAL,
	SECTION_NONE
};

/* The current record, after records_next. */
struct records {
	enum section section;
	unsigned type;
	unsigned char code; /* of OPT: the upper bits of the response code */
	bool broken;	    /* what followed could not be read */

	/* The walk's own. */
	const unsigned char *message, *at;
	int size;
	unsigned left; /* in the section */
};

/* The message is not copied; it has at least a header. */
struct records records_start(const unsigned char *message, size_t size);

/*
 * Goes on to the next record, questions included.  Returns false at the end,
 * and where the message cannot be read any further.
 */
bool records_next(struct records *records);

/* The response code, all twelve bits of it (RFC 6891, section 6.1.3). */
unsigned records_response(const unsigned char *message, size_t size);

/* Whether a message of that size can have records at all. */
bool records_possible(size_t size);

#endif
