/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-zone.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns-type.h"

static const struct word {
	const char *name;
	enum dns_effect effect;
	unsigned number; /* where the text gives none */
} words[] = {
    {"nodata", DNS_RCODE, 0},
    {"formerr", DNS_RCODE, 1},
    {"servfail", DNS_RCODE, 2},
    {"nxdomain", DNS_RCODE, 3},
    {"notimp", DNS_RCODE, 4},
    {"refused", DNS_RCODE, 5},
    {"yxdomain", DNS_RCODE, 6},
    {"notauth", DNS_RCODE, 9},
    {"delay", DNS_DELAY, 0},
    {"drop", DNS_DROP, ~0U},
    {"truncate", DNS_TRUNCATE, 1},
    {"truncate-always", DNS_TRUNCATE, 2},
    {"no-edns", DNS_REFUSE_EDNS, 0},
    {"tcp-close", DNS_TCP_CLOSE, 0},
    {"tcp-cut", DNS_TCP_CUT, 0},
    {"raw", DNS_RAW, 0},
    {"signed", DNS_SIGNED, 1},
    {"unsigned", DNS_SIGNED, 0},
    {"edns-only", DNS_EDNS_ONLY, 0},
    {"garbage", DNS_DAMAGE, DNS_GARBAGE},
    {"garbage-records", DNS_DAMAGE, DNS_GARBAGE_RECORDS},
    {"wrong-id", DNS_DAMAGE, DNS_WRONG_ID},
    {"wrong-question", DNS_DAMAGE, DNS_WRONG_QUESTION},
    {"short", DNS_DAMAGE, DNS_SHORT},
    {"cut", DNS_DAMAGE, DNS_CUT},
    {"bad-count", DNS_DAMAGE, DNS_BAD_COUNT},
    {"big-count", DNS_DAMAGE, DNS_BIG_COUNT},
    {"pointer-loop", DNS_DAMAGE, DNS_POINTER_LOOP},
    {"no-response", DNS_DAMAGE, DNS_NO_RESPONSE},
    {"opt-first", DNS_DAMAGE, DNS_OPT_FIRST},
};

static const char *const sections[DNS_SECTIONS] = {
    [DNS_IN_ANSWER] = "answer",
    [DNS_IN_AUTHORITY] = "authority",
    [DNS_IN_ADDITIONAL] = "additional",
};

enum { DEFAULT_TTL = 60 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void *grow(void *array, size_t count, size_t size)
{
	array = reallocarray(array, count, size);
	if (array == NULL)
		err(99, "zone");
	return array;
}

static _Noreturn void mistake(const char *what, const char *text)
{
	errx(99, "zone: %s: %s", what, text);
}

static unsigned parse_number(const char *text, unsigned long max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end != '\0' || value > max)
		mistake("not a number", text);
	return (unsigned)value;
}

static void parse_name(struct dns_name *name, const char *text)
{
	if (!dns_name_parse(name, text))
		mistake("not a name", text);
}

/* Returns an allocated copy of the bytes. */
static uint8_t *parse_hex(size_t *length, const char *text)
{
	size_t count = strlen(text) / 2;
	uint8_t *bytes = grow(NULL, count + 1, 1);

	if (strspn(text, "0123456789abcdefABCDEF") != 2 * count)
		mistake("not hexadecimal", text);
	for (size_t i = 0; i < count; i++) {
		const char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};

		bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	*length = count;
	return bytes;
}

static uint16_t parse_type(const char *text)
{
	const struct dns_type *type = dns_type_find(text);

	if (type != NULL)
		return type->number;
	if (strcmp(text, "*") == 0)
		return 0;
	if (strncmp(text, "TYPE", 4) != 0)
		mistake("not a type", text);
	return (uint16_t)parse_number(text + 4, UINT16_MAX);
}

/* The next word of the line, or NULL. */
static char *next_token(char **line)
{
	char *token;

	do
		token = strsep(line, " \t");
	while (token != NULL && *token == '\0');
	return token;
}

