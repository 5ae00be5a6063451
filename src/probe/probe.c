/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/probe.h"

#include "dns/resolver.h"
#include "mail/envelope.h"
#include "paths.h"
#include "xalloc.h"

/* Which servers the DNS is asked from, and whether DANE could be had there. */
static void look_at_resolver(struct probe *probe)
{
	struct resolver_options options = {.deadline = deadline_in(0)};
	struct failure failure;
	struct resolver *resolver = resolver_open(&options, &failure);

	if (resolver == NULL)
		return;
	probe->resolver = resolver_servers(resolver);
	resolver_close(resolver);
	options.validates = true;
	resolver = resolver_open(&options, &failure);
	probe->validates = resolver != NULL;
	if (resolver != NULL)
		resolver_close(resolver);
}

void probe_start(
    struct probe *probe, const char *host, const char *sender, bool offline)
{
	*probe =
	    (struct probe){.request = {.host = host, .sender = xstrdup(sender)},
		.offline = offline,
		.plan = {.offline = offline}};
	look_at_resolver(probe);
	probe->planned = envelope_check_sender(sender, &probe->failure) &&
			 plan_make(&probe->plan, &probe->request, path_run(),
			     &probe->failure);
	if (probe->planned)
		passes_start(&probe->passes, &probe->plan, NULL);
}

const struct trial *probe_next(struct probe *probe)
{
	return probe->planned && !probe->offline ? passes_next(&probe->passes)
						 : NULL;
}

/* Whether there is one that does what is asked of it here. */
static bool has_resolver(const struct probe *probe)
{
	return probe->resolver != NULL &&
	       (probe->validates || !plan_wants_dane(&probe->plan));
}

/* Whether a file of ours has to be mended first. */
static bool is_ours(const struct probe *probe)
{
	const struct failure *failure = &probe->failure;

	if (failure->class == FAILURE_PERMANENT)
		return false;
	if (failure->file != NULL)
		return true;
	if (!probe->planned)
		return probe->plan.step < PLAN_SERVERS ||
		       (probe->plan.step == PLAN_SERVERS &&
			   !has_resolver(probe));
	/* Nothing that a server has said or done. */
	return failure->rank == FAILURE_NONE;
}

/* Without calling it is only certain that it fails if no server may be called
   at all. */
static bool is_certain(const struct passes *passes)
{
	size_t barred = 0;

	for (size_t i = 0; i < passes->count; i++)
		barred += passes->trials[i].barred;
	return passes->decided || barred == passes->count;
}

/* The end of what can be told before MAIL. */
static bool finish(struct probe *probe)
{
	const struct trial *chosen = probe->passes.chosen;
	struct envelope envelope;

	if (!probe->planned)
		return false;
	if (probe->offline) {
		probe->failure = probe->passes.failure;
		return !is_certain(&probe->passes);
	}
	if (chosen == NULL) {
		probe->failure = probe->passes.failure;
		return false;
	}
	probe->notes = attempt_notes(&probe->plan.terms, chosen->opening);
	return envelope_for_server(&envelope, &probe->request,
	    chosen->opening->capabilities.set, &probe->failure);
}

void probe_end(struct probe *probe)
{
	if (probe->planned)
		passes_end(&probe->passes);
	if (finish(probe))
		probe->verdict = PROBE_DELIVERS;
	else if (probe->failure.class == FAILURE_PERMANENT)
		probe->verdict = PROBE_BOUNCES;
	else
		probe->verdict =
		    is_ours(probe) ? PROBE_MISCONFIGURED : PROBE_WAITS;
}
