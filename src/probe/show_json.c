/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_JANSSON
#include <jansson.h>

#include "probe/facts.h"
#include "probe/visible.h"
#include "report.h"
#include "xalloc.h"

static json_t *make_text(const char *text)
{
	char *copy;
	json_t *string;

	if (text == NULL)
		return json_null();
	copy = visible_utf8(text, strlen(text));
	string = json_string(copy);
	free(copy);
	return string;
}

static void put_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, make_text(text));
}

static void put_number(json_t *object, const char *key, int64_t number)
{
	json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void put_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

/* Where something stands: null for both if nowhere. */
static void put_place(json_t *object, const char *file, unsigned long line)
{
	bool known = file != NULL && line > 0;

	put_text(object, "file", known ? file : NULL);
	json_object_set_new(object, "line",
	    known ? json_integer((json_int_t)line) : json_null());
}

static json_t *make_list(const char *const *texts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, make_text(texts[i]));
	return list;
}

static json_t *make_hex(const unsigned char *bytes, size_t size)
{
	char *text = facts_hex(bytes, size);
	json_t *string = make_text(text);

	free(text);
	return string;
}

static void put_hex(
    json_t *object, const char *key, const unsigned char *bytes, size_t size)
{
	json_object_set_new(object, key, make_hex(bytes, size));
}

/* Takes the lines. */
static json_t *take_lines(struct facts_lines lines)
{
	json_t *list = make_list((const char *const *)lines.list, lines.count);

	facts_free(&lines);
	return list;
}

/* The letter and the text of a report; null where there is none. */
static void put_report(json_t *object, const struct failure *failure)
{
	char letter[2] = "";

	if (failure->text != NULL)
		letter[0] = report_letter(failure);
	put_text(object, "letter", failure->text != NULL ? letter : NULL);
	put_text(object, "text", failure->text);
}

static json_t *make_route(const struct route *route)
{
	json_t *object = json_object();
	char text[IP_TEXT_SIZE];

	put_text(object, "kind", facts_route_name(route->kind));
	put_text(object, "relay",
	    route->kind == ROUTE_NAME	   ? route->name
	    : route->kind == ROUTE_ADDRESS ? ip_format(&route->ip, text)
					   : NULL);
	put_number(object, "port", route->port);
	put_text(object, "user",
	    route->credentials != NULL ? route->credentials->user : NULL);
	put_place(object, route->file, route->line);
	return object;
}

static json_t *make_policy(const struct policy *policy)
{
	json_t *object = json_object(), *pins = json_array();

	for (size_t i = 0; i < policy->pin_count; i++)
		json_array_append_new(
		    pins, make_hex(policy->pins[i].sha256, CRITERIA_PIN_SIZE));
	put_text(object, "level", policy_level_name(policy->level));
	json_object_set_new(object, "match",
	    make_list(
		(const char *const *)policy->matches, policy->match_count));
	json_object_set_new(object, "pins", pins);
	put_text(object, "start", facts_start_name(policy->start));
	put_bool(object, "requiretls", policy->requiretls);
	put_bool(object, "nodane", policy->no_dane);
	put_bool(object, "nosts", policy->no_sts);
	put_place(object, policy->file, policy->line);
	return object;
}

static json_t *make_resolver(const struct probe *probe)
{
	json_t *object;

	if (probe->resolver == NULL)
		return json_null();
	object = json_object();
	put_text(object, "servers", probe->resolver);
	put_bool(object, "validates", probe->validates);
	return object;
}

static json_t *make_tlsa(const struct tlsa *tlsa)
{
	json_t *object = json_object(), *records = json_array();

	put_text(object, "status", facts_tlsa_name(tlsa->status));
	put_text(object, "base", tlsa->base);
	for (size_t i = 0; i < tlsa->count; i++) {
		const struct tlsa_record *record = &tlsa->records[i];
		json_t *entry = json_object();

		put_number(entry, "usage", record->usage);
		put_number(entry, "selector", record->selector);
		put_number(entry, "matching", record->matching);
		put_hex(entry, "data", record->data, record->size);
		json_array_append_new(records, entry);
	}
	json_object_set_new(object, "records", records);
	return object;
}