static void append_data(
    struct dns_record *record, const void *bytes, size_t length)
{
	record->data = grow(record->data, record->length + length, 1);
	memcpy(record->data + record->length, bytes, length);
	record->length += length;
}

static void append_address(
    struct dns_record *record, int family, const char *text)
{
	uint8_t octets[16];

	if (inet_pton(family, text, octets) != 1)
		mistake("not an address", text);
	append_data(record, octets, family == AF_INET ? 4 : 16);
}

static void append_name(struct dns_record *record, const char *text)
{
	struct dns_name name;

	parse_name(&name, text);
	append_data(record, name.wire, name.length);
}

static void append_preference(struct dns_record *record, const char *text)
{
	unsigned preference = parse_number(text, UINT16_MAX);

	append_data(record,
	    (uint8_t[]){(uint8_t)(preference >> 8), (uint8_t)preference}, 2);
}

/* Each word of the data is one string; \DDD and \X as in names. */
static void append_string(struct dns_record *record, const char *text)
{
	uint8_t string[1 + UINT8_MAX] = {0};

	if (strncmp(text, "text:", 5) != 0)
		mistake("text: expected", text);
	for (text += 5; *text != '\0'; text++) {
		unsigned octet = (unsigned char)*text;

		if (*text == '\\' && isdigit((unsigned char)text[1])) {
			const char digits[4] = {
			    text[1], text[2], text[3], '\0'};

			octet = parse_number(digits, UINT8_MAX);
			text += 3;
		} else if (*text == '\\') {
			octet = (unsigned char)*++text;
		}
		if (string[0] == UINT8_MAX)
			mistake("too long", text);
		string[++string[0]] = (uint8_t)octet;
	}
	append_data(record, string, 1 + (size_t)string[0]);
}

/* All further words of the line that are data. */
static char *next_datum(char **line)
{
	return *line != NULL && (*line)[strspn(*line, " \t")] != '!'
		   ? next_token(line)
		   : NULL;
}

static void append_tlsa(struct dns_record *record, char *text, char **line)
{
	size_t length;
	uint8_t *bytes;

	for (int i = 0; i < 3; i++) {
		append_data(record,
		    &(uint8_t){(uint8_t)parse_number(text, UINT8_MAX)}, 1);
		text = next_datum(line);
		if (text == NULL)
			mistake("too short", "TLSA");
	}
	bytes = parse_hex(&length, text);
	append_data(record, bytes, length);
	free(bytes);
}

/* text is the first word of the data, line the rest of the line. */
static void parse_data(
    struct dns_record *record, enum dns_data_form form, char *text, char **line)
{
	if (strncmp(text, "hex:", 4) == 0) {
		record->data = parse_hex(&record->length, text + 4);
		record->name_at = record->length;
		return;
	}
	switch (form) {
	case DNS_FORM_A: append_address(record, AF_INET, text); break;
	case DNS_FORM_AAAA: append_address(record, AF_INET6, text); break;
	case DNS_FORM_NAME: append_name(record, text); return;
	case DNS_FORM_MX:
		append_preference(record, text);
		text = next_token(line);
		if (text == NULL)
			mistake("no name", "MX");
		record->name_at = record->length;
		append_name(record, text);
		return;
	case DNS_FORM_TLSA: append_tlsa(record, text, line); break;
	case DNS_FORM_TEXT:
		for (; text != NULL; text = next_datum(line))
			append_string(record, text);
		break;
	default: mistake("hex: expected", text);
	}
	record->name_at = record->length;
}

static void parse_question(struct dns_record *record, char *text)
{
	char *slash = strrchr(text, '/');

	if (slash == NULL)
		mistake("not OWNER/TYPE", text);
	*slash = '\0';
	parse_name(&record->asked, text);
	record->asked_type = parse_type(slash + 1);
}

static enum dns_section parse_section(const char *text)
{
	int section = 0;

	while (strcmp(sections[section], text) != 0)
		if (++section == DNS_SECTIONS)
			mistake("not a section", text);
	return (enum dns_section)section;
}

