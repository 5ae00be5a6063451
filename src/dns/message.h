/* SPDX-License-Identifier: ISC */
/*
 * A DNS message (RFC 1035, section 4) as it stands on the wire: its header, and
 * its records one after the other.  What they mean is not known here.
 */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "dns/domain.h"

/* Types of records, as RFC 1035, RFC 3596, RFC 6891 and RFC 6698 number them.
 */
enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_OPT = 41,
	TYPE_TLSA = 52
};

enum { CLASS_IN = 1 };

/*
 * A name as labels with their lengths, uncompressed, letters in lower case:
 * two names are the same when their octets are, and any octet can be in one.
 */
enum { NAME_MAX_OCTETS = 255 };

struct name {
	unsigned char octets[NAME_MAX_OCTETS];
	size_t length; /* with the root label; 0: no name */
};

bool name_equal(const struct name *a, const struct name *b);

/* Takes a domain name, with or without the dot at its end, "" for the root. */
void name_set(struct name *name, const char *domain);

/*
 * Writes it as a domain name without the dot at its end, "" for the root.
 * Returns false, and writes nothing, when domain_is_ascii_name would not have
 * it, or when a label holds a dot.
 */
bool name_to_domain(const struct name *name, char domain[DOMAIN_MAX + 1]);

enum section {
	SECTION_QUESTIONS,
	SECTION_ANSWERS,
	SECTION_AUTHORITY,
	SECTION_ADDITIONAL,
	SECTION_NONE
};

enum message_flags {
	MESSAGE_RESPONSE = 0x8000,
	MESSAGE_OPCODE = 0x7800,
	MESSAGE_AUTHORITATIVE = 0x0400,
	MESSAGE_TRUNCATED = 0x0200,
	MESSAGE_AUTHENTIC = 0x0020 /* AD (RFC 4035, section 3.2.3) */
};

/* A message that came in, and is walked through; the octets are the caller's.
 */
struct response {
	const unsigned char *octets;
	size_t size;
	unsigned flags;
	unsigned code; /* of four bits; OPT has eight more */
	bool broken;   /* what followed could not be read */

	/* The walk's own. */
	size_t at;
	enum section section;
	unsigned left; /* records in the section */
};

/* What a record says; names in it may refer to the rest of the message. */
struct rdata {
	const unsigned char *octets;
	size_t size;
};

/* One resource record; a question is one without data. */
struct resource {
	enum section section;
	struct name owner;
	unsigned type, class;
	unsigned char code; /* of OPT: the upper bits of the response code */
	struct rdata data;
};

/* Begins the walk.  Returns false when there is no whole header. */
bool message_start(
    struct response *message, const unsigned char *octets, size_t size);

/*
 * Goes on to the next record, questions included.  Returns false at the end,
 * and, with broken set, where the message cannot be read any further.
 */
bool message_next(struct response *message, struct resource *record);

/*
 * Reads the name at offset of the data, compressed or not.  Returns
 * false when there is none that ends within the data.
 */
bool message_name(const struct response *message, const struct rdata *data,
    size_t offset, struct name *name);

#endif
