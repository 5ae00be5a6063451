/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/answer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "xalloc.h"

enum { CODE_NO_ERROR = 0, CODE_FORMAT_ERROR = 1, CODE_NO_NAME = 3 };

enum { PREFERENCE_SIZE = 2, TLSA_SIZE_MIN = 4, ALIASES_MAX = 16 };

/* What all of a message says about the few records that answer. */
struct survey {
	bool asked;	/* it repeats the question, and nothing else */
	bool misplaced; /* OPT where it does not belong */
	bool servers;	/* NS in the authority section: perhaps a referral */
	bool zone;	/* SOA there: something is not to be found */
	size_t answers;
	unsigned code; /* all twelve bits (RFC 6891, section 6.1.3) */
};

static void survey_record(struct survey *survey, const struct resource *record,
    const struct name *name, unsigned type)
{
	bool option = record->type == TYPE_OPT;

	switch (record->section) {
	case SECTION_QUESTIONS:
		survey->asked = record->type == type &&
				record->class == CLASS_IN &&
				name_equal(&record->owner, name);
		return;
	case SECTION_ANSWERS: survey->answers++; break;
	case SECTION_AUTHORITY:
		survey->servers |= record->type == TYPE_NS;
		survey->zone |= record->type == TYPE_SOA;
		break;
	default:
		if (option)
			survey->code |= (unsigned)record->code << 4;
		return;
	}
	survey->misplaced |= option;
}

/* Returns false when the message is no response to the question. */
static bool take_survey(struct survey *survey, struct response message,
    const struct name *name, unsigned type)
{
	struct resource record;

	*survey = (struct survey){.code = message.code};
	if ((message.flags & (MESSAGE_RESPONSE | MESSAGE_OPCODE)) !=
		MESSAGE_RESPONSE ||
	    message.left != 1)
		return false;
	while (message_next(&message, &record))
		survey_record(survey, &record, name, type);
	return !message.broken && survey->asked && !survey->misplaced;
}

/* Goes on to the next record of that type in the answer section. */
static bool next_of_type(
    struct response *message, struct resource *record, unsigned type)
{
	while (message_next(message, record))
		if (record->section == SECTION_ANSWERS &&
		    record->type == type && record->class == CLASS_IN)
			return true;
	return false;
}

/* What an alias says about a name. */
enum link { LINK_NONE, LINK_FOUND, LINK_BAD };

/* Two different aliases of one name are bad: only their order would decide. */
static enum link find_alias(
    struct response message, const struct name *name, struct name *other)
{
	enum link link = LINK_NONE;
	struct resource record;
	struct name target;

	while (next_of_type(&message, &record, TYPE_CNAME)) {
		if (!name_equal(&record.owner, name))
			continue;
		if (!message_name(&message, &record.data, 0, &target) ||
		    (link == LINK_FOUND && !name_equal(&target, other)))
			return LINK_BAD;
		*other = target;
		link = LINK_FOUND;
	}
	return link;
}

/* The name that was asked for, and those it is an alias of, in turn. */
struct chain {
	struct name names[ALIASES_MAX + 1];
	size_t count;
};

static bool contains(const struct chain *chain, const struct name *name)
{
	for (size_t i = 0; i < chain->count; i++)
		if (name_equal(&chain->names[i], name))
			return true;
	return false;
}

/* Returns false when there is no telling where the aliases lead. */
static bool follow_aliases(
    struct chain *chain, const struct response *message, unsigned type)
{
	struct name other = {0};

	while (type != TYPE_CNAME) {
		switch (find_alias(
		    *message, &chain->names[chain->count - 1], &other)) {
		case LINK_NONE: return true;
		case LINK_BAD: return false;
		case LINK_FOUND: break;
		}
		if (chain->count > ALIASES_MAX || contains(chain, &other))
			return false;
		chain->names[chain->count++] = other;
	}
	return true;
}

/* Whether there is at least one string, and nothing but whole ones. */
static bool are_strings(const struct rdata *data)
{
	size_t at = 0;

	while (at < data->size)
		at += 1 + (size_t)data->octets[at];
	return data->size > 0 && at == data->size;
}

static bool is_well_formed(
    const struct response *message, const struct rdata *data, unsigned type)
{
	struct name name;

	switch (type) {
	case TYPE_A: return data->size == 4;
	case TYPE_AAAA: return data->size == 16;
	case TYPE_MX:
		return message_name(message, data, PREFERENCE_SIZE, &name);
	case TYPE_CNAME: return message_name(message, data, 0, &name);
	case TYPE_TXT: return are_strings(data);
	default: return data->size >= TLSA_SIZE_MIN;
	}
}

/* Takes the records that count.  Returns false when one is malformed. */
static bool collect(
    struct answer *answer, const struct chain *chain, unsigned type)
{
	struct response message = answer->message;
	struct resource record;

	while (next_of_type(&message, &record, type)) {
		if (!contains(chain, &record.owner))
			continue;
		if (!is_well_formed(&message, &record.data, type))
			return false;
		answer->records = xrealloc(answer->records, answer->count + 1,
		    sizeof *answer->records);
		answer->records[answer->count++] = record.data;
	}
	return true;
}