/* Returns false when the word is not one about a record. */
static bool parse_record_word(
    struct dns_record *record, const char *word, char *value)
{
	bool ttl = strcmp(word, "ttl") == 0;
	bool section = strcmp(word, "section") == 0;

	if (!ttl && !section && strcmp(word, "in") != 0)
		return false;
	if (record == NULL || value == NULL)
		mistake("needs a record and a value", word);
	if (ttl)
		record->ttl = parse_number(value, UINT32_MAX);
	else if (section)
		record->section = parse_section(value);
	else
		parse_question(record, value);
	return true;
}

static void parse_rule_word(
    struct dns_rule *rule, const char *word, const char *value)
{
	size_t i = 0;

	while (strcmp(words[i].name, word) != 0)
		if (++i == COUNT(words))
			mistake("not a word", word);
	rule->effect = words[i].effect;
	rule->number = words[i].number;
	if (rule->effect == DNS_RAW && value != NULL)
		rule->bytes = parse_hex(&rule->length, value);
	else if ((rule->effect == DNS_DELAY || rule->effect == DNS_DROP) &&
		 value != NULL)
		rule->number = parse_number(value, UINT32_MAX);
	else if (value != NULL || rule->effect == DNS_RAW ||
		 rule->effect == DNS_DELAY)
		mistake(value == NULL ? "value missing" : "has no value", word);
}

static void parse_word(struct dns_zone *zone, struct dns_record *record,
    const struct dns_rule *pattern, char *text)
{
	char *value = text;
	const char *word;
	struct dns_rule rule = *pattern;

	if (*value++ != '!')
		mistake("unexpected", text);
	word = strsep(&value, "=");
	if (parse_record_word(record, word, value))
		return;
	parse_rule_word(&rule, word, value);
	zone->rules =
	    grow(zone->rules, zone->rule_count + 1, sizeof *zone->rules);
	zone->rules[zone->rule_count++] = rule;
}

static struct dns_record *add_record(
    struct dns_zone *zone, const struct dns_rule *pattern)
{
	struct dns_record *record;

	if (pattern->any_owner || pattern->type == 0)
		mistake("data", "for any owner or type");
	zone->records =
	    grow(zone->records, zone->record_count + 1, sizeof *zone->records);
	record = &zone->records[zone->record_count++];
	*record = (struct dns_record){
	    .owner = pattern->owner,
	    .type = pattern->type,
	    .asked = pattern->owner,
	    .asked_type = pattern->type,
	    .ttl = DEFAULT_TTL,
	    .section = DNS_IN_ANSWER,
	};
	return record;
}

static void parse_line(struct dns_zone *zone, char *line)
{
	struct dns_rule pattern = {.any_owner = false};
	struct dns_record *record = NULL;
	const char *owner = next_token(&line);
	const char *type_name = next_token(&line);
	char *token = next_token(&line);

	if (owner == NULL || *owner == '#')
		return;
	if (type_name == NULL || token == NULL)
		mistake("too short", owner);
	pattern.any_owner = strcmp(owner, "*") == 0;
	if (!pattern.any_owner)
		parse_name(&pattern.owner, owner);
	pattern.type = parse_type(type_name);
	if (*token != '!') {
		const struct dns_type *type = dns_type_find(type_name);

		record = add_record(zone, &pattern);
		parse_data(record, type == NULL ? DNS_FORM_HEX : type->form,
		    token, &line);
		token = next_token(&line);
	}
	for (; token != NULL; token = next_token(&line))
		parse_word(zone, record, &pattern, token);
}

/* The SOA of negative answers; names and numbers in it mean nothing. */
#define BUILT_IN                                                               \
	". SOA hex:00000000000000000000000000000000000000000000 "              \
	"!section=authority\n"

void dns_zone_parse(struct dns_zone *zone, const char *text)
{
	char *copy;
	char *rest;
	char *line;

	if (asprintf(&copy, BUILT_IN "%s", text) == -1)
		err(99, "zone");
	rest = copy;
	*zone = (struct dns_zone){.records = NULL};
	while ((line = strsep(&rest, "\n")) != NULL)
		parse_line(zone, line);
	free(copy);
}
