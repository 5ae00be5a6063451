/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "answer.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ares.h>

#include "domain.h"
#include "report.h"
#include "xalloc.h"

enum {
	FLAGS_OFFSET = 2,
	QUESTIONS_OFFSET = 4,
	ANSWERS_OFFSET = 6,
	HEADER_SIZE = 12,
	FLAG_TRUNCATED = 0x02,
	ADDRESSES_MAX = 64
};

static enum answer classify(
    int status, const unsigned char *message, size_t size)
{
	if (message != NULL && size > FLAGS_OFFSET &&
	    (message[FLAGS_OFFSET] & FLAG_TRUNCATED))
		return ANSWER_FAILED;
	switch (status) {
	case ARES_SUCCESS: break;
	case ARES_ENOTFOUND: return ANSWER_NO_HOST;
	case ARES_ENODATA: return ANSWER_NO_DATA;
	case ARES_ENOMEM: report_out_of_memory();
	default: return ANSWER_FAILED;
	}
	return size > FLAGS_OFFSET && size <= INT_MAX ? ANSWER_DATA
						      : ANSWER_FAILED;
}

/* The name without the dot at its end; the caller frees it. */
static char *normal_name(const char *name)
{
	size_t length = strlen(name);
	char *normal;

	if (length > 0 && name[length - 1] == '.')
		length--;
	normal = xstrndup(name, length);
	domain_lower(normal);
	return normal;
}

static bool is_null_mx(const struct ares_mx_reply *only)
{
	char *name = normal_name(only->host);
	bool null = *name == '\0' || strcmp(name, "localhost") == 0;

	free(name);
	return null;
}

static void add_exchanger(
    struct exchangers *exchangers, const struct ares_mx_reply *record)
{
	char *name = normal_name(record->host);
	struct ip ip;

	if (domain_is_ascii_name(name) && !ip_parse(&ip, name) &&
	    !ip_parse_literal(&ip, name))
		candidates_add_exchanger(exchangers, name, record->priority);
	else
		free(name);
}

enum answer answer_exchangers(int status, const unsigned char *message,
    size_t size, struct exchangers *exchangers)
{
	enum answer answer = classify(status, message, size);
	struct ares_mx_reply *records = NULL;

	if (answer != ANSWER_DATA)
		return answer;
	answer = classify(
	    ares_parse_mx_reply(message, (int)size, &records), message, size);
	if (answer == ANSWER_DATA && records == NULL)
		answer = ANSWER_NO_DATA;
	if (answer == ANSWER_DATA && records->next == NULL &&
	    is_null_mx(records))
		answer = ANSWER_NULL_MX;
	if (answer == ANSWER_DATA)
		for (struct ares_mx_reply *at = records; at; at = at->next)
			add_exchanger(exchangers, at);
	ares_free_data(records);
	return answer;
}

static unsigned get16(const unsigned char *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

/* What follows the name at that place, or NULL. */
static const unsigned char *skip_name(
    const unsigned char *at, const unsigned char *message, int size)
{
	char *name;
	long length;

	if (ares_expand_name(at, message, size, &name, &length) != ARES_SUCCESS)
		return NULL;
	ares_free_string(name);
	return at + length;
}

/*
 * Whether the answer section has a record of that type, or cannot be read
 * through: c-ares passes over records that it cannot make sense of.
 */
static bool has_record(const unsigned char *message, int size, unsigned type)
{
	const unsigned char *at = message + HEADER_SIZE, *end = message + size;
	unsigned questions = get16(message + QUESTIONS_OFFSET);
	unsigned total = questions + get16(message + ANSWERS_OFFSET);

	for (unsigned i = 0; i < total; i++) {
		unsigned length = i < questions ? 4 : 10;

		at = skip_name(at, message, size);
		if (at == NULL || (size_t)(end - at) < length)
			return true;
		if (i >= questions) {
			length += get16(at + 8);
			if (get16(at) == type || (size_t)(end - at) < length)
				return true;
		}
		at += length;
	}
	return false;
}

/* No address is an answer only where there was no record that gave one. */
static enum answer judge(int status, const unsigned char *message, int size,
    unsigned type, int count)
{
	enum answer answer = classify(status, message, (size_t)size);

	if (answer == ANSWER_DATA && count == 0)
		answer = ANSWER_NO_DATA;
	if (answer == ANSWER_NO_DATA && size >= HEADER_SIZE &&
	    has_record(message, size, type))
		answer = ANSWER_FAILED;
	return answer;
}

static enum answer add_v4(
    const unsigned char *message, int size, struct exchanger *exchanger)
{
	struct ares_addrttl found[ADDRESSES_MAX];
	int count = ADDRESSES_MAX;
	int status = ares_parse_a_reply(message, size, NULL, found, &count);
	struct ip ip;

	for (int i = 0; status == ARES_SUCCESS && i < count; i++) {
		ip_set(&ip, AF_INET, &found[i].ipaddr);
		candidates_add_address(exchanger, &ip);
	}
	return judge(status, message, size, TYPE_A, count);
}

static enum answer add_v6(
    const unsigned char *message, int size, struct exchanger *exchanger)
{
	struct ares_addr6ttl found[ADDRESSES_MAX];
	int count = ADDRESSES_MAX;
	int status = ares_parse_aaaa_reply(message, size, NULL, found, &count);
	struct ip ip;

	for (int i = 0; status == ARES_SUCCESS && i < count; i++) {
		ip_set(&ip, AF_INET6, &found[i].ip6addr);
		candidates_add_address(exchanger, &ip);
	}
	return judge(status, message, size, TYPE_AAAA, count);
}

enum answer answer_addresses(int status, const unsigned char *message,
    size_t size, int family, struct exchanger *exchanger)
{
	enum answer answer = classify(status, message, size);

	if (answer != ANSWER_DATA)
		return answer;
	return family == AF_INET ? add_v4(message, (int)size, exchanger)
				 : add_v6(message, (int)size, exchanger);
}
