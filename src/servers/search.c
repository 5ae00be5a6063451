/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "servers/search.h"

#include <stdio.h>
#include <stdlib.h>

/* A hostile domain must not make one message a storm. */
enum { ADDRESSES_MAX = 64 };

static void ask_addresses(
    struct search *search, struct question *question, unsigned type)
{
	search->waiting++;
	question->context = search;
	resolver_ask(search->resolver, question, search->exchanger->name, type);
}

void search_begin(struct search *search, struct exchanger *exchanger,
    const struct search_scope *scope, struct resolver *resolver)
{
	*search = (struct search){.scope = scope,
	    .resolver = resolver,
	    .exchanger = exchanger,
	    .other.context = search};
	if (scope->use_v6)
		ask_addresses(search, &search->v6, TYPE_AAAA);
	if (scope->use_v4)
		ask_addresses(search, &search->v4, TYPE_A);
}

/* Where there can be no such name there is no DANE. */
static void ask_tlsa(
    struct search *search, const char *base, enum search_stage stage)
{
	char prefix[sizeof "_65535._tcp"];

	snprintf(
	    prefix, sizeof prefix, "_%u._tcp", (unsigned)search->scope->port);
	search->stage = stage;
	if (!resolver_ask_below(
		search->resolver, &search->other, prefix, base, TYPE_TLSA))
		search->stage = SEARCH_KNOWN;
}

/*
 * When TLSA records are asked for (RFC 7672, section 2.2.2).  Servers that
 * choke on such questions must not stop mail to hosts that are not signed.
 */
static void begin_dane(struct search *search)
{
	struct exchanger *exchanger = search->exchanger;

	if (search->secure && exchanger->expanded != NULL) {
		ask_tlsa(search, exchanger->expanded, SEARCH_EXPANDED);
	} else if (search->secure) {
		ask_tlsa(search, exchanger->name, SEARCH_NAME);
	} else if (search->alias && exchanger->address_count > 0) {
		search->stage = SEARCH_ALIAS;
		resolver_ask(search->resolver, &search->other, exchanger->name,
		    TYPE_CNAME);
	}
}

/* Where the alias leads, says the first secure answer, else any. */
static void note_alias(struct search *search, const struct answer *answer)
{
	struct exchanger *exchanger = search->exchanger;

	search->alias = search->alias || answer->alias;
	if (search->secure || (!answer->alias && !answer->authentic))
		return;
	free(exchanger->expanded);
	exchanger->expanded = answer_alias(answer);
}

static void take_addresses(struct search *search, const struct answer *answer)
{
	if (answer->status == ANSWER_FAILED)
		search->incomplete = true;
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
static void take_tlsa(struct search *search, const struct answer *answer)
{
	struct exchanger *exchanger = search->exchanger;
	bool expanded = search->stage == SEARCH_EXPANDED;

	search->stage = SEARCH_KNOWN;
	if (answer->status == ANSWER_FAILED)
		exchanger->tlsa.status = TLSA_FAILED;
	else if (answer->status == ANSWER_DATA && answer->authentic)
		tlsa_read(&exchanger->tlsa,
		    expanded ? exchanger->expanded : exchanger->name,
		    answer->records, answer->count);
	else if (expanded)
		ask_tlsa(search, exchanger->name, SEARCH_NAME);
}

static void take_alias(struct search *search, const struct answer *answer)
{
	search->stage = SEARCH_KNOWN;
	if (answer->status == ANSWER_FAILED)
		search->exchanger->tlsa.status = TLSA_FAILED;
	else if (answer->status == ANSWER_DATA && answer->authentic)
		ask_tlsa(search, search->exchanger->name, SEARCH_NAME);
}

void search_take(struct search *search, const struct answer *answer)
{
	switch (search->stage) {
	case SEARCH_ADDRESSES:
		take_addresses(search, answer);
		if (--search->waiting > 0)
			return;
		search->stage = SEARCH_KNOWN;
		if (search->scope->dane)
			begin_dane(search);
		return;
	case SEARCH_ALIAS: take_alias(search, answer); return;
	case SEARCH_EXPANDED:
	case SEARCH_NAME: take_tlsa(search, answer); return;
	case SEARCH_KNOWN: return;
	}
}

void search_end(struct search *search)
{
	if (search->stage == SEARCH_KNOWN)
		return;
	if (search->waiting > 0)
		search->incomplete = true;
	if (search->scope->dane)
		search->exchanger->tlsa.status = TLSA_FAILED;
}
