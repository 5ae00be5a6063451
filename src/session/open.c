/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/open.h"

#include <stdlib.h>

#include "xalloc.h"

/* What the first pass has shown of a server: how it may be called again. */
struct second_chance {
	bool given;
	char *clear_reason; /* why its TLS failed; NULL if it has none */
};

/* A pass under way. */
struct pass {
	struct attempts *attempts;
	struct servers servers;	       /* those that have a chance */
	struct second_chance *chances; /* one for each server */
	struct opening *opening;
	struct failure *worst;
};

enum pass_result { PASS_OPEN, PASS_FAILED, PASS_HOPELESS };

/* What the settings ask of a server in the first pass. */
static enum tls_policy first_policy(const struct settings *settings)
{
	if (settings->trustanchors == NULL)
		return TLS_POLICY_NEVER;
	switch (settings->strictness) {
	case TLS_OPPORTUNISTIC: return TLS_POLICY_TRY;
	case TLS_PREFERRED: return TLS_POLICY_REQUIRE;
	case TLS_VERIFIED: break;
	}
	return TLS_POLICY_VERIFY;
}

static enum attempt_result try_server(const struct pass *pass,
    struct dial *dial, size_t index, enum tls_policy policy)
{
	struct second_chance *chance = &pass->chances[index];
	struct failure failure = {.rank = FAILURE_NONE};
	enum attempt_result result;

	pass->opening->clear_reason = chance->clear_reason;
	result = attempt_server(
	    pass->attempts, dial, index, policy, pass->opening, &failure);
	if (result == ATTEMPT_HOPELESS)
		*pass->worst = failure;
	else if (result != ATTEMPT_READY)
		failure_keep(pass->worst, &failure);
	chance->given =
	    result == ATTEMPT_NO_TLS || result == ATTEMPT_TLS_FAILED;
	if (result == ATTEMPT_TLS_FAILED)
		chance->clear_reason = failure.text;
	return result;
}

/* Tries the servers one after the other. */
static enum pass_result try_servers(
    const struct pass *pass, struct dial *dial, enum tls_policy policy)
{
	size_t index;

	while (
	    dial_next(dial, &index, &pass->opening->connection, pass->worst)) {
		switch (try_server(pass, dial, index, policy)) {
		case ATTEMPT_READY: return PASS_OPEN;
		case ATTEMPT_HOPELESS: return PASS_HOPELESS;
		default: break;
		}
	}
	return PASS_FAILED;
}

static enum pass_result make_pass(
    const struct pass *pass, enum tls_policy policy)
{
	const struct attempts *attempts = pass->attempts;
	struct dial_settings settings = {
	    .timeout_connect = attempts->settings->timeout_connect,
	    .deadline = attempts->deadline,
	    .tcpto = &attempts->tcpto};
	enum pass_result result;
	struct dial dial;

	dial_start(&dial, &pass->servers, &settings);
	result = try_servers(pass, &dial, policy);
	dial_end(&dial);
	return result;
}

/* Keeps those that are given a second chance. */
static void keep_chances(struct pass *pass)
{
	struct servers *servers = &pass->servers;
	size_t kept = 0;

	for (size_t i = 0; i < servers->count; i++) {
		if (!pass->chances[i].given)
			continue;
		servers->list[kept] = servers->list[i];
		pass->chances[kept++] = pass->chances[i];
	}
	servers->count = kept;
}

bool open_session(struct attempts *attempts, struct servers *servers,
    struct opening *opening, struct failure *failure)
{
	enum tls_policy policy = first_policy(attempts->settings);
	struct pass pass = {.attempts = attempts,
	    .servers = *servers,
	    .chances = xcalloc(servers->count, sizeof *pass.chances),
	    .opening = opening,
	    .worst = failure};
	enum pass_result result;

	*failure = (struct failure){.rank = FAILURE_NONE};
	result = make_pass(&pass, policy);
	if (result == PASS_FAILED && policy == TLS_POLICY_REQUIRE) {
		keep_chances(&pass);
		result = make_pass(&pass, TLS_POLICY_NEVER);
	}
	free(pass.chances);
	*servers = pass.servers;
	return result == PASS_OPEN;
}
