/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/answer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ares.h>

#include "ascii.h"
#include "dns/domain.h"
#include "dns/message.h"
#include "failure.h"
#include "report.h"
#include "xalloc.h"

enum {
	FLAGS_OFFSET = 2,
	FLAG_AUTHORITATIVE = 0x04,
	FLAG_TRUNCATED = 0x02,
	CODE_NO_ERROR = 0,
	CODE_NO_NAME = 3,
	ADDRESSES_MAX = 64
};

/*
 * What c-ares made of a message, and its response code: c-ares knows a few of
 * these only, and takes the others for success.
 */
static enum answer classify(
    int status, const unsigned char *message, size_t size)
{
	enum answer answer;
	unsigned code = CODE_NO_ERROR;

	switch (status) {
	case ARES_SUCCESS: answer = ANSWER_DATA; break;
	case ARES_ENODATA: answer = ANSWER_NO_DATA; break;
	case ARES_ENOTFOUND:
		answer = ANSWER_NO_HOST;
		code = CODE_NO_NAME;
		break;
	case ARES_ENOMEM: report_out_of_memory();
	default: return ANSWER_FAILED;
	}
	if (message == NULL || !records_possible(size) ||
	    (message[FLAGS_OFFSET] & FLAG_TRUNCATED) ||
	    records_response(message, size) != code)
		return ANSWER_FAILED;
	return answer;
}

/*
 * Whether an answer without data says that there is none: it is no referral
 * to other servers (RFC 2308, section 2.2), has no record of that type, which
 * c-ares could make no sense of then, and no alias that may have been followed
 * halfway.  Where there may be no MX, the addresses of the alias decide.
 */
static bool is_empty(const unsigned char *message, size_t size, unsigned type)
{
	struct records records = records_start(message, size);
	bool authoritative = message[FLAGS_OFFSET] & FLAG_AUTHORITATIVE;
	bool servers = false, zone = false, alias = false;

	while (records_next(&records)) {
		if (records.section == SECTION_ANSWERS) {
			if (records.type == type)
				return false;
			alias = alias || records.type == TYPE_CNAME;
		}
		if (records.section == SECTION_AUTHORITY) {
			servers = servers || records.type == TYPE_NS;
			zone = zone || records.type == TYPE_SOA;
		}
	}
	return !records.broken && (zone || authoritative || !servers) &&
	       (zone || !alias || type == TYPE_MX);
}

/* Nothing found is an answer only where nothing is to be found. */
static enum answer judge(enum answer answer, const unsigned char *message,
    size_t size, unsigned type)
{
	return answer == ANSWER_NO_DATA && !is_empty(message, size, type)
		   ? ANSWER_FAILED
		   : answer;
}

/* The name without the dot at its end; the caller frees it. */
static char *normal_name(const char *name)
{
	size_t length = strlen(name);
	char *normal;

	if (length > 0 && name[length - 1] == '.')
		length--;
	normal = xstrndup(name, length);
	ascii_lower(normal);
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
		exchangers_add(exchangers, name, record->priority);
	else
		free(name);
}

static enum answer read_exchangers(
    const unsigned char *message, int size, struct exchangers *exchangers)
{
	struct ares_mx_reply *records = NULL;
	enum answer answer =
	    classify(ares_parse_mx_reply(message, size, &records), message,
		(size_t)size);

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

enum answer answer_exchangers(int status, const unsigned char *message,
    size_t size, struct exchangers *exchangers)
{
	enum answer answer = classify(status, message, size);

	if (answer == ANSWER_DATA)
		answer = read_exchangers(message, (int)size, exchangers);
	return judge(answer, message, size, TYPE_MX);
}

/* The same of a parsed answer: one in which nothing was found has no data. */
static enum answer classify_found(
    int status, const unsigned char *message, int size, int count)
{
	enum answer answer = classify(status, message, (size_t)size);

	return answer == ANSWER_DATA && count == 0 ? ANSWER_NO_DATA : answer;
}

static enum answer read_v4(
    const unsigned char *message, int size, struct exchanger *exchanger)
{
	struct ares_addrttl found[ADDRESSES_MAX];
	int count = ADDRESSES_MAX;
	int status = ares_parse_a_reply(message, size, NULL, found, &count);
	struct ip ip;

	for (int i = 0; status == ARES_SUCCESS && i < count; i++) {
		ip_set(&ip, AF_INET, &found[i].ipaddr);
		exchanger_add_address(exchanger, &ip);
	}
	return classify_found(status, message, size, count);
}

static enum answer read_v6(
    const unsigned char *message, int size, struct exchanger *exchanger)
{
	struct ares_addr6ttl found[ADDRESSES_MAX];
	int count = ADDRESSES_MAX;
	int status = ares_parse_aaaa_reply(message, size, NULL, found, &count);
	struct ip ip;

	for (int i = 0; status == ARES_SUCCESS && i < count; i++) {
		ip_set(&ip, AF_INET6, &found[i].ip6addr);
		exchanger_add_address(exchanger, &ip);
	}
	return classify_found(status, message, size, count);
}

enum answer answer_addresses(int status, const unsigned char *message,
    size_t size, int family, struct exchanger *exchanger)
{
	enum answer answer = classify(status, message, size);

	if (answer == ANSWER_DATA)
		answer = family == AF_INET
			     ? read_v4(message, (int)size, exchanger)
			     : read_v6(message, (int)size, exchanger);
	return judge(
	    answer, message, size, family == AF_INET ? TYPE_A : TYPE_AAAA);
}
