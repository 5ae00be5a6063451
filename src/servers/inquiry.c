/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/inquiry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "servers/order.h"
#include "xalloc.h"

/* A hostile domain must not make one message a storm. */
enum { EXCHANGERS_MAX = 24, ADDRESSES_MAX = 64 };

/* What the answers about one exchanger are waited for. */
enum stage {
	STAGE_ADDRESSES, /* A and AAAA */
	STAGE_ALIAS,	 /* CNAME: its addresses are not secure, it may be */
	STAGE_EXPANDED,	 /* TLSA at the end of its alias chain */
	STAGE_NAME,	 /* TLSA at its own name */
	STAGE_KNOWN
};

struct search {
	const struct inquiry *inquiry;
	struct exchangers *exchangers;
	struct exchanger *exchanger;
	enum stage stage;
	struct question v6, v4, other;
	unsigned waiting; /* addresses that have been asked for */
	bool alias;
	bool secure; /* an answer with addresses is */
};

/* The questions that are on the way, and where the answers go. */
struct course {
	struct resolver *resolver;
	const struct inquiry *inquiry;
	struct servers *servers;
	struct question mx, sts;
	bool wants_sts; /* and has no answer yet */
	struct search *searches;
	size_t count;
};

/* A question for a name below another.  Returns false when it is too long. */
static bool ask_below(struct resolver *resolver, struct question *question,
    const char *prefix, const char *name, unsigned type)
{
	char *below = xasprintf("%s.%s", prefix, name);
	bool possible = strlen(below) <= DOMAIN_MAX;

	if (possible)
		resolver_ask(resolver, question, below, type);
	free(below);
	return possible;
}

/* Where there can be no such name there is no DANE. */
static void ask_tlsa(struct search *search, struct resolver *resolver,
    const char *base, enum stage stage)
{
	char prefix[sizeof "_65535._tcp"];

	snprintf(
	    prefix, sizeof prefix, "_%u._tcp", (unsigned)search->inquiry->port);
	search->stage = stage;
	if (!ask_below(resolver, &search->other, prefix, base, TYPE_TLSA))
		search->stage = STAGE_KNOWN;
}

/*
 * When TLSA records are asked for (RFC 7672, section 2.2.2).  Servers that
 * choke on such questions must not stop mail to hosts that are not signed.
 */
static void begin_dane(struct search *search, struct resolver *resolver)
{
	struct exchanger *exchanger = search->exchanger;

	if (search->secure && exchanger->expanded != NULL) {
		ask_tlsa(search, resolver, exchanger->expanded, STAGE_EXPANDED);
	} else if (search->secure) {
		ask_tlsa(search, resolver, exchanger->name, STAGE_NAME);
	} else if (search->alias && exchanger->address_count > 0) {
		search->stage = STAGE_ALIAS;
		resolver_ask(
		    resolver, &search->other, exchanger->name, TYPE_CNAME);
	}
}

/* Returns NULL where a name is no alias, or that of nothing one could ask for.
 */
static char *other_name(const struct answer *answer)
{
	char domain[DOMAIN_MAX + 1];

	return answer->alias && name_to_domain(&answer->name, domain)
		   ? xstrdup(domain)
		   : NULL;
}

/* Where the alias leads, says the first secure answer, else any. */
static void note_alias(struct search *search, const struct answer *answer)
{
	struct exchanger *exchanger = search->exchanger;

	search->alias = search->alias || answer->alias;
	if (search->secure || (!answer->alias && !answer->authentic))
		return;
	free(exchanger->expanded);
	exchanger->expanded = other_name(answer);
}

static void take_addresses(struct search *search, const struct answer *answer)
{
	if (answer->status == ANSWER_FAILED)
		search->exchangers->incomplete = true;
	if (answer->status != ANSWER_DATA)
		return;
	for (size_t i = 0; i < answer->count && i < ADDRESSES_MAX; i++) {
		struct ip ip;

		answer_address(answer, i, &ip);
		exchanger_add_address(search->exchanger, &ip);
	}
	note_alias(search, answer);
	search->secure = search->secure || answer->authentic;
}

/* Nothing that is secure at the other name: its own one may have it. */
static void take_tlsa(struct search *search, struct resolver *resolver,
    const struct answer *answer)
{
	struct exchanger *exchanger = search->exchanger;
	bool expanded = search->stage == STAGE_EXPANDED;

	search->stage = STAGE_KNOWN;
	if (answer->status == ANSWER_FAILED)
		exchanger->tlsa.status = TLSA_FAILED;
	else if (answer->status == ANSWER_DATA && answer->authentic)
		tlsa_read(&exchanger->tlsa,
		    expanded ? exchanger->expanded : exchanger->name,
		    answer->records, answer->count);
	else if (expanded)
		ask_tlsa(search, resolver, exchanger->name, STAGE_NAME);
}

static void take_alias(struct search *search, struct resolver *resolver,
    const struct answer *answer)
{
	search->stage = STAGE_KNOWN;
	if (answer->status == ANSWER_FAILED)
		search->exchanger->tlsa.status = TLSA_FAILED;
	else if (answer->status == ANSWER_DATA && answer->authentic)
		ask_tlsa(search, resolver, search->exchanger->name, STAGE_NAME);
}

