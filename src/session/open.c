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
	const struct servers *servers;
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

static enum attempt_result try_server(
    const struct pass *pass, size_t index, enum tls_policy policy)
{
	struct second_chance *chance = &pass->chances[index];
	struct failure failure = {.rank = FAILURE_NONE};
	enum attempt_result result;

	pass->opening->clear_reason = chance->clear_reason;
	result = attempt_server(pass->attempts, &pass->servers->list[index],
	    policy, pass->opening, &failure);
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

/* Tries those that have a chance, as long as there is time for another. */
static enum pass_result make_pass(
    const struct pass *pass, enum tls_policy policy)
{
	for (size_t i = 0; i < pass->servers->count; i++) {
		if (!pass->chances[i].given)
			continue;
		if (i > 0 && deadline_passed(pass->attempts->deadline))
			break;
		switch (try_server(pass, i, policy)) {
		case ATTEMPT_READY: return PASS_OPEN;
		case ATTEMPT_HOPELESS: return PASS_HOPELESS;
		default: break;
		}
	}
	return PASS_FAILED;
}

bool open_session(struct attempts *attempts, const struct servers *servers,
    struct opening *opening, struct failure *failure)
{
	enum tls_policy policy = first_policy(attempts->settings);
	struct pass pass = {.attempts = attempts,
	    .servers = servers,
	    .chances = xcalloc(servers->count, sizeof *pass.chances),
	    .opening = opening,
	    .worst = failure};
	enum pass_result result;

	*failure = (struct failure){.rank = FAILURE_NONE};
	for (size_t i = 0; i < servers->count; i++)
		pass.chances[i].given = true;
	result = make_pass(&pass, policy);
	if (result == PASS_FAILED && policy == TLS_POLICY_REQUIRE)
		result = make_pass(&pass, TLS_POLICY_NEVER);
	free(pass.chances);
	return result == PASS_OPEN;
}
