/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/demand.h"

#include <stdlib.h>

#include "dns/domain.h"
#include "i18n.h"
#include "xalloc.h"

enum { SUBMISSIONS_PORT = 465 }; /* TLS from the first byte (RFC 8314) */

static const char *name_line(const char *file, unsigned long line)
{
	return xasprintf(_("%s line %lu"), file, line);
}

static const char *origin_of_policy(const struct policy *policy)
{
	return policy->line > 0 ? name_line(policy->file, policy->line) : NULL;
}

/* The first who asks for what holds in the end is named. */
static void demand_tls(struct demand *demand, const char *origin)
{
	if (demand->tls != DEMAND_TLS || demand->yields)
		demand->tls_origin = origin;
	demand->tls = DEMAND_TLS;
	demand->yields = false;
}

static void demand_check(
    struct demand *demand, enum demand_check check, const char *origin)
{
	if (!demand->checks[check])
		demand->origins[check] = origin;
	demand->checks[check] = true;
	demand_tls(demand, origin);
}

/* Without anchors, what is not demanded is not tried either. */
static void add_opportunity(
    struct demand *demand, const struct settings *settings, bool preferred)
{
	if (settings->trustanchors == NULL)
		return;
	demand->tls = preferred ? DEMAND_TLS : DEMAND_TRY;
	demand->yields = preferred;
}

static void add_level(struct demand *demand, const struct terms *terms)
{
	const struct policy *policy = terms->policy;
	const char *origin = origin_of_policy(policy);

	switch (policy->level) {
	case POLICY_NONE: break;
	case POLICY_MAY:
	case POLICY_DANE:
		add_opportunity(demand, terms->settings, false);
		break;
	case POLICY_PREFER:
		add_opportunity(demand, terms->settings, true);
		break;
	case POLICY_ENCRYPT: demand_tls(demand, origin); break;
	case POLICY_VERIFY:
		demand_check(demand,
		    policy->match_count > 0 ? CHECK_NAMED : CHECK_VERIFIED,
		    origin);
		break;
	case POLICY_SECURE: demand_check(demand, CHECK_NAMED, origin); break;
	case POLICY_FINGERPRINT:
		demand_check(demand, CHECK_PINNED, origin);
		break;
	case POLICY_DANE_ONLY: demand_check(demand, CHECK_TLSA, origin); break;
	}
	demand->requiretls = policy->requiretls;
	if (policy->requiretls)
		demand_check(demand, CHECK_VERIFIED, origin);
}

/* What TLSA records say is not doubted where the MX answer was secure. */
static bool is_left_to_dane(
    const struct policy *policy, const struct exchanger *exchanger)
{
	return policy->level != POLICY_NONE && !policy->no_dane &&
	       exchanger->secure && exchanger->tlsa.status == TLSA_RECORDS;
}

static void add_dane(struct demand *demand, const struct policy *policy,
    const struct exchanger *exchanger)
{
	if (policy->level == POLICY_NONE || policy->no_dane)
		return;
	if (exchanger->tlsa.status == TLSA_RECORDS)
		demand_check(demand, CHECK_TLSA, "TLSA");
	else if (exchanger->tlsa.status == TLSA_UNUSABLE)
		demand_tls(demand, "TLSA");
}

bool demand_asks_sts(const struct terms *terms,
    const struct exchanger *exchanger, enum sts_mode mode)
{
	const struct policy *policy = terms->policy;

	return terms->sts != NULL && terms->sts->mode == mode &&
	       policy->level != POLICY_NONE && !policy->no_sts &&
	       !is_left_to_dane(policy, exchanger);
}

static void add_sts(struct demand *demand, const struct terms *terms,
    const struct exchanger *exchanger)
{
	if (demand_asks_sts(terms, exchanger, STS_MODE_ENFORCE))
		demand_check(demand, CHECK_STS, "MTA-STS");
}

/* Who has credentials shows them under TLS that is verified, or to this
   machine itself. */
static void add_credentials(struct demand *demand, const struct terms *terms,
    const struct server *server)
{
	const struct credentials *credentials = terms->route->credentials;
	const char *origin;

	demand->credentials = credentials != NULL;
	if (credentials == NULL || ip_is_loopback(&server->ip))
		return;
	origin = name_line(credentials->file, credentials->line);
	if (terms->policy->level == POLICY_ENCRYPT)
		demand_tls(demand, origin);
	else
		demand_check(demand, CHECK_VERIFIED, origin);
}

static void add_start(struct demand *demand, const struct terms *terms,
    const struct server *server)
{
	enum policy_start start = terms->policy->start;

	demand->implicit =
	    start == POLICY_IMPLICIT || (start == POLICY_START_BY_PORT &&
					    terms->route->kind != ROUTE_NONE &&
					    server->port == SUBMISSIONS_PORT);
	if (demand->implicit)
		demand_tls(demand,
		    start == POLICY_IMPLICIT
			? origin_of_policy(terms->policy)
			: name_line(terms->route->file, terms->route->line));
}

