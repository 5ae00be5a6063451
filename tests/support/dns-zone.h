/* SPDX-License-Identifier: ISC */
/*
 * The zone of the test DNS server: the text described in dns.h, parsed into
 * records and rules.  A mistake in it ends the process with a message.
 */
#ifndef DNS_ZONE_H
#define DNS_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns-name.h"

/* In the order of a message. */
enum dns_section { DNS_IN_ANSWER, DNS_IN_AUTHORITY, DNS_IN_ADDITIONAL };
enum { DNS_SECTIONS = 3 };

struct dns_record {
	struct dns_name owner;
	uint16_t type;
	struct dns_name asked; /* the question whose answer it belongs to */
	uint16_t asked_type;
	uint32_t ttl;
	enum dns_section section;
	uint8_t *data;
	size_t length;
	size_t name_at; /* where a name begins in data; length: nowhere */
};

/* What a rule decides; the last rule for each counts. */
enum dns_effect {
	DNS_RCODE,
	DNS_DELAY,
	DNS_DROP,
	DNS_TRUNCATE, /* number: 1 over UDP, 2 over TCP too */
	DNS_REFUSE_EDNS,
	DNS_TCP_CLOSE,
	DNS_TCP_CUT,
	DNS_RAW,
	DNS_SIGNED, /* number: 0 no, 1 yes */
	DNS_EDNS_ONLY,
	DNS_DAMAGE, /* number: enum dns_damage */
	DNS_EFFECTS
};

enum dns_damage {
	DNS_GARBAGE,
	DNS_GARBAGE_RECORDS,
	DNS_WRONG_ID,
	DNS_WRONG_QUESTION,
	DNS_SHORT,
	DNS_CUT,
	DNS_BAD_COUNT,
	DNS_BIG_COUNT,
	DNS_POINTER_LOOP,
	DNS_NO_RESPONSE,
	DNS_OPT_FIRST,
	DNS_DAMAGES
};

struct dns_rule {
	struct dns_name owner;
	bool any_owner;
	uint16_t type; /* 0: any */
	enum dns_effect effect;
	unsigned number;
	unsigned met;	/* how many questions it has been applied to */
	uint8_t *bytes; /* DNS_RAW */
	size_t length;
};

struct dns_zone {
	struct dns_record *records;
	size_t record_count;
	struct dns_rule *rules;
	size_t rule_count;
};

/* The rules that apply to one question; NULL where there is none. */
struct dns_plan {
	const struct dns_rule *rule[DNS_EFFECTS];
};

void dns_zone_parse(struct dns_zone *zone, const char *text);
void dns_zone_free(struct dns_zone *zone);

/* Finds the rules for a question and counts it. */
void dns_zone_plan(struct dns_plan *plan, struct dns_zone *zone,
    const struct dns_name *name, uint16_t type);

/* True when the last word about it says that the name is signed. */
bool dns_zone_signed(
    const struct dns_zone *zone, const struct dns_name *name, uint16_t type);

/* True when the name has a line of its own or is above one that has. */
bool dns_zone_has(const struct dns_zone *zone, const struct dns_name *name);

#endif
