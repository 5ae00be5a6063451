/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/evidence.h"

#include "i18n.h"
#include "xalloc.h"

static bool is_named(const struct handshake *handshake)
{
	return handshake->chain_trusted && (handshake->named & TLS_FOR_POLICY);
}

static bool is_named_for_sts(const struct handshake *handshake)
{
	return handshake->chain_trusted &&
	       (handshake->named_by_san & TLS_FOR_STS);
}

/* A record that names an anchor says nothing about names. */
static bool is_matched(const struct handshake *handshake)
{
	return handshake->tlsa == TLSA_MATCH_EE ||
	       (handshake->tlsa == TLSA_MATCH_TA &&
		   (handshake->named & TLS_FOR_TLSA));
}

static bool holds(enum demand_check check, const struct handshake *handshake)
{
	switch (check) {
	case CHECK_NAMED: return is_named(handshake);
	case CHECK_PINNED: return handshake->pinned;
	case CHECK_TLSA: return is_matched(handshake);
	case CHECK_STS: return is_named_for_sts(handshake);
	case CHECK_VERIFIED:
	case CHECKS: break;
	}
	return is_named(handshake) || is_matched(handshake) ||
	       handshake->pinned;
}

/* Why a check does not hold. */
static void explain(enum demand_check check, const struct handshake *handshake,
    const char *server, struct reason *reason)
{
	if (check == CHECK_PINNED)
		reason_set(reason, N_("the key of %s is none of those of pin="),
		    server);
	else if (check == CHECK_TLSA && handshake->tlsa == TLSA_MATCH_NONE)
		*reason = handshake->tlsa_reason;
	else if (check == CHECK_TLSA || handshake->chain_trusted)
		handshake_explain_names(handshake, server, reason);
	else
		*reason = handshake->reason;
}

bool evidence_meets(const struct demand *demand,
    const struct handshake *handshake, const char *server,
    struct reason *reason, const char **origin)
{
	for (int i = 0; i < CHECKS; i++) {
		enum demand_check check = (enum demand_check)i;

		if (!demand->checks[check] || holds(check, handshake))
			continue;
		explain(check, handshake, server, reason);
		*origin = demand->origins[check];
		return false;
	}
	return true;
}

/* What else the verdict relies on. */
static const char *reliance(
    const struct demand *demand, const struct handshake *handshake)
{
	if (is_matched(handshake))
		return handshake->tlsa == TLSA_MATCH_EE ? ", DANE-EE"
							: ", DANE-TA";
	if (demand->checks[CHECK_STS])
		return ", MTA-STS";
	return handshake->pinned ? ", pin" : "";
}

char *evidence_summary(const struct demand *demand,
    const struct handshake *handshake, const struct server *server)
{
	const char *name = server_name(server);
	bool matched = is_matched(handshake);
	bool insecure = matched && !server->exchanger->secure;
	struct reason reason = {0};

	if (matched || handshake->pinned || is_named(handshake))
		return xasprintf("%s, %s, %s %s%s%s", handshake->protocol,
		    handshake->cipher, insecure ? "trusted" : "verified", name,
		    reliance(demand, handshake),
		    insecure ? ", MX not secure" : "");
	explain(CHECK_VERIFIED, handshake, name, &reason);
	return xasprintf("%s, %s, unverified (%s)", handshake->protocol,
	    handshake->cipher, reason.english);
}

char *evidence_test_sts(const struct terms *terms, const struct server *server,
    const struct handshake *handshake)
{
	const char *name = server_name(server);
	struct reason reason = {0};

	if (!demand_asks_sts(terms, server->exchanger, STS_MODE_TESTING))
		return NULL;
	if (!sts_policy_names(terms->sts, name))
		reason_set(&reason, "the policy does not name %s", name);
	else if (handshake == NULL)
		reason_set(&reason, "no TLS with %s", name);
	else if (!holds(CHECK_STS, handshake))
		explain(CHECK_STS, handshake, name, &reason);
	else
		return NULL;
	return xasprintf("MTA-STS testing: %s", reason.english);
}
