/* SPDX-License-Identifier: ISC */
/*
 * The record types that the test DNS server knows by name.
 */
#ifndef DNS_TYPE_H
#define DNS_TYPE_H

#include <stdint.h>

#include "dns.h"

enum { DNS_A = 1, DNS_CNAME = 5, DNS_SOA = 6, DNS_AAAA = 28, DNS_OPT = 41 };

/* How the data of a type is written in a zone. */
enum dns_data_form {
	DNS_FORM_HEX,
	DNS_FORM_A,
	DNS_FORM_AAAA,
	DNS_FORM_NAME,
	DNS_FORM_MX,
	DNS_FORM_TLSA,
	DNS_FORM_TEXT
};

struct dns_type {
	const char *name;
	uint16_t number;
	enum dns_data_form form;
};

/* Returns NULL for a name that is not in the table. */
const struct dns_type *dns_type_find(const char *name);

/* Writes "MX", or "TYPE99" for a type that has no name here. */
void dns_type_format(char text[DNS_TYPE_TEXT], uint16_t number);

#endif
