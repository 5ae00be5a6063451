/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/auth.h"

#include <stdio.h>
#include <string.h>

#include "ascii.h"
#include "i18n.h"
#include "paths.h"
#include "report.h"
#include "session/bearer.h"
#include "session/exchange.h"
#include "session/greet.h"
#include "session/lockout.h"
#include "session/sasl_module.h"

/* What we can do, the best first. */
static const struct mechanism mechanisms[] = {
    {"SCRAM-SHA-256-PLUS", .speaks_first = true},
    {"SCRAM-SHA-256", .speaks_first = true},
    {"SCRAM-SHA-1-PLUS", .speaks_first = true},
    {"SCRAM-SHA-1", .speaks_first = true},
    {"PLAIN", .speaks_first = true},
    {"LOGIN", .bearer = false},
    {"CRAM-MD5", .bearer = false},
    {"OAUTHBEARER", .bearer = true, .speaks_first = true},
    {"XOAUTH2", .bearer = true, .speaks_first = true},
};
enum { MECHANISMS = sizeof mechanisms / sizeof mechanisms[0] };

static const char blanks[] = " \t";

/* Whether the server offers the mechanism. */
static bool is_offered(const char *offered, const char *name)
{
	const char *word = offered + strspn(offered, blanks);

	while (*word != '\0') {
		size_t length = strcspn(word, blanks);

		if (ascii_is_word(word, length, name))
			return true;
		word += length;
		word += strspn(word, blanks);
	}
	return false;
}

/* The module for passwords; NULL with the failure. */
static const struct sasl_module *load_module(struct failure *failure)
{
#ifdef HAVE_GSASL
	return (const struct sasl_module *)module_load(
	    path_sasl(), "sasl_module", failure);
#else
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("Unable to authenticate by a password: qmail-remote was built "
	      "without libgsasl. (#4.3.0)\n"));
	return NULL;
#endif
}

static struct lockout_account account_of(const struct auth_task *task)
{
	return (struct lockout_account){task->relay, task->port,
	    task->credentials->user, task->credentials->secret};
}

bool auth_prepare(const struct auth_task *task, struct failure *failure)
{
	const struct credentials *credentials = task->credentials;
	const struct lockout_account account = account_of(task);

	if (lockout_holds(task->run_directory, &account)) {
		failure_set(failure, FAILURE_TEMPORARY,
		    _("The credentials of %s line %lu were refused less than "
		      "5 minutes ago, and are not tried again yet. "
		      "(#4.7.8)\n"),
		    credentials->file, credentials->line);
		failure->rank = FAILURE_ANSWERED;
		failure->unmet = true;
		return false;
	}
	return credentials->bearer || load_module(failure) != NULL;
}

/* Begins an exchange; NULL where these credentials cannot be used for it. */
static struct sasl *start(
    const struct auth_task *task, const struct mechanism *mechanism)
{
	const struct credentials *credentials = task->credentials;
	const struct sasl_task sasl = {.mechanism = mechanism->name,
	    .user = credentials->user,
	    .secret = credentials->secret,
	    .relay = task->relay,
	    .port = task->port,
	    .binding = task->binding,
	    .binding_size = task->binding_size};
	const struct sasl_module *module;
	struct failure failure;

	if (mechanism->bearer)
		return bearer_start(&sasl);
	module = load_module(&failure);
	return module != NULL ? module->start(&sasl) : NULL;
}

/* The server offers nothing that we could do, or nothing at all. */
static void fail_to_begin(const struct dialogue *dialogue, const char *offered,
    struct failure *failure)
{
	char names[CAPABILITIES_AUTH], shown[CAPABILITIES_AUTH];

	offered += strspn(offered, blanks);
	if (*offered == '\0') {
		failure_set(failure, FAILURE_TEMPORARY,
		    _("Connected to %s but it does not offer AUTH. "
		      "(#4.7.0)\n"),
		    dialogue->server);
	} else {
		snprintf(names, sizeof names, "%s", offered);
		names[mask_apply(dialogue->mask, names, strlen(names))] = '\0';
		failure_set(failure, FAILURE_TEMPORARY,
		    _("Connected to %s but of AUTH it offers only %s, which "
		      "does not do for these credentials. (#4.7.0)\n"),
		    dialogue->server,
		    report_readable(shown, sizeof shown, names));
	}
	failure->rank = FAILURE_ANSWERED;
	failure->unmet = true;
}

/* Tries one mechanism, if it can be. */
static enum exchange_result try_one(const struct dialogue *dialogue,
    const struct auth_task *task, const struct mechanism *mechanism,
    struct failure *failure)
{
	struct sasl *sasl = start(task, mechanism);
	enum exchange_result result;

	if (sasl == NULL)
		return EXCHANGE_IMPOSSIBLE;
	result =
	    exchange_run(dialogue, mechanism, sasl, task->credentials, failure);
	sasl->end(sasl);
	return result;
}

/* Goes through our mechanisms that the server offers. */
static enum exchange_result try_all(const struct dialogue *dialogue,
    const char *offered, const struct auth_task *task, const char **used,
    struct failure *failure)
{
	bool bearer = task->credentials->bearer;

	for (size_t i = 0; i < MECHANISMS; i++) {
		const char *name = mechanisms[i].name;
		enum exchange_result result;

		if (mechanisms[i].bearer != bearer ||
		    !is_offered(offered, name))
			continue;
		result = try_one(dialogue, task, &mechanisms[i], failure);
		if (result != EXCHANGE_IMPOSSIBLE)
			*used = name;
		if (result != EXCHANGE_IMPOSSIBLE &&
		    result != EXCHANGE_UNUSABLE)
			return result;
	}
	if (*used == NULL)
		fail_to_begin(dialogue, offered, failure);
	greet_quit(dialogue);
	return EXCHANGE_FAILED;
}

enum auth_result auth_run(const struct dialogue *dialogue, const char *offered,
    const struct auth_task *task, const char **mechanism,
    struct failure *failure)
{
	const struct lockout_account account = account_of(task);
	struct dialogue masked = *dialogue;
	struct mask own = {0};
	enum exchange_result result;

	*mechanism = NULL;
	if (!auth_prepare(task, failure))
		return AUTH_REFUSED;
	if (masked.mask == NULL)
		masked.mask = &own;
	mask_add_secret(masked.mask, task->credentials->secret);
	result = try_all(&masked, offered, task, mechanism, failure);
	mask_wipe(&own);
	if (result == EXCHANGE_DONE)
		return AUTH_DONE;
	if (result != EXCHANGE_REFUSED)
		return AUTH_NEXT_SERVER;
	lockout_note(task->run_directory, &account);
	return AUTH_REFUSED;
}
