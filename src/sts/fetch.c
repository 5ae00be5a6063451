/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control.h"
#include "i18n.h"
#include "paths.h"
#include "report.h"
#include "sts/age.h"
#include "sts/cache.h"
#include "sts/helper.h"
#include "sts/host.h"
#include "xalloc.h"

/* One search, with what is known so far. */
struct search {
	const struct sts_question *question;
	struct sts *sts;
	struct deadline deadline;
	struct sts_cache cache;
	struct sts_entry entry;
	struct sts_policy policy; /* that of the entry, if known */
	bool known;
	char id[STS_ID_MAX + 1]; /* of the TXT record, or empty */
};

enum { SPARE_MS = 500 };

/* How a fetch has ended. */
enum fetched { FETCHED, FETCH_FAILED, FETCH_IMPOSSIBLE };

static int64_t now(void)
{
	return (int64_t)time(NULL);
}

static const struct sts_policy *known_policy(const struct search *search)
{
	return search->known ? &search->policy : NULL;
}

static void forget(struct search *search)
{
	if (search->known)
		sts_policy_free(&search->policy);
	search->known = false;
	sts_entry_free(&search->entry);
}

/* A text that is no policy any more, to this version, is none. */
static void load(struct search *search)
{
	struct sts_entry *entry = &search->entry;

	forget(search);
	sts_cache_read(&search->cache, entry);
	search->known = entry->text != NULL && sts_policy_read(&search->policy,
						   entry->text, entry->size);
}

static enum sts_step next_step(const struct search *search)
{
	return sts_age_step(&search->entry, known_policy(search),
	    search->id[0] != '\0' ? search->id : NULL, now());
}

/* Hands the policy of the entry over. */
static void use(struct search *search, enum sts_origin origin)
{
	struct sts *sts = search->sts;

	sts->policy = search->policy;
	sts->present = search->policy.mode != STS_MODE_NONE;
	sts->origin = origin;
	sts->fetched = search->entry.fetched;
	memcpy(sts->id, search->entry.id, sizeof sts->id);
	search->known = false;
}

/* What the cache has, if that holds. */
static bool use_cached(struct search *search)
{
	if (!sts_age_is_valid(&search->entry, known_policy(search), now()))
		return false;
	use(search, STS_ORIGIN_CACHE);
	return true;
}

static void keep(struct search *search)
{
	if (search->cache.lock >= 0)
		sts_cache_write(&search->cache, &search->entry);
}

/* Returns false when what was served is no policy. */
static bool take_policy(struct search *search, const char *text, size_t size)
{
	struct sts_policy policy;

	if (!sts_policy_read(&policy, text, size))
		return false;
	forget(search);
	search->policy = policy;
	search->known = true;
	search->entry.text = xcalloc(size + 1, 1);
	memcpy(search->entry.text, text, size);
	search->entry.size = size;
	search->entry.fetched = now();
	memcpy(search->entry.id, search->id, sizeof search->id);
	keep(search);
	return true;
}

/* A policy from the future would hold until then: it counts from now on. */
static bool correct_age(struct sts_entry *entry)
{
	if (entry->fetched <= now())
		return false;
	entry->fetched = now();
	return true;
}

static void take_failure(struct search *search)
{
	memcpy(search->entry.failed_id, search->id, sizeof search->id);
	search->entry.failed = now();
	correct_age(&search->entry);
	keep(search);
}

/* Uses what the cache has without a fetch; nobody is waited for. */
static void go_by_cache(struct search *search)
{
	bool waited;

	if (search->entry.fetched > now() &&
	    sts_cache_lock(&search->cache, deadline_in_ms(0), &waited)) {
		load(search);
		if (correct_age(&search->entry))
			keep(search);
	}
	use_cached(search);
}

static void set_impossible(
    struct failure *failure, const struct sts_result *result)
{
	failure_set(failure, FAILURE_TEMPORARY,
	    _("Unable to run %s: %s. (#4.3.0)\n"), path_sts(),
	    result->outcome == STS_OUTCOME_MISSING
		? result->text
		: _("it belongs to another version of qmail-remote"));
	failure_add(failure, "%s",
	    _("With control/mtasts 1 it fetches the policies of domains.\n"));
}

static enum fetched judge(struct search *search, const char *host,
    const struct sts_result *result, struct failure *failure)
{
	struct reason *why = &search->sts->why;
	char copy[STS_REASON_SIZE];

	switch (result->outcome) {
	case STS_OUTCOME_POLICY:
		if (take_policy(search, result->text, result->size))
			return FETCHED;
		reason_set(why, N_("what %s serves is no policy"), host);
		return FETCH_FAILED;
	case STS_OUTCOME_FAILED:
		reason_set(why, N_("no policy from %s: %s"), host,
		    report_readable(copy, sizeof copy, result->text));
		return FETCH_FAILED;
	case STS_OUTCOME_LOST: break;
	case STS_OUTCOME_FOREIGN:
	case STS_OUTCOME_MISSING:
		set_impossible(failure, result);
		reason_set(why, N_("the program for it cannot be run"));
		return FETCH_IMPOSSIBLE;
	}
	reason_set(
	    why, N_("no whole answer about %s from the program for it"), host);
	return FETCH_FAILED;
}

