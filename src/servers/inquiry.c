/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/inquiry.h"

#include <stdlib.h>

#include "random.h"
#include "servers/order.h"
#include "servers/search.h"
#include "xalloc.h"

/* A hostile domain must not make one message a storm. */
enum { EXCHANGERS_MAX = 24 };

/* The questions that are on the way, and where the answers go. */
struct course {
	struct resolver *resolver;
	const struct inquiry *inquiry;
	struct servers *servers;
	struct question mx, sts;
	bool wants_sts; /* and has no answer yet */
	struct search_scope scope;
	struct search *searches; /* one for each exchanger */
	size_t count;
};

/* The questions stay where they are: all searches begin at once. */
static void begin_searches(struct course *course)
{
	struct exchangers *exchangers = &course->servers->exchangers;

	course->count = exchangers->count;
	course->searches = xcalloc(course->count, sizeof *course->searches);
	for (size_t i = 0; i < course->count; i++)
		search_begin(&course->searches[i], &exchangers->list[i],
		    &course->scope, course->resolver);
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
	servers->expanded = answer_alias(answer);
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
	    inquiry->sts && resolver_ask_below(course->resolver, &course->sts,
				"_mta-sts", inquiry->next_hop, TYPE_TXT);
}

static void end(struct course *course)
{
	struct exchangers *exchangers = &course->servers->exchangers;

	for (size_t i = 0; i < course->count; i++) {
		search_end(&course->searches[i]);
		if (course->searches[i].incomplete)
			exchangers->incomplete = true;
	}
	free(course->searches);
}

enum inquiry_result inquiry_make(struct servers *servers,
    struct resolver *resolver, const struct inquiry *inquiry)
{
	struct course course = {.resolver = resolver,
	    .inquiry = inquiry,
	    .servers = servers,
	    .scope = {.port = inquiry->port,
		.use_v4 = inquiry->use_v4,
		.use_v6 = inquiry->use_v6,
		.dane = inquiry->dane}};
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
			search_take(question->context, &question->answer);
		}
		answer_free(&question->answer);
		if (course.wants_sts && resolver_waiting(resolver) == 1)
			resolver_hurry(resolver, inquiry->sts_patience);
	}
	end(&course);
	return result;
}
