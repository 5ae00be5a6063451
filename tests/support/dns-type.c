/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-type.h"

#include <stdio.h>
#include <string.h>

static const struct dns_type types[] = {
    {"A", DNS_A, DNS_FORM_A},
    {"NS", 2, DNS_FORM_NAME},
    {"CNAME", DNS_CNAME, DNS_FORM_NAME},
    {"SOA", DNS_SOA, DNS_FORM_HEX},
    {"PTR", 12, DNS_FORM_NAME},
    {"MX", 15, DNS_FORM_MX},
    {"TXT", 16, DNS_FORM_TEXT},
    {"AAAA", DNS_AAAA, DNS_FORM_AAAA},
    {"TLSA", 52, DNS_FORM_TLSA},
};

enum { TYPES = sizeof types / sizeof types[0] };

const struct dns_type *dns_type_find(const char *name)
{
	for (int i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

void dns_type_format(char text[DNS_TYPE_TEXT], uint16_t number)
{
	for (int i = 0; i < TYPES; i++)
		if (types[i].number == number) {
			snprintf(text, DNS_TYPE_TEXT, "%s", types[i].name);
			return;
		}
	snprintf(text, DNS_TYPE_TEXT, "TYPE%u", number);
}
