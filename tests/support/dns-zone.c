/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-zone.h"

#include <stdlib.h>

void dns_zone_free(struct dns_zone *zone)
{
	for (size_t i = 0; i < zone->record_count; i++)
		free(zone->records[i].data);
	for (size_t i = 0; i < zone->rule_count; i++)
		free(zone->rules[i].bytes);
	free(zone->records);
	free(zone->rules);
}

void dns_zone_plan(struct dns_plan *plan, struct dns_zone *zone,
    const struct dns_name *name, uint16_t type)
{
	*plan = (struct dns_plan){.rule = {NULL}};
	for (size_t i = 0; i < zone->rule_count; i++) {
		struct dns_rule *rule = &zone->rules[i];

		if (!rule->any_owner && !dns_name_equal(&rule->owner, name))
			continue;
		if (rule->type != 0 && rule->type != type)
			continue;
		if (rule->effect == DNS_DROP && rule->met >= rule->number)
			continue;
		rule->met++;
		plan->rule[rule->effect] = rule;
	}
}

bool dns_zone_signed(
    const struct dns_zone *zone, const struct dns_name *name, uint16_t type)
{
	bool is_signed = false;

	for (size_t i = 0; i < zone->rule_count; i++) {
		const struct dns_rule *rule = &zone->rules[i];

		if (rule->effect == DNS_SIGNED &&
		    (rule->type == 0 || rule->type == type) &&
		    (rule->any_owner || dns_name_equal(&rule->owner, name)))
			is_signed = rule->number != 0;
	}
	return is_signed;
}

bool dns_zone_has(const struct dns_zone *zone, const struct dns_name *name)
{
	for (size_t i = 0; i < zone->record_count; i++)
		if (dns_name_within(&zone->records[i].owner, name))
			return true;
	for (size_t i = 0; i < zone->rule_count; i++)
		if (!zone->rules[i].any_owner &&
		    dns_name_within(&zone->rules[i].owner, name))
			return true;
	return false;
}
