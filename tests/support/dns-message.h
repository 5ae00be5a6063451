/* SPDX-License-Identifier: ISC */
/*
 * Messages of the test DNS server on the wire: reads questions, writes
 * answers with compressed names.
 */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns-zone.h"

enum {
	DNS_MESSAGE_MAX = 65535,
	DNS_MESSAGE_NAMES = 1024,
	DNS_HEADER = 12,
	DNS_ANSWER_COUNT_AT = 6, /* in the header */
	DNS_OPT_SIZE = 11
};

struct dns_question {
	uint16_t id;
	struct dns_name name;
	uint16_t type;
	uint16_t class;
	int edns; /* payload size, or DNS_NO_EDNS */
	bool ad, dnssec_ok;
};

struct dns_message {
	uint8_t bytes[DNS_MESSAGE_MAX];
	size_t length;
	size_t limit;	   /* of length, but for the OPT record */
	size_t records_at; /* where the question ends */
	struct dns_label {
		const uint8_t *wire; /* of the question or the zone */
		uint16_t at;
	} labels[DNS_MESSAGE_NAMES]; /* what names can point to */
	size_t label_count;
};

/* False when the bytes are not a query with one question. */
bool dns_question_read(
    struct dns_question *question, const uint8_t *bytes, size_t size);

/* Writes header and question; the question must outlive the message. */
void dns_message_start(struct dns_message *message,
    const struct dns_question *question, size_t limit);

void dns_message_set_rcode(struct dns_message *message, unsigned rcode);
void dns_message_set_truncated(struct dns_message *message);
void dns_message_set_authentic(struct dns_message *message);

/* Returns false, and adds nothing, when the record is beyond the limit. */
bool dns_message_add(
    struct dns_message *message, const struct dns_record *record);

void dns_message_add_opt(struct dns_message *message);

/* Big-endian numbers of 16 bits. */
uint16_t dns_get16(const uint8_t *bytes);
void dns_set16(uint8_t *bytes, unsigned value);

#endif
