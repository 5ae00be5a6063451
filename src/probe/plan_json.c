/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/plan_json.h"

#include "probe/facts.h"
#include "probe/object.h"

json_t *plan_json_route(const struct route *route)
{
	json_t *object = json_object();
	char text[IP_TEXT_SIZE];

	object_put_text(object, "kind", facts_route_name(route->kind));
	object_put_text(object, "relay",
	    route->kind == ROUTE_NAME	   ? route->name
	    : route->kind == ROUTE_ADDRESS ? ip_format(&route->ip, text)
					   : NULL);
	object_put_number(object, "port", route->port);
	object_put_text(object, "user",
	    route->credentials != NULL ? route->credentials->user : NULL);
	object_put_place(object, route->file, route->line);
	return object;
}

json_t *plan_json_policy(const struct policy *policy)
{
	json_t *object = json_object(), *pins = json_array();

	for (size_t i = 0; i < policy->pin_count; i++)
		json_array_append_new(pins,
		    object_hex(policy->pins[i].sha256, CRITERIA_PIN_SIZE));
	object_put_text(object, "level", policy_level_name(policy->level));
	json_object_set_new(object, "match",
	    object_texts(
		(const char *const *)policy->matches, policy->match_count));
	json_object_set_new(object, "pins", pins);
	object_put_text(object, "start", facts_start_name(policy->start));
	object_put_bool(object, "requiretls", policy->requiretls);
	object_put_bool(object, "nodane", policy->no_dane);
	object_put_bool(object, "nosts", policy->no_sts);
	object_put_place(object, policy->file, policy->line);
	return object;
}

static json_t *make_tlsa(const struct tlsa *tlsa)
{
	json_t *object = json_object(), *records = json_array();

	object_put_text(object, "status", facts_tlsa_name(tlsa->status));
	object_put_text(object, "base", tlsa->base);
	for (size_t i = 0; i < tlsa->count; i++) {
		const struct tlsa_record *record = &tlsa->records[i];
		json_t *entry = json_object();

		object_put_number(entry, "usage", record->usage);
		object_put_number(entry, "selector", record->selector);
		object_put_number(entry, "matching", record->matching);
		object_put_hex(entry, "data", record->data, record->size);
		json_array_append_new(records, entry);
	}
	json_object_set_new(object, "records", records);
	return object;
}

static json_t *make_exchanger(const struct exchanger *exchanger)
{
	json_t *object = json_object(), *addresses = json_array();
	char text[IP_TEXT_SIZE];

	object_put_text(object, "name", exchanger->name);
	object_put_number(object, "preference", exchanger->preference);
	for (size_t i = 0; i < exchanger->address_count; i++)
		json_array_append_new(addresses,
		    object_text(ip_format(&exchanger->addresses[i], text)));
	json_object_set_new(object, "addresses", addresses);
	object_put_bool(object, "secure", exchanger->secure);
	json_object_set_new(object, "tlsa", make_tlsa(&exchanger->tlsa));
	return object;
}

json_t *plan_json_exchangers(const struct exchangers *exchangers)
{
	json_t *list = json_array();

	for (size_t i = 0; i < exchangers->count; i++)
		json_array_append_new(
		    list, make_exchanger(&exchangers->list[i]));
	return list;
}

json_t *plan_json_sts(const struct plan *plan)
{
	static const char *const origins[] = {
	    [STS_ORIGIN_NONE] = NULL,
	    [STS_ORIGIN_CACHE] = "cache",
	    [STS_ORIGIN_HOST] = "host",
	};
	const struct sts *sts = &plan->sts;
	bool known = sts->origin != STS_ORIGIN_NONE;
	json_t *object;

	if (!plan->settings.mtasts || plan->step <= PLAN_STS)
		return json_null();
	object = json_object();
	object_put_text(
	    object, "mode", known ? facts_mode_name(sts->policy.mode) : NULL);
	object_put_text(object, "id", known ? sts->id : NULL);
	object_put_text(object, "origin", origins[sts->origin]);
	json_object_set_new(object, "mx",
	    object_texts((const char *const *)sts->policy.mx,
		known ? sts->policy.mx_count : 0));
	object_put_text(object, "problem",
	    sts->why.local[0] != '\0' ? sts->why.local : NULL);
	return object;
}