static void add_name(
    struct demand *demand, const char *pattern, enum tls_use use)
{
	demand->names = xrealloc(
	    demand->names, demand->name_count + 1, sizeof *demand->names);
	demand->names[demand->name_count++] =
	    (struct tls_name){.pattern = domain_undotted(pattern), .uses = use};
}

/* Whose name the certificate has to bear for the policy.  An address that is
   the next hop is all the name there is. */
static void add_policy_names(struct demand *demand, const struct terms *terms,
    const struct server *server)
{
	const struct policy *policy = terms->policy;

	for (size_t i = 0; i < policy->match_count; i++)
		add_name(demand, policy->matches[i], TLS_FOR_POLICY);
	if (policy->match_count > 0)
		return;
	if (policy->level != POLICY_SECURE || server->exchanger->name == NULL) {
		add_name(demand, server_name(server), TLS_FOR_POLICY);
		return;
	}
	add_name(demand, terms->next_hop, TLS_FOR_POLICY);
	add_name(demand, xasprintf(".%s", terms->next_hop), TLS_FOR_POLICY);
}

/* Those for a trust anchor that a TLSA record names (RFC 7672 section 3.2.2).
 */
static void add_tlsa_names(struct demand *demand, const struct terms *terms,
    const struct exchanger *exchanger)
{
	if (exchanger->tlsa.status != TLSA_RECORDS)
		return;
	add_name(demand, exchanger->tlsa.base, TLS_FOR_TLSA);
	if (!exchanger->secure)
		return;
	add_name(demand, terms->next_hop, TLS_FOR_TLSA);
	if (terms->expanded != NULL)
		add_name(demand, terms->expanded, TLS_FOR_TLSA);
}

static void add_names(struct demand *demand, const struct terms *terms,
    const struct server *server)
{
	add_policy_names(demand, terms, server);
	add_name(demand, server_name(server), TLS_FOR_STS);
	add_tlsa_names(demand, terms, server->exchanger);
}

static bool refuse(struct failure *failure, const struct server *server,
    const char *reason, const char *origin)
{
	failure_set(failure, FAILURE_TEMPORARY,
	    _("The server %s is not used: %s, demanded by %s. (#4.7.0)\n"),
	    server_name(server), reason, origin);
	failure->rank = FAILURE_ANSWERED;
	failure->unmet = true;
	return false;
}

/* Whether the certificate can only be verified by anchors. */
static bool needs_anchors(
    const struct demand *demand, const struct exchanger *exchanger)
{
	return demand->checks[CHECK_NAMED] || demand->checks[CHECK_STS] ||
	       (demand->checks[CHECK_VERIFIED] &&
		   !demand->checks[CHECK_PINNED] &&
		   exchanger->tlsa.status != TLSA_RECORDS);
}

static bool have_anchors(const struct demand *demand, const struct terms *terms,
    const struct server *server, struct failure *failure)
{
	const struct settings *settings = terms->settings;
	enum demand_check check = demand->checks[CHECK_NAMED] ? CHECK_NAMED
				  : demand->checks[CHECK_STS] ? CHECK_STS
							      : CHECK_VERIFIED;
	struct reason reason;

	if (settings->trustanchors != NULL ||
	    !needs_anchors(demand, server->exchanger))
		return true;
	if (demand->origins[check] == NULL)
		return settings_have_anchors(settings, failure);
	settings_explain_no_anchors(&reason);
	return refuse(failure, server, reason.local, demand->origins[check]);
}

/* Whether the server may be called at all. */
static bool is_usable(const struct demand *demand, const struct terms *terms,
    const struct server *server, struct failure *failure)
{
	const struct policy *policy = terms->policy;
	const struct exchanger *exchanger = server->exchanger;
	bool dane = policy->level != POLICY_NONE && !policy->no_dane;

	if (policy->level == POLICY_NONE && demand->tls == DEMAND_TLS)
		return refuse(failure, server,
		    _("its policy forbids the TLS that it needs"),
		    demand->tls_origin);
	if (dane && exchanger->tlsa.status == TLSA_FAILED)
		return refuse(failure, server,
		    _("its TLSA records could not be looked up"), "TLSA");
	if (policy->level == POLICY_DANE_ONLY &&
	    (exchanger->tlsa.status != TLSA_RECORDS || !exchanger->secure))
		return refuse(failure, server,
		    _("there are no secure TLSA records of use"),
		    demand->origins[CHECK_TLSA]);
	if (demand->checks[CHECK_STS] &&
	    !sts_policy_names(terms->sts, server_name(server)))
		return refuse(failure, server,
		    _("the policy of the domain does not name it"), "MTA-STS");
	return have_anchors(demand, terms, server, failure);
}

bool demand_for(struct demand *demand, const struct terms *terms,
    const struct server *server, struct failure *failure)
{
	*demand = (struct demand){.tls = DEMAND_CLEAR};
	add_level(demand, terms);
	add_dane(demand, terms->policy, server->exchanger);
	add_sts(demand, terms, server->exchanger);
	add_credentials(demand, terms, server);
	add_start(demand, terms, server);
	add_names(demand, terms, server);
	return is_usable(demand, terms, server, failure);
}
