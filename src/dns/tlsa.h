/* SPDX-License-Identifier: ISC */
/* TLSA records: what a server's certificate must match (RFC 6698, RFC 7672). */
#ifndef DNS_TLSA_H
#define DNS_TLSA_H

#include <stddef.h>
#include <stdint.h>

#include "dns/message.h"

enum tlsa_usage { TLSA_TRUST_ANCHOR = 2, TLSA_END_ENTITY = 3 };
enum tlsa_selector { TLSA_CERTIFICATE = 0, TLSA_PUBLIC_KEY = 1 };
enum tlsa_matching { TLSA_EXACT = 0, TLSA_SHA256 = 1, TLSA_SHA512 = 2 };

struct tlsa_record {
	uint8_t usage, selector, matching;
	unsigned char *data; /* the certificate, or key, or digest */
	size_t size;
};

enum tlsa_status {
	TLSA_NONE, /* there are none that are secure, or none was asked for */
	TLSA_UNUSABLE, /* secure ones, of which none means anything to us */
	TLSA_RECORDS,  /* secure ones: the server must match one */
	TLSA_FAILED    /* no telling: the server must not be used */
};

/* What DANE says of a server. */
struct tlsa {
	enum tlsa_status status;
	char *base; /* the name below which they were found; NULL: none were */
	/* With TLSA_RECORDS, those that are usable and count. */
	struct tlsa_record *records;
	size_t count;
};

/*
 * Takes the secure records found below base, of which there is at least one.
 * Usable are usages 2 and 3 with a selector and a matching type that are
 * known, and data of the length that goes with it (RFC 7672, section 3.1);
 * where there is a usable SHA-512 of the same usage and selector, a SHA-256
 * does not count (RFC 7671, section 9).  A record that is cut makes all of
 * them TLSA_FAILED.
 */
void tlsa_read(struct tlsa *tlsa, const char *base, const struct rdata *records,
    size_t count);

/* Leaves TLSA_NONE. */
void tlsa_free(struct tlsa *tlsa);

#endif
