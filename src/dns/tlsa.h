/* SPDX-License-Identifier: ISC */
/* One TLSA record (RFC 6698 section 2.1). */
#ifndef DNS_TLSA_H
#define DNS_TLSA_H

#include <stddef.h>
#include <stdint.h>

struct tlsa_record {
	uint8_t usage, selector, matching;
	unsigned char *data;
	size_t size;
};

#endif
