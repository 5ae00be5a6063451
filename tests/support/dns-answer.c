/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-answer.h"

#include <string.h>

#include "dns-damage.h"
#include "dns-type.h"

enum {
	ROOM = 4096,
	LINKS = 16,
	RCODE_FORMERR = 1,
	RCODE_NXDOMAIN = 3,
	UDP_PAYLOAD = 512,
};

/* The records of an answer, in the order in which they were found. */
struct selection {
	const struct dns_record *records[ROOM];
	size_t count;
	unsigned rcode;
	bool authentic; /* all names that were looked for are signed */
};

static const struct dns_name root = {.length = 1};

/* Takes the records that belong to a question; returns the first, or NULL. */
static const struct dns_record *take(struct selection *selection,
    const struct dns_zone *zone, const struct dns_name *name, uint16_t type)
{
	const struct dns_record *first = NULL;

	for (size_t i = 0; i < zone->record_count; i++) {
		const struct dns_record *record = &zone->records[i];

		if (record->asked_type != type ||
		    !dns_name_equal(&record->asked, name) ||
		    selection->count == ROOM)
			continue;
		if (first == NULL)
			first = record;
		selection->records[selection->count++] = record;
	}
	return first;
}

/* Follows CNAMEs to the records of the question. */
static void resolve(struct selection *selection, const struct dns_zone *zone,
    const struct dns_question *question)
{
	struct dns_name name = question->name;

	for (int link = 0; link <= LINKS; link++) {
		const struct dns_record *alias;

		selection->authentic =
		    selection->authentic &&
		    dns_zone_signed(zone, &name, question->type);
		if (take(selection, zone, &name, question->type) != NULL)
			return;
		alias = take(selection, zone, &name, DNS_CNAME);
		if (alias == NULL) {
			if (!dns_zone_has(zone, &name))
				selection->rcode = RCODE_NXDOMAIN;
			take(selection, zone, &root, DNS_SOA);
			return;
		}
		dns_name_read(&name, alias->data, alias->length);
	}
}

/* Returns false when not all of the selection went in. */
static bool add_records(
    struct dns_message *message, const struct selection *selection, size_t max)
{
	for (int section = 0; section < DNS_SECTIONS; section++)
		for (size_t i = 0; i < selection->count; i++) {
			const struct dns_record *record = selection->records[i];

			if ((int)record->section != section)
				continue;
			if (max-- == 0 || !dns_message_add(message, record))
				return false;
		}
	return true;
}

static size_t size_limit(
    const struct dns_question *question, enum dns_transport transport)
{
	if (transport == DNS_TCP)
		return DNS_MESSAGE_MAX;
	return question->edns > UDP_PAYLOAD ? (size_t)question->edns
					    : UDP_PAYLOAD;
}

static bool must_truncate(
    const struct dns_plan *plan, enum dns_transport transport)
{
	const struct dns_rule *rule = plan->rule[DNS_TRUNCATE];

	return rule != NULL && rule->number >= (unsigned)transport;
}

static void build_raw(struct dns_message *message, const struct dns_rule *rule,
    const struct dns_question *question)
{
	message->length =
	    rule->length < DNS_MESSAGE_MAX ? rule->length : DNS_MESSAGE_MAX;
	memcpy(message->bytes, rule->bytes, message->length);
	if (message->length >= 2)
		dns_set16(message->bytes, question->id);
}

void dns_answer_build(struct dns_message *message, const struct dns_zone *zone,
    const struct dns_plan *plan, const struct dns_question *question,
    enum dns_transport transport)
{
	struct selection selection = {.authentic = question->ad};
	bool cut = must_truncate(plan, transport);
	bool edns = question->edns != DNS_NO_EDNS;
	bool faulty = edns || plan->rule[DNS_EDNS_ONLY] == NULL;

	if (plan->rule[DNS_RAW] != NULL && faulty) {
		build_raw(message, plan->rule[DNS_RAW], question);
		return;
	}
	if (edns && plan->rule[DNS_REFUSE_EDNS] != NULL) {
		selection.rcode = RCODE_FORMERR;
		edns = false;
	} else if (plan->rule[DNS_RCODE] != NULL && faulty) {
		selection.rcode = plan->rule[DNS_RCODE]->number;
		selection.authentic =
		    selection.authentic &&
		    dns_zone_signed(zone, &question->name, question->type);
	} else {
		resolve(&selection, zone, question);
	}
	dns_message_start(message, question, size_limit(question, transport));
	dns_message_set_rcode(message, selection.rcode);
	if (selection.authentic)
		dns_message_set_authentic(message);
	if (!add_records(message, &selection, cut ? 1 : ROOM) || cut)
		dns_message_set_truncated(message);
	if (edns)
		dns_message_add_opt(message);
	if (plan->rule[DNS_DAMAGE] != NULL && faulty)
		dns_damage_apply(
		    message, (enum dns_damage)plan->rule[DNS_DAMAGE]->number);
}
