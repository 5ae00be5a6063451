/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/resolve.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <ares.h>

#include "deadline.h"
#include "i18n.h"
#include "dns/message.h"
#include "report.h"
#include "xalloc.h"

/* What fits through every path without fragments (DNS flag day 2020). */
enum { EDNS_SIZE = 1232 };

enum { CLASS_IN = 1 };

struct resolver {
	ares_channel channel;
	struct deadline deadline;
	struct pollfd *sockets; /* of c-ares, as it wants them watched */
	nfds_t socket_count;
	size_t waiting; /* questions without an answer */
};

/* One question, and where its answer goes. */
struct question {
	struct resolver *resolver;
	enum answer answer;
	int family; /* 0 asks for MX */
	struct exchangers *exchangers;
	struct exchanger *exchanger;
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

/* Whether text is empty, or a colon and a port. */
static bool is_port(const char *text)
{
	unsigned long port = 0;

	if (*text == '\0')
		return true;
	if (*text++ != ':')
		return false;
	for (; *text >= '0' && *text <= '9' && port <= UINT16_MAX; text++)
		port = 10 * port + (unsigned long)(*text - '0');
	return *text == '\0' && port > 0 && port <= UINT16_MAX;
}

/* The length of the address, with its brackets, in front of a port. */
static size_t address_length(const char *server)
{
	const char *bracket = strchr(server, ']');
	struct ip ip;

	if (*server == '[' && bracket != NULL)
		return (size_t)(bracket + 1 - server);
	return ip_parse(&ip, server) ? strlen(server) : strcspn(server, ":");
}

/* DNSCACHEIP in the form that c-ares reads: brackets only before a port. */
static bool use_servers(ares_channel channel, const char *servers)
{
	size_t length = address_length(servers);
	char text[IP_TEXT_SIZE];
	struct ip ip;
	char *address, *list;
	bool good;

	address = xstrndup(servers, length);
	good = (ip_parse(&ip, address) || ip_parse_literal(&ip, address)) &&
	       is_port(servers + length);
	free(address);
	if (!good)
		return false;
	list = xasprintf(
	    ip.version == 6 && servers[length] != '\0' ? "[%s]%s" : "%s%s",
	    ip_format(&ip, text), servers + length);
	good = ares_set_servers_ports_csv(channel, list) == ARES_SUCCESS;
	free(list);
	return good;
}

static bool start_channel(struct resolver *resolver)
{
	struct ares_options options = {
	    .flags = ARES_FLAG_EDNS | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
	    .ednspsz = EDNS_SIZE,
	    .sock_state_cb = watch_socket,
	    .sock_state_cb_data = resolver,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB;

	/* Since 1.34 a broken answer ends all questions on its socket. */
#ifdef ARES_OPT_UDP_MAX_QUERIES
	options.udp_max_queries = 1;
	mask |= ARES_OPT_UDP_MAX_QUERIES;
#endif
	return ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS &&
	       ares_init_options(&resolver->channel, &options, mask) ==
		   ARES_SUCCESS;
}

struct resolver *resolve_open(
    unsigned long timeout, const char *servers, struct failure *failure)
{
	struct resolver *resolver = xcalloc(1, sizeof *resolver);

	resolver->deadline = deadline_in(timeout);
	if (!start_channel(resolver)) {
		failure_set_system(failure);
		free(resolver);
		return NULL;
	}
	if (servers != NULL && *servers != '\0' &&
	    !use_servers(resolver->channel, servers)) {
		char copy[IP_TEXT_SIZE + 8];

		failure_set(failure, FAILURE_TEMPORARY,
		    _("The environment variable DNSCACHEIP, \"%s\", is not an "
		      "IP address or one with a port. (#4.3.0)\n"),
		    report_readable(copy, sizeof copy, servers));
		resolve_close(resolver);
		return NULL;
	}
	return resolver;
}

void resolve_close(struct resolver *resolver)
{
	ares_destroy(resolver->channel);
	ares_library_cleanup();
	free(resolver->sockets);
	free(resolver);
}

static void take_answer(
    void *context, int status, int timeouts, unsigned char *message, int size)
{
	struct question *question = context;
	size_t length = size > 0 ? (size_t)size : 0;

	(void)timeouts;
	if (status == ARES_ECANCELLED || status == ARES_EDESTRUCTION)
		return;
	question->resolver->waiting--;
	question->answer = question->family == 0
			       ? answer_exchangers(status, message, length,
				     question->exchangers)
			       : answer_addresses(status, message, length,
				     question->family, question->exchanger);
}

static void ask(struct question *question, const char *name)
{
	int type = question->family == 0	 ? TYPE_MX
		   : question->family == AF_INET ? TYPE_A
						 : TYPE_AAAA;

	question->answer = ANSWER_FAILED;
	question->resolver->waiting++;
	ares_query(question->resolver->channel, name, CLASS_IN, type,
	    take_answer, question);
}

/* When c-ares next wants to look at the clock. */
static struct deadline next_timeout(struct resolver *resolver)
{
	struct timeval time;
	long milliseconds;

	if (ares_timeout(resolver->channel, NULL, &time) == NULL)
		return resolver->deadline;
	milliseconds = (long)time.tv_sec * 1000 + time.tv_usec / 1000 + 1;
	return deadline_earlier(
	    resolver->deadline, deadline_in_ms((unsigned)milliseconds));
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
			ares_process_fd(resolver->channel,
			    in ? ready[i].fd : ARES_SOCKET_BAD,
			    out ? ready[i].fd : ARES_SOCKET_BAD);
	}
	ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	free(ready);
}

/* Until all is answered or the time is over. */
static void await_answers(struct resolver *resolver)
{
	while (resolver->waiting > 0 && !deadline_passed(resolver->deadline))
		process(resolver);
	ares_cancel(resolver->channel);
	resolver->waiting = 0;
}

enum answer resolve_exchangers(
    struct resolver *resolver, const char *host, struct exchangers *exchangers)
{
	struct question question = {
	    .resolver = resolver, .exchangers = exchangers};

	ask(&question, host);
	await_answers(resolver);
	return question.answer;
}

/* What the answers about all names say together. */
static enum answer sum_up(const struct question *questions, size_t count,
    struct exchangers *exchangers)
{
	size_t missing = 0, data = 0;

	for (size_t i = 0; i < count; i++) {
		missing += questions[i].answer == ANSWER_NO_HOST;
		data += questions[i].answer == ANSWER_DATA;
		if (questions[i].answer == ANSWER_FAILED)
			exchangers->incomplete = true;
	}
	if (data > 0)
		return ANSWER_DATA;
	return missing == count ? ANSWER_NO_HOST : ANSWER_NO_DATA;
}

enum answer resolve_addresses(
    struct resolver *resolver, struct exchangers *exchangers)
{
	static const int families[] = {AF_INET6, AF_INET};
	size_t count = 2 * exchangers->count;
	struct question *questions = xcalloc(count, sizeof *questions);
	enum answer answer;

	for (size_t i = 0; i < count; i++) {
		struct exchanger *exchanger = &exchangers->list[i / 2];

		questions[i] = (struct question){.resolver = resolver,
		    .family = families[i % 2],
		    .exchanger = exchanger};
		ask(&questions[i], exchanger->name);
	}
	await_answers(resolver);
	answer = sum_up(questions, count, exchangers);
	free(questions);
	return answer;
}