static json_t *make_exchanger(const struct exchanger *exchanger)
{
	json_t *object = json_object(), *addresses = json_array();
	char text[IP_TEXT_SIZE];

	put_text(object, "name", exchanger->name);
	put_number(object, "preference", exchanger->preference);
	for (size_t i = 0; i < exchanger->address_count; i++)
		json_array_append_new(addresses,
		    make_text(ip_format(&exchanger->addresses[i], text)));
	json_object_set_new(object, "addresses", addresses);
	put_bool(object, "secure", exchanger->secure);
	json_object_set_new(object, "tlsa", make_tlsa(&exchanger->tlsa));
	return object;
}

static json_t *make_exchangers(const struct exchangers *exchangers)
{
	json_t *list = json_array();

	for (size_t i = 0; i < exchangers->count; i++)
		json_array_append_new(
		    list, make_exchanger(&exchangers->list[i]));
	return list;
}

/* null where MTA-STS does not count. */
static json_t *make_sts(const struct plan *plan)
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
	put_text(
	    object, "mode", known ? facts_mode_name(sts->policy.mode) : NULL);
	put_text(object, "id", known ? sts->id : NULL);
	put_text(object, "origin", origins[sts->origin]);
	json_object_set_new(object, "mx",
	    make_list((const char *const *)sts->policy.mx,
		known ? sts->policy.mx_count : 0));
	put_text(object, "problem",
	    sts->why.local[0] != '\0' ? sts->why.local : NULL);
	return object;
}

static json_t *make_demand(const struct demand *demand)
{
	json_t *object = json_object(), *checks = json_array();

	put_text(object, "tls", facts_tls_name(demand->tls));
	put_text(object, "origin", demand->tls_origin);
	put_bool(object, "implicit", demand->implicit);
	put_bool(object, "requiretls", demand->requiretls);
	put_bool(object, "credentials", demand->credentials);
	for (size_t i = 0; i < CHECKS; i++) {
		json_t *check;

		if (!demand->checks[i])
			continue;
		check = json_object();
		put_text(check, "what", facts_check_name(i));
		put_text(check, "origin", demand->origins[i]);
		json_array_append_new(checks, check);
	}
	json_object_set_new(object, "checks", checks);
	return object;
}

static json_t *make_certificate(const struct tls_certificate *certificate)
{
	json_t *object = json_object();

	put_text(object, "subject", certificate->subject);
	put_text(object, "issuer", certificate->issuer);
	json_object_set_new(object, "names",
	    make_list(certificate->names, certificate->name_count));
	put_number(object, "from", certificate->from);
	put_number(object, "until", certificate->until);
	put_hex(
	    object, "sha256", certificate->sha256, sizeof certificate->sha256);
	put_hex(object, "key_sha256", certificate->key_sha256,
	    sizeof certificate->key_sha256);
	return object;
}

/* null where there was no handshake. */
static json_t *make_tls(const struct opening *opening)
{
	const struct handshake *handshake = &opening->handshake;
	static const char *const matches[] = {
	    [TLSA_MATCH_NONE] = NULL,
	    [TLSA_MATCH_TA] = "DANE-TA",
	    [TLSA_MATCH_EE] = "DANE-EE",
	};
	json_t *object, *certificates = json_array();
	bool tried = handshake->done || handshake->reason.local[0] != '\0';

	for (size_t i = 0; i < handshake->certificate_count; i++)
		json_array_append_new(certificates,
		    make_certificate(&handshake->certificates[i]));
	object = json_object();
	put_text(
	    object, "protocol", handshake->done ? handshake->protocol : NULL);
	put_text(object, "cipher", handshake->done ? handshake->cipher : NULL);
	put_bool(object, "chain_trusted", handshake->chain_trusted);
	put_bool(object, "named", handshake->named != 0);
	put_text(object, "dane", matches[handshake->tlsa]);
	put_bool(object, "pinned", handshake->pinned);
	put_text(object, "problem",
	    handshake->reason.local[0] != '\0' ? handshake->reason.local
					       : NULL);
	json_object_set_new(object, "certificates", certificates);
	if (tried)
		return object;
	json_decref(object);
	return json_null();
}

static json_t *make_dialogue(const struct opening *opening)
{
	const struct turns *turns = opening->turns;
	json_t *list = json_array();

	for (size_t i = 0; i < turns->count; i++) {
		const struct turn *turn = &turns->list[i];
		json_t *object = json_object();

		put_number(object, "call", turn->call);
		put_bool(object, "encrypted", turn->encrypted);
		put_text(object, "said", turn->said);
		json_object_set_new(
		    object, "heard", take_lines(facts_heard(turn, opening)));
		json_array_append_new(list, object);
	}
	return list;
}