/* Takes an answer about an exchanger, and asks what follows from it. */
static void advance(struct search *search, struct resolver *resolver,
    const struct answer *answer)
{
	switch (search->stage) {
	case STAGE_ADDRESSES:
		take_addresses(search, answer);
		if (--search->waiting > 0)
			return;
		search->stage = STAGE_KNOWN;
		if (search->inquiry->dane)
			begin_dane(search, resolver);
		return;
	case STAGE_ALIAS: take_alias(search, resolver, answer); return;
	case STAGE_EXPANDED:
	case STAGE_NAME: take_tlsa(search, resolver, answer); return;
	case STAGE_KNOWN: return;
	}
}

static void ask_addresses(struct search *search, struct resolver *resolver,
    struct question *question, unsigned type)
{
	search->waiting++;
	question->context = search;
	resolver_ask(resolver, question, search->exchanger->name, type);
}

/* The questions stay where they are: all searches begin at once. */
static void begin_searches(struct course *course)
{
	struct exchangers *exchangers = &course->servers->exchangers;

	course->count = exchangers->count;
	course->searches = xcalloc(course->count, sizeof *course->searches);
	for (size_t i = 0; i < course->count; i++) {
		struct search *search = &course->searches[i];

		*search = (struct search){.inquiry = course->inquiry,
		    .exchangers = exchangers,
		    .exchanger = &exchangers->list[i],
		    .other.context = search};
		if (course->inquiry->use_v6)
			ask_addresses(
			    search, course->resolver, &search->v6, TYPE_AAAA);
		if (course->inquiry->use_v4)
			ask_addresses(
			    search, course->resolver, &search->v4, TYPE_A);
	}
}

static void add_exchangers(
    struct exchangers *exchangers, const struct answer *answer)
{
	char name[DOMAIN_MAX + 1];
	unsigned preference;

	for (size_t i = 0; i < answer->count; i++)
		if (answer_exchanger(answer, i, &preference, name))
			exchangers_add(exchangers, xstrdup(name), preference);
	order_exchangers(exchangers, random_bits());
	exchangers_keep(exchangers, EXCHANGERS_MAX);
}

/* What the MX answer says of the domain besides exchangers. */
static void note_domain(struct servers *servers, const struct answer *answer)
{
	servers->mx_secure = answer->authentic;
	servers->expanded = other_name(answer);
	for (size_t i = 0; i < servers->exchangers.count; i++)
		servers->exchangers.list[i].secure = answer->authentic;
}

/* MX, or the domain itself where it has none (RFC 5321, section 5.1). */
static enum inquiry_result take_exchangers(
    struct course *course, const struct answer *answer)
{
	struct servers *servers = course->servers;

	switch (answer->status) {
	case ANSWER_FAILED: return INQUIRY_FAILED;
	case ANSWER_NO_HOST: return INQUIRY_NO_HOST;
	case ANSWER_NO_DATA:
		exchangers_add(&servers->exchangers,
		    xstrdup(course->inquiry->next_hop), 0);
		break;
	case ANSWER_DATA:
		if (answer_is_null_mx(answer))
			return INQUIRY_NULL_MX;
		add_exchangers(&servers->exchangers, answer);
		break;
	}
	note_domain(servers, answer);
	begin_searches(course);
	return INQUIRY_DONE;
}

static void take_texts(struct texts *texts, const struct answer *answer)
{
	texts->status = answer->status;
	texts->count = answer->count;
	texts->list = xcalloc(answer->count, sizeof *texts->list);
	for (size_t i = 0; i < answer->count; i++)
		texts->list[i].bytes =
		    answer_text(answer, i, &texts->list[i].size);
}

static void begin(struct course *course)
{
	const struct inquiry *inquiry = course->inquiry;
	struct servers *servers = course->servers;

	if (!inquiry->relay) {
		resolver_ask(
		    course->resolver, &course->mx, inquiry->next_hop, TYPE_MX);
	} else {
		exchangers_add(
		    &servers->exchangers, xstrdup(inquiry->next_hop), 0)
		    ->secure = true;
		servers->mx_secure = true;
		begin_searches(course);
	}
	course->wants_sts =
	    inquiry->sts && ask_below(course->resolver, &course->sts,
				"_mta-sts", inquiry->next_hop, TYPE_TXT);
}

/* What has not been answered in time leaves its mark. */
static void end(struct course *course)
{
	for (size_t i = 0; i < course->count; i++) {
		struct search *search = &course->searches[i];

		if (search->stage == STAGE_KNOWN)
			continue;
		if (search->waiting > 0)
			course->servers->exchangers.incomplete = true;
		if (course->inquiry->dane)
			search->exchanger->tlsa.status = TLSA_FAILED;
	}
	free(course->searches);
}

enum inquiry_result inquiry_make(struct servers *servers,
    struct resolver *resolver, const struct inquiry *inquiry)
{
	struct course course = {
	    .resolver = resolver, .inquiry = inquiry, .servers = servers};
	enum inquiry_result result =
	    inquiry->relay ? INQUIRY_DONE : INQUIRY_FAILED;
	struct question *question;
	bool hopeless = false;

	begin(&course);
	while (!hopeless && (question = resolver_next(resolver)) != NULL) {
		if (question == &course.mx) {
			result = take_exchangers(&course, &question->answer);
			hopeless = result != INQUIRY_DONE;
		} else if (question == &course.sts) {
			take_texts(&servers->sts, &question->answer);
			course.wants_sts = false;
		} else {
			advance(question->context, resolver, &question->answer);
		}
		answer_free(&question->answer);
		if (course.wants_sts && resolver_waiting(resolver) == 1)
			resolver_hurry(resolver, inquiry->sts_patience);
	}
	end(&course);
	return result;
}