/* It should tell why nothing came before it is ended. */
static unsigned long time_for_helper(struct deadline deadline)
{
	int64_t left = deadline_left_ms(deadline);

	return (unsigned long)(left > 2 * SPARE_MS ? left - SPARE_MS
						   : left / 2 + 1);
}

/* Without anchors no policy host can be believed. */
static bool have_anchors(struct search *search, struct failure *failure)
{
	struct reason *why = &search->sts->why;

	if (search->question->settings->trustanchors != NULL)
		return true;
	settings_explain_no_anchors(why);
	control_fail_line(failure, "control/mtasts", 1, "1", why->local);
	return false;
}

/* Asks the policy host. */
static enum fetched ask(struct search *search, struct failure *failure)
{
	const struct sts_question *question = search->question;
	struct sts_call call = {.port = path_https_port(),
	    .anchors = question->settings->trustanchors,
	    .bind_v4 = source_line_binds(&question->source->v4),
	    .bind_v6 = source_line_binds(&question->source->v6),
	    .v4 = question->source->v4.ip,
	    .v6 = question->source->v6.ip};
	char *host = xasprintf("mta-sts.%s", question->domain);
	enum fetched fetched = FETCH_FAILED;
	struct sts_result result;
	char *bytes;

	call.host = host;
	switch (sts_host_find(
	    &call, question->settings, question->source, search->deadline)) {
	case STS_HOST_UNKNOWN:
		reason_set(&search->sts->why,
		    N_("the addresses of %s cannot be found out now"), host);
		break;
	case STS_HOST_CLOSED:
		reason_set(&search->sts->why,
		    N_("%s has no address that may be called"), host);
		break;
	case STS_HOST_OPEN:
		call.milliseconds = time_for_helper(search->deadline);
		bytes = sts_helper_run(
		    path_sts(), &call, search->deadline, &result);
		fetched = judge(search, host, &result, failure);
		free(bytes);
	}
	free(host);
	return fetched;
}

/*
 * Waits for its turn.  Returns false when there is nothing left to fetch:
 * another delivery has done so, or the time is over.
 */
static bool take_turn(struct search *search)
{
	int64_t start = now();
	bool waited;

	if (!sts_cache_lock(&search->cache, search->deadline, &waited))
		return !waited;
	load(search);
	if (waited && search->known && search->entry.fetched >= start) {
		use(search, STS_ORIGIN_HOST);
		return false;
	}
	return next_step(search) == STS_STEP_FETCH;
}

/* Returns false when this installation cannot fetch, and has to. */
static bool fetch(struct search *search, struct failure *failure)
{
	enum fetched fetched;

	if (!take_turn(search)) {
		if (search->sts->origin == STS_ORIGIN_NONE)
			use_cached(search);
		return true;
	}
	fetched = have_anchors(search, failure) ? ask(search, failure)
						: FETCH_IMPOSSIBLE;
	if (fetched == FETCHED) {
		use(search, STS_ORIGIN_HOST);
		return true;
	}
	if (fetched == FETCH_FAILED)
		take_failure(search);
	return use_cached(search) || fetched == FETCH_FAILED;
}

/* Where nothing else has been said. */
static void explain(const struct search *search)
{
	struct reason *why = &search->sts->why;

	if (search->sts->present || why->english[0] != '\0')
		return;
	if (search->sts->origin != STS_ORIGIN_NONE)
		reason_set(why, N_("its mode is none"));
	else if (search->id[0] == '\0')
		reason_set(why, N_("no TXT record of _mta-sts.%s names one"),
		    search->question->domain);
	else if (search->question->offline)
		reason_set(why, N_("none is fetched now"));
	else
		reason_set(why, N_("it could not be fetched a moment ago"));
}

/* Goes by the cache, or fetches.  Returns false as fetch does. */
static bool find(struct search *search, struct failure *failure)
{
	load(search);
	switch (next_step(search)) {
	case STS_STEP_NOTHING: return true;
	case STS_STEP_USE: break;
	case STS_STEP_FETCH:
		if (!search->question->offline)
			return fetch(search, failure);
	}
	go_by_cache(search);
	return true;
}

bool sts_find(struct sts *sts, const struct sts_question *question,
    struct failure *failure)
{
	struct search search = {.question = question, .sts = sts};
	bool good = true;

	*sts = (struct sts){.present = false};
	search.deadline = deadline_earlier(
	    deadline_in(STS_FETCH_SECONDS), question->deadline);
	if (!sts_record_id(
		search.id, question->texts->list, question->texts->count))
		search.id[0] = '\0';
	if (sts_cache_takes(question->domain)) {
		sts_cache_open(
		    &search.cache, question->run_directory, question->domain);
		good = find(&search, failure);
		forget(&search);
		sts_cache_close(&search.cache);
	}
	explain(&search);
	return good;
}

void sts_free(struct sts *sts)
{
	sts_policy_free(&sts->policy);
}