/*
 * Whether an answer without data says that there is none: it is no referral
 * to other servers (RFC 2308, section 2.2), and has no alias that may have
 * been followed halfway.  Where there may be no MX, the addresses of the alias
 * decide.
 */
static bool is_empty(
    const struct answer *answer, const struct survey *survey, unsigned type)
{
	bool authoritative = answer->message.flags & MESSAGE_AUTHORITATIVE;

	return (survey->zone || authoritative || !survey->servers) &&
	       (survey->zone || !answer->alias || type == TYPE_MX);
}

/* What a response comes to, once its records have been collected. */
static enum answer_status conclude(
    struct answer *answer, const struct survey *survey, unsigned type)
{
	if (answer->count > 0)
		return survey->code == CODE_NO_ERROR ? ANSWER_DATA
						     : ANSWER_FAILED;
	if (survey->answers > 0 && !answer->alias) {
		answer->garbled = true;
		return ANSWER_FAILED;
	}
	if (survey->code == CODE_NO_NAME)
		return ANSWER_NO_HOST;
	return is_empty(answer, survey, type) ? ANSWER_NO_DATA : ANSWER_FAILED;
}

static enum answer_status read_response(
    struct answer *answer, const struct survey *survey, unsigned type)
{
	struct chain chain = {.names[0] = answer->name, .count = 1};

	if (survey->code != CODE_NO_ERROR && survey->code != CODE_NO_NAME) {
		answer->garbled = survey->code == CODE_FORMAT_ERROR;
		return ANSWER_FAILED;
	}
	if (!follow_aliases(&chain, &answer->message, type))
		return ANSWER_FAILED;
	answer->alias = chain.count > 1;
	answer->name = chain.names[chain.count - 1];
	if (collect(answer, &chain, type))
		return conclude(answer, survey, type);
	answer->garbled = true;
	return ANSWER_FAILED;
}

static unsigned char *copy_of(const unsigned char *octets, size_t size)
{
	unsigned char *copy = xcalloc(size, 1);

	if (size > 0)
		memcpy(copy, octets, size);
	return copy;
}

void answer_read(struct answer *answer, const unsigned char *octets,
    size_t size, const char *domain, unsigned type)
{
	struct survey survey;

	*answer = (struct answer){.status = ANSWER_FAILED};
	name_set(&answer->name, domain);
	answer->octets = copy_of(octets, size);
	if (!message_start(&answer->message, answer->octets, size) ||
	    !take_survey(&survey, answer->message, &answer->name, type)) {
		answer->garbled = true;
		return;
	}
	if (answer->message.flags & MESSAGE_TRUNCATED)
		return;
	answer->authentic = answer->message.flags & MESSAGE_AUTHENTIC;
	answer->status = read_response(answer, &survey, type);
	if (answer->status != ANSWER_DATA)
		answer->count = 0;
}

void answer_free(struct answer *answer)
{
	free(answer->octets);
	free(answer->records);
	*answer = (struct answer){.status = ANSWER_FAILED};
}

char *answer_alias(const struct answer *answer)
{
	char domain[DOMAIN_MAX + 1];

	return answer->alias && name_to_domain(&answer->name, domain)
		   ? xstrdup(domain)
		   : NULL;
}

void answer_address(const struct answer *answer, size_t index, struct ip *ip)
{
	const struct rdata *data = &answer->records[index];

	ip_set(ip, data->size == 4 ? AF_INET : AF_INET6, data->octets);
}

/* The name in an MX, which is well formed. */
static void read_exchanger(
    const struct answer *answer, size_t index, struct name *name)
{
	if (!message_name(&answer->message, &answer->records[index],
		PREFERENCE_SIZE, name))
		name->length = 0;
}

bool answer_exchanger(const struct answer *answer, size_t index,
    unsigned *preference, char domain[DOMAIN_MAX + 1])
{
	const unsigned char *octets = answer->records[index].octets;
	struct name name;
	struct ip ip;

	*preference = (unsigned)octets[0] << 8 | octets[1];
	read_exchanger(answer, index, &name);
	return name_to_domain(&name, domain) && *domain != '\0' &&
	       !ip_parse(&ip, domain) && !ip_parse_literal(&ip, domain);
}

bool answer_is_null_mx(const struct answer *answer)
{
	char domain[DOMAIN_MAX + 1];
	struct name name;

	if (answer->status != ANSWER_DATA || answer->count != 1)
		return false;
	read_exchanger(answer, 0, &name);
	return name_to_domain(&name, domain) &&
	       (*domain == '\0' || strcmp(domain, "localhost") == 0);
}

char *answer_text(const struct answer *answer, size_t index, size_t *size)
{
	const struct rdata *data = &answer->records[index];
	char *text = xcalloc(data->size + 1, 1);
	size_t at = 0;

	*size = 0;
	while (at < data->size) {
		size_t length = data->octets[at++];

		memcpy(text + *size, data->octets + at, length);
		*size += length;
		at += length;
	}
	return text;
}
