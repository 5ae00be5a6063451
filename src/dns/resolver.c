/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/resolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ares.h>

#include "dns/resolver_channels.h"
#include "dns/resolver_servers.h"
#include "random.h"
#include "report.h"
#include "xalloc.h"

/* The octet of a header with AD, and the bit (RFC 6840, section 5.7). */
enum { AUTHENTIC_AT = 3, AUTHENTIC = 0x20 };

struct resolver {
	struct resolver_channels channels;
	struct deadline deadline;
	bool validates;
	size_t waiting;		   /* questions that c-ares has */
	struct question *answered; /* the first of those not given yet */
	struct question **last;	   /* where the next one goes */
};

struct resolver *resolver_open(
    const struct resolver_options *options, struct failure *failure)
{
	struct resolver *resolver = xcalloc(1, sizeof *resolver);

	resolver->deadline =
	    deadline_earlier(deadline_in(options->timeout), options->deadline);
	resolver->validates = options->validates;
	resolver->last = &resolver->answered;
	if (!resolver_channels_open(&resolver->channels, CHANNEL_EDNS)) {
		failure_set_system(failure);
		free(resolver);
		return NULL;
	}
	if (resolver_servers_choose(resolver->channels.list[CHANNEL_EDNS],
		options->validates, failure))
		return resolver;
	resolver_close(resolver);
	return NULL;
}

char *resolver_servers(const struct resolver *resolver)
{
	return resolver_servers_list(resolver->channels.list[CHANNEL_EDNS]);
}

void resolver_close(struct resolver *resolver)
{
	resolver_channels_close(&resolver->channels);
	free(resolver);
}

static void add_answered(struct question *question)
{
	struct resolver *resolver = question->resolver;

	question->next = NULL;
	*resolver->last = question;
	resolver->last = &question->next;
}

/*
 * c-ares 1.34 gives no octets where it cannot parse them, 1.18 does not look.
 */
static void take_answer(
    void *context, int status, int timeouts, unsigned char *octets, int size)
{
	struct question *question = context;
	struct answer *answer = &question->answer;

	(void)timeouts;
	if (status == ARES_ECANCELLED || status == ARES_EDESTRUCTION)
		return;
	if (status == ARES_ENOMEM)
		report_out_of_memory();
	question->resolver->waiting--;
	if (status == ARES_SUCCESS && octets != NULL && size > 0)
		answer_read(answer, octets, (size_t)size, question->name,
		    question->type);
	else
		answer->garbled = status == ARES_EBADRESP;
	answer->authentic = answer->authentic && question->resolver->validates;
	add_answered(question);
}

/*
 * Opens a channel that is not there yet.  None to other servers stays, and none
 * to such as are no longer to be believed: resolv.conf may have changed.
 */
static bool have_channel(struct resolver *resolver, enum resolver_channel which)
{
	struct resolver_channels *channels = &resolver->channels;
	struct failure failure;

	if (channels->list[which] != NULL)
		return true;
	if (!resolver_channels_open(channels, which))
		return false;
	if (resolver_servers_choose(
		channels->list[which], resolver->validates, &failure))
		return true;
	resolver_channels_drop(channels, which);
	return false;
}

/* With EDNS or without; DO is never set. */
static void send_question(struct question *question, bool edns)
{
	struct resolver *resolver = question->resolver;
	enum resolver_channel which = edns ? CHANNEL_EDNS : CHANNEL_PLAIN;
	unsigned short id = (unsigned short)random_bits();
	unsigned char *octets = NULL;
	int size = 0;
	int status =
	    ares_create_query(question->name, CLASS_IN, (int)question->type, id,
		1, &octets, &size, edns ? RESOLVER_EDNS_SIZE : 0);

	answer_free(&question->answer);
	question->edns = edns;
	resolver->waiting++;
	if (status == ARES_SUCCESS && !have_channel(resolver, which))
		status = ARES_ENOTINITIALIZED;
	if (status != ARES_SUCCESS) {
		ares_free_string(octets);
		take_answer(question, status, 0, NULL, 0);
		return;
	}
	if (resolver->validates)
		octets[AUTHENTIC_AT] |= AUTHENTIC;
	ares_send(resolver->channels.list[which], octets, size, take_answer,
	    question);
	ares_free_string(octets);
}

void resolver_ask(struct resolver *resolver, struct question *question,
    const char *domain, unsigned type)
{
	snprintf(question->name, sizeof question->name, "%s", domain);
	question->type = type;
	question->resolver = resolver;
	send_question(question, true);
}

bool resolver_ask_below(struct resolver *resolver, struct question *question,
    const char *prefix, const char *domain, unsigned type)
{
	char *below = xasprintf("%s.%s", prefix, domain);
	bool possible = strlen(below) <= DOMAIN_MAX;

	if (possible)
		resolver_ask(resolver, question, below, type);
	free(below);
	return possible;
}

static struct question *take_answered(struct resolver *resolver)
{
	struct question *question = resolver->answered;

	if (question == NULL)
		return NULL;
	resolver->answered = question->next;
	if (question->next == NULL)
		resolver->last = &resolver->answered;
	return question;
}

struct question *resolver_next(struct resolver *resolver)
{
	struct question *question;

	for (;;) {
		while ((question = take_answered(resolver)) != NULL) {
			if (!question->answer.garbled || !question->edns)
				return question;
			send_question(question, false);
		}
		if (resolver->waiting == 0 ||
		    deadline_passed(resolver->deadline))
			break;
		resolver_channels_wait(&resolver->channels, resolver->deadline);
	}
	resolver_channels_cancel(&resolver->channels);
	resolver->waiting = 0;
	return NULL;
}

size_t resolver_waiting(const struct resolver *resolver)
{
	size_t count = resolver->waiting;

	for (const struct question *at = resolver->answered; at; at = at->next)
		count++;
	return count;
}

void resolver_hurry(struct resolver *resolver, unsigned long seconds)
{
	resolver->deadline =
	    deadline_earlier(resolver->deadline, deadline_in(seconds));
}
