/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/show.h"

#include <stdio.h>
#include <stdlib.h>

#include "probe/facts.h"
#include "probe/object.h"
#include "probe/plan_json.h"
#include "probe/server_json.h"
#include "xalloc.h"

static json_t *make_resolver(const struct probe *probe)
{
	json_t *object;

	if (probe->resolver == NULL)
		return json_null();
	object = json_object();
	object_put_text(object, "servers", probe->resolver);
	object_put_bool(object, "validates", probe->validates);
	return object;
}

static json_t *make_result(const struct probe *probe)
{
	const struct trial *chosen = probe->passes.chosen;
	bool delivers = probe->verdict == PROBE_DELIVERS;
	json_t *object = json_object();
	const struct failure none = {0};
	char text[IP_TEXT_SIZE];

	object_put_text(object, "verdict",
	    delivers && chosen == NULL ? "uncalled"
				       : facts_verdict_name(probe->verdict));
	object_put_number(object, "status", probe->verdict);
	object_put_text(object, "address",
	    delivers && chosen != NULL ? ip_format(&chosen->server.ip, text)
				       : NULL);
	object_put_text(object, "notes", delivers ? probe->notes : NULL);
	object_put_report(object, delivers ? &none : &probe->failure);
	return object;
}

static json_t *make_servers(const struct passes *passes, bool dialogue)
{
	json_t *list = json_array();

	for (size_t i = 0; i < passes->count; i++)
		json_array_append_new(
		    list, server_json(&passes->trials[i], dialogue));
	return list;
}

static json_t *make_probe(const struct probe *probe, bool dialogue)
{
	const struct plan *plan = &probe->plan;
	json_t *object = json_object();

	object_put_text(object, "version", PACKAGE_VERSION);
	object_put_text(object, "host", probe->request.host);
	object_put_text(object, "sender", probe->request.sender);
	json_object_set_new(object, "route",
	    plan->step > PLAN_ROUTE ? plan_json_route(&plan->route)
				    : json_null());
	json_object_set_new(object, "policy",
	    plan->step > PLAN_POLICY ? plan_json_policy(&plan->policy)
				     : json_null());
	json_object_set_new(object, "resolver", make_resolver(probe));
	object_put_text(object, "next_hop", plan->servers.next_hop);
	json_object_set_new(object, "exchangers",
	    plan_json_exchangers(&plan->servers.exchangers));
	json_object_set_new(object, "mta_sts", plan_json_sts(plan));
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

void show_json(const struct probe *probe, bool dialogue)
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
}

bool show_has_json(void)
{
	return true;
}
