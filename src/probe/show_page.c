/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "probe/facts.h"
#include "probe/page.h"
#include "probe/show_server.h"
#include "report.h"
#include "xalloc.h"

/* " (FILE line N)", or nothing. */
static char *place(const char *file, unsigned long line)
{
	return file != NULL && line > 0
		   ? xasprintf(_(" (%s line %lu)"), file, line)
		   : xstrdup("");
}

static bool is_address(const char *host)
{
	struct ip ip;

	return ip_parse_literal(&ip, host) || ip_parse(&ip, host);
}

static void show_route(
    struct page *page, const struct plan *plan, const char *host)
{
	const struct route *route = &plan->route;
	char *from = place(route->file, route->line);
	char text[IP_TEXT_SIZE];

	if (route->kind == ROUTE_NONE)
		page_row(page, 1, _("Route"), PAGE_PLAIN,
		    is_address(host) ? _("none: to the address itself%s")
				     : _("none: by its mail exchangers%s"),
		    from);
	else
		page_row(page, 1, _("Route"), PAGE_PLAIN, _("to %s, port %u%s"),
		    route->kind == ROUTE_NAME ? route->name
					      : ip_format(&route->ip, text),
		    route->port, from);
	if (route->credentials != NULL)
		page_row(page, 1, _("Credentials"), PAGE_PLAIN, "%s",
		    route->credentials->user);
	free(from);
}

static void show_policy(struct page *page, const struct plan *plan)
{
	const struct policy *policy = &plan->policy;
	char *from = policy->line > 0 ? place(policy->file, policy->line)
				      : xstrdup(" (control/tlsstrictness)");
	char *words = facts_policy_words(policy);

	page_row(page, 1, _("Policy"), PAGE_PLAIN, "%s%s%s",
	    policy_level_name(policy->level), words, from);
	page_list(page, 2, "match", (const char *const *)policy->matches,
	    policy->match_count);
	for (size_t i = 0; i < policy->pin_count; i++)
		show_hex(page, "pin", policy->pins[i].sha256,
		    sizeof policy->pins[i].sha256);
	free(words);
	free(from);
}

static void show_resolver(struct page *page, const struct probe *probe)
{
	if (probe->resolver == NULL)
		return;
	page_row(page, 1, _("Resolver"), PAGE_PLAIN,
	    probe->validates ? _("%s, trusted for DNSSEC")
			     : _("%s, not trusted for DNSSEC"),
	    probe->resolver);
}

/* What DANE says, behind a comma. */
static char *describe_tlsa(const struct tlsa *tlsa)
{
	switch (tlsa->status) {
	case TLSA_NONE: break;
	case TLSA_UNUSABLE:
		return xstrdup(_(", TLSA records, none of them usable"));
	case TLSA_RECORDS:
		return xasprintf(_(", TLSA records: %zu"), tlsa->count);
	case TLSA_FAILED: return xstrdup(_(", TLSA could not be looked up"));
	}
	return xstrdup("");
}

static void show_tlsa(struct page *page, const struct tlsa *tlsa)
{
	for (size_t i = 0; i < tlsa->count; i++) {
		const struct tlsa_record *record = &tlsa->records[i];
		char *hex = facts_hex(record->data, record->size);

		page_row(page, 2, "TLSA", PAGE_PLAIN, "%u %u %u %s",
		    record->usage, record->selector, record->matching, hex);
		free(hex);
	}
}

static void show_exchanger(struct page *page, const struct exchanger *exchanger)
{
	char *tlsa = describe_tlsa(&exchanger->tlsa), *addresses = xstrdup("");
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < exchanger->address_count; i++) {
		char *before = addresses;

		addresses = xasprintf(
		    "%s %s", before, ip_format(&exchanger->addresses[i], text));
		free(before);
	}
	page_row(page, 1, _("Exchanger"), PAGE_PLAIN, "%u %s%s%s%s",
	    exchanger->preference, exchanger->name, addresses,
	    exchanger->secure ? _(", secure") : "", tlsa);
	show_tlsa(page, &exchanger->tlsa);
	free(addresses);
	free(tlsa);
}

static void show_sts(struct page *page, const struct plan *plan)
{
	const struct sts *sts = &plan->sts;
	bool known = sts->origin != STS_ORIGIN_NONE;
	const char *why = sts->why.local;

	if (!plan->settings.mtasts)
		return;
	if (known)
		page_row(page, 1, "MTA-STS", PAGE_PLAIN, "%s, id %s, %s",
		    facts_mode_name(sts->policy.mode), sts->id,
		    sts->origin == STS_ORIGIN_CACHE ? _("from the cache")
						    : _("fetched now"));
	if (known)
		page_list(page, 2, "mx", (const char *const *)sts->policy.mx,
		    sts->policy.mx_count);
	if (*why != '\0')
		page_row(page, 1, "MTA-STS", PAGE_PLAIN,
		    known ? "%s" : _("none: %s"), why);
	else if (!known)
		page_row(page, 1, "MTA-STS", PAGE_PLAIN, "%s", _("none"));
}

/* As far as the plan has come. */
static void show_plan(struct page *page, const struct probe *probe)
{
	const struct plan *plan = &probe->plan;
	const struct exchangers *exchangers = &plan->servers.exchangers;

	if (plan->step > PLAN_ROUTE)
		show_route(page, plan, probe->request.host);
	if (plan->step > PLAN_POLICY)
		show_policy(page, plan);
	show_resolver(page, probe);
	for (size_t i = 0; i < exchangers->count; i++)
		if (exchangers->list[i].name != NULL)
			show_exchanger(page, &exchangers->list[i]);
	if (plan->step > PLAN_STS)
		show_sts(page, plan);
}

static void show_delivery(struct page *page, const struct probe *probe)
{
	const struct trial *chosen = probe->passes.chosen;

	if (probe->offline) {
		page_row(page, 1, _("Delivery"), PAGE_PLAIN, "%s",
		    _("no server was called, because of -n"));
		return;
	}
	page_row(page, 1, _("Delivery"), PAGE_GOOD,
	    _("would go on with MAIL at %s, %s"), chosen->opening->address,
	    chosen->opening->name);
	if (probe->notes[0] != '\0')
		page_row(
		    page, 1, _("Report"), PAGE_PLAIN, "K ... %s", probe->notes);
}

static void show_verdict(struct page *page, const struct probe *probe)
{
	page_head(page, _("Result"));
	if (probe->verdict == PROBE_DELIVERS) {
		show_delivery(page, probe);
		return;
	}
	page_row(page, 1, _("Delivery"),
	    probe->verdict == PROBE_WAITS ? PAGE_DOUBTFUL : PAGE_BAD, "%s",
	    probe->verdict == PROBE_BOUNCES ? _("would give the mail back")
	    : probe->verdict == PROBE_WAITS
		? _("the mail would wait")
		: _("the mail would wait until the configuration is mended"));
	page_row(page, 1, _("Report"), PAGE_PLAIN, "%c %s",
	    report_letter(&probe->failure), probe->failure.text);
}

void show_page(const struct probe *probe, bool dialogue)
{
	struct page page = {0};

	page_head(&page, probe->request.host);
	show_plan(&page, probe);
	for (size_t i = 0; i < probe->passes.count; i++)
		show_server(&page, &probe->passes.trials[i], dialogue);
	show_verdict(&page, probe);
	page_print(&page);
}
