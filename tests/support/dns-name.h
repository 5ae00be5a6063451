/* SPDX-License-Identifier: ISC */
/*
 * Domain names for the test DNS server: presentation format and the
 * uncompressed wire format.
 */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns.h"

enum { DNS_NAME_MAX = 255, DNS_LABEL_MAX = 63 };

struct dns_name {
	size_t length; /* with the root label */
	uint8_t wire[DNS_NAME_MAX];
};

/* False when text is not a name of at most 255 bytes. */
bool dns_name_parse(struct dns_name *name, const char *text);

/* Writes the name in lower case, without final dot but for the root. */
void dns_name_format(char text[DNS_NAME_TEXT], const struct dns_name *name);

/*
 * Reads an uncompressed name at the start of bytes.  Returns the bytes it
 * takes, 0 when there is none.
 */
size_t dns_name_read(struct dns_name *name, const uint8_t *bytes, size_t size);

/* Compares without case; so do the others. */
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

/* True when name is upper or ends in it. */
bool dns_name_within(const struct dns_name *name, const struct dns_name *upper);

/* Compares two wire names that are known to be whole. */
bool dns_name_same(const uint8_t *a, const uint8_t *b);

#endif
