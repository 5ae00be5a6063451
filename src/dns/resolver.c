/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/resolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <ares.h>

#include "dns/resolver_servers.h"
#include "paths.h"
#include "random.h"
#include "report.h"
#include "xalloc.h"

/* What fits through every path without fragments (DNS flag day 2020). */
enum { EDNS_SIZE = 1232 };

/* The octet of a header with AD, and the bit (RFC 6840, section 5.7). */
enum { AUTHENTIC_AT = 3, AUTHENTIC = 0x20 };

/*
 * Questions without EDNS have a channel of their own, from the first one on:
 * where a channel has EDNS, c-ares 1.18 cuts what it takes for OPT off any
 * question that FORMERR comes back for, and asks what is left of it.
 */
enum { PLAIN, WITH_EDNS, CHANNELS };

struct resolver {
	ares_channel channels[CHANNELS]; /* NULL where none was needed yet */
	struct deadline deadline;
	bool validates;
	struct pollfd *sockets; /* of c-ares, as it wants them watched */
	nfds_t socket_count;
	size_t waiting;		   /* questions that c-ares has */
	struct question *answered; /* the first of those not given yet */
	struct question **last;	   /* where the next one goes */
};

static void forget_socket(struct resolver *resolver, nfds_t index)
{
	resolver->socket_count--;
	resolver->sockets[index] = resolver->sockets[resolver->socket_count];
}

/* c-ares tells which of its sockets it waits for, and for what. */
static void watch_socket(
    void *context, ares_socket_t socket, int readable, int writable)
{
	struct resolver *resolver = context;
	nfds_t index = 0;

	while (index < resolver->socket_count &&
	       resolver->sockets[index].fd != socket)
		index++;
	if (!readable && !writable) {
		if (index < resolver->socket_count)
			forget_socket(resolver, index);
		return;
	}
	if (index == resolver->socket_count) {
		resolver->socket_count++;
		resolver->sockets = xrealloc(resolver->sockets,
		    resolver->socket_count, sizeof *resolver->sockets);
	}
	resolver->sockets[index] = (struct pollfd){.fd = socket,
	    .events =
		(short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0))};
}

/*
 * c-ares 1.34 is to do as 1.18 does: when an answer is broken it would give up
 * the socket's other questions, so that each has a socket of its own; and a
 * question asked again without EDNS would get the answer it gave before.
 */
static bool start_channel(struct resolver *resolver, int which)
{
	int edns = which == WITH_EDNS ? ARES_FLAG_EDNS : 0;
	char *conf = xstrdup(path_resolv_conf());
	struct ares_options options = {
	    .flags = edns | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
	    .ednspsz = EDNS_SIZE,
	    .sock_state_cb = watch_socket,
	    .sock_state_cb_data = resolver,
	    .resolvconf_path = conf,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB |
		   ARES_OPT_RESOLVCONF;
	bool good;

#ifdef ARES_OPT_UDP_MAX_QUERIES
	options.udp_max_queries = 1;
	mask |= ARES_OPT_UDP_MAX_QUERIES;
#endif
#ifdef ARES_OPT_QUERY_CACHE
	options.qcache_max_ttl = 0;
	mask |= ARES_OPT_QUERY_CACHE;
#endif
	good = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS &&
	       ares_init_options(&resolver->channels[which], &options, mask) ==
		   ARES_SUCCESS;
	free(conf);
	return good;
}

struct resolver *resolver_open(
    const struct resolver_options *options, struct failure *failure)
{
	struct resolver *resolver = xcalloc(1, sizeof *resolver);

	resolver->deadline =
	    deadline_earlier(deadline_in(options->timeout), options->deadline);
	resolver->validates = options->validates;
	resolver->last = &resolver->answered;
	if (!start_channel(resolver, WITH_EDNS)) {
		failure_set_system(failure);
		free(resolver);
		return NULL;
	}
	if (resolver_servers_choose(
		resolver->channels[WITH_EDNS], options->validates, failure))
		return resolver;
	resolver_close(resolver);
	return NULL;
}

char *resolver_servers(const struct resolver *resolver)
{
	return resolver_servers_list(resolver->channels[WITH_EDNS]);
}

void resolver_close(struct resolver *resolver)
{
	for (int i = 0; i < CHANNELS; i++) {
		if (resolver->channels[i] == NULL)
			continue;
		ares_destroy(resolver->channels[i]);
		ares_library_cleanup();
	}
	free(resolver->sockets);
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

/* Opens a channel that is not there yet, to the same servers. */
static bool have_channel(struct resolver *resolver, int which)
{
	struct failure failure;

	return resolver->channels[which] != NULL ||
	       (start_channel(resolver, which) &&
		   resolver_servers_choose(
		       resolver->channels[which], false, &failure));
}

/* With EDNS or without; DO is never set. */
static void send_question(struct question *question, bool edns)
{
	struct resolver *resolver = question->resolver;
	int which = edns ? WITH_EDNS : PLAIN;
	unsigned short id = (unsigned short)random_bits();
	unsigned char *octets = NULL;
	int size = 0;
	int status = ares_create_query(question->name, CLASS_IN,
	    (int)question->type, id, 1, &octets, &size, edns ? EDNS_SIZE : 0);

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
	ares_send(
	    resolver->channels[which], octets, size, take_answer, question);
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

/* When c-ares next wants to look at the clock. */
static struct deadline next_timeout(struct resolver *resolver)
{
	struct deadline next = resolver->deadline;

	for (int i = 0; i < CHANNELS; i++) {
		ares_channel channel = resolver->channels[i];
		struct timeval time;
		long milliseconds;

		if (channel == NULL ||
		    ares_timeout(channel, NULL, &time) == NULL)
			continue;
		milliseconds =
		    (long)time.tv_sec * 1000 + time.tv_usec / 1000 + 1;
		next = deadline_earlier(
		    next, deadline_in_ms((unsigned)milliseconds));
	}
	return next;
}

/* A channel passes over sockets that are not its own. */
static void process_sockets(
    struct resolver *resolver, ares_socket_t readable, ares_socket_t writable)
{
	for (int i = 0; i < CHANNELS; i++)
		if (resolver->channels[i] != NULL)
			ares_process_fd(
			    resolver->channels[i], readable, writable);
}

/* c-ares changes the list of sockets while it works: it gets a copy. */
static void process(struct resolver *resolver)
{
	nfds_t count = resolver->socket_count;
	struct pollfd *ready = xcalloc(count, sizeof *ready);

	if (count > 0)
		memcpy(ready, resolver->sockets, count * sizeof *ready);
	deadline_poll(ready, count, next_timeout(resolver));
	for (nfds_t i = 0; i < count; i++) {
		bool in = ready[i].revents & (POLLIN | POLLERR | POLLHUP);
		bool out = ready[i].revents & POLLOUT;

		if (in || out)
			process_sockets(resolver,
			    in ? ready[i].fd : ARES_SOCKET_BAD,
			    out ? ready[i].fd : ARES_SOCKET_BAD);
	}
	process_sockets(resolver, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	free(ready);
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
		process(resolver);
	}
	for (int i = 0; i < CHANNELS; i++)
		if (resolver->channels[i] != NULL)
			ares_cancel(resolver->channels[i]);
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