/* What the server that was spoken to has said and shown. */
static json_t *make_session(const struct opening *opening, bool dialogue)
{
	json_t *object = json_object();

	json_object_set_new(object, "greeting",
	    take_lines(facts_heard(turns_find(opening->turns, NULL), opening)));
	json_object_set_new(
	    object, "extensions", take_lines(facts_extensions(opening)));
	json_object_set_new(object, "tls", make_tls(opening));
	put_text(object, "auth", opening->mechanism);
	put_text(object, "summary", opening->summary);
	put_text(object, "clear_reason",
	    opening->summary == NULL ? opening->clear_reason : NULL);
	json_object_set_new(object, "dialogue",
	    dialogue ? make_dialogue(opening) : json_null());
	return object;
}

static json_t *make_server(const struct trial *trial, bool dialogue)
{
	json_t *object = json_object();
	char text[IP_TEXT_SIZE];
	const struct dial_call *call = &trial->call;

	put_text(object, "address", ip_format(&trial->server.ip, text));
	put_number(object, "port", trial->server.port);
	put_text(object, "name", trial->server.exchanger->name);
	put_text(object, "state", facts_state_name(facts_state(trial)));
	json_object_set_new(object, "demand", make_demand(&trial->demand));
	json_object_set_new(object, "connect_ms",
	    call->state == DIAL_THERE && call->took >= 0
		? json_integer((json_int_t)call->took)
		: json_null());
	put_text(object, "error",
	    call->state == DIAL_FAILED ? strerror(call->error) : NULL);
	json_object_set_new(object, "session",
	    trial->tried ? make_session(trial->opening, dialogue)
			 : json_null());
	put_report(object, &trial->failure);
	return object;
}

static json_t *make_result(const struct probe *probe)
{
	const struct trial *chosen = probe->passes.chosen;
	bool delivers = probe->verdict == PROBE_DELIVERS;
	json_t *object = json_object();
	const struct failure none = {0};
	char text[IP_TEXT_SIZE];

	put_text(object, "verdict",
	    delivers && chosen == NULL ? "uncalled"
				       : facts_verdict_name(probe->verdict));
	put_number(object, "status", probe->verdict);
	put_text(object, "address",
	    delivers && chosen != NULL ? ip_format(&chosen->server.ip, text)
				       : NULL);
	put_text(object, "notes", delivers ? probe->notes : NULL);
	put_report(object, delivers ? &none : &probe->failure);
	return object;
}

static json_t *make_servers(const struct passes *passes, bool dialogue)
{
	json_t *list = json_array();

	for (size_t i = 0; i < passes->count; i++)
		json_array_append_new(
		    list, make_server(&passes->trials[i], dialogue));
	return list;
}

static json_t *make_probe(const struct probe *probe, bool dialogue)
{
	const struct plan *plan = &probe->plan;
	json_t *object = json_object();

	put_text(object, "version", PACKAGE_VERSION);
	put_text(object, "host", probe->request.host);
	put_text(object, "sender", probe->request.sender);
	json_object_set_new(object, "route",
	    plan->step > PLAN_ROUTE ? make_route(&plan->route) : json_null());
	json_object_set_new(object, "policy",
	    plan->step > PLAN_POLICY ? make_policy(&plan->policy)
				     : json_null());
	json_object_set_new(object, "resolver", make_resolver(probe));
	put_text(object, "next_hop", plan->servers.next_hop);
	json_object_set_new(
	    object, "exchangers", make_exchangers(&plan->servers.exchangers));
	json_object_set_new(object, "mta_sts", make_sts(plan));
	json_object_set_new(
	    object, "servers", make_servers(&probe->passes, dialogue));
	json_object_set_new(object, "result", make_result(probe));
	return object;
}

/* jansson leaves DEL as it is. */
static void print_line(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\177')
			fputs("\\u007f", stdout);
		else
			putchar(*text);
	putchar('\n');
}

bool show_json(const struct probe *probe, bool dialogue)
{
	json_t *object;
	char *text;

	json_set_alloc_funcs(xmalloc, free);
	object = make_probe(probe, dialogue);
	text = json_dumps(object, JSON_ENSURE_ASCII);
	if (text != NULL)
		print_line(text);
	free(text);
	json_decref(object);
	return true;
}

bool show_has_json(void)
{
	return true;
}
#else
bool show_json(const struct probe *probe, bool dialogue)
{
	(void)probe;
	(void)dialogue;
	return false;
}

bool show_has_json(void)
{
	return false;
}
#endif
