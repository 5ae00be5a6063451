/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/resolver_channels.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "paths.h"
#include "xalloc.h"

static void forget_socket(struct resolver_channels *channels, nfds_t index)
{
	channels->socket_count--;
	channels->sockets[index] = channels->sockets[channels->socket_count];
}

/* c-ares tells which of its sockets it waits for, and for what. */
static void watch_socket(
    void *context, ares_socket_t socket, int readable, int writable)
{
	struct resolver_channels *channels = context;
	nfds_t index = 0;

	while (index < channels->socket_count &&
	       channels->sockets[index].fd != socket)
		index++;
	if (!readable && !writable) {
		if (index < channels->socket_count)
			forget_socket(channels, index);
		return;
	}
	if (index == channels->socket_count) {
		channels->socket_count++;
		channels->sockets = xrealloc(channels->sockets,
		    channels->socket_count, sizeof *channels->sockets);
	}
	channels->sockets[index] = (struct pollfd){.fd = socket,
	    .events =
		(short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0))};
}

/*
 * c-ares 1.34 is to do as 1.18 does: when an answer is broken it would give up
 * the socket's other questions, so that each has a socket of its own; and a
 * question asked again without EDNS would get the answer it gave before.
 */
bool resolver_channels_open(
    struct resolver_channels *channels, enum resolver_channel which)
{
	int edns = which == CHANNEL_EDNS ? ARES_FLAG_EDNS : 0;
	char *conf = xstrdup(path_resolv_conf());
	struct ares_options options = {
	    .flags = edns | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
	    .ednspsz = RESOLVER_EDNS_SIZE,
	    .sock_state_cb = watch_socket,
	    .sock_state_cb_data = channels,
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
	       ares_init_options(&channels->list[which], &options, mask) ==
		   ARES_SUCCESS;
	free(conf);
	return good;
}

/* When c-ares next wants to look at the clock. */
static struct deadline next_timeout(
    const struct resolver_channels *channels, struct deadline deadline)
{
	struct deadline next = deadline;

	for (int i = 0; i < CHANNELS; i++) {
		ares_channel channel = channels->list[i];
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
static void process_sockets(struct resolver_channels *channels,
    ares_socket_t readable, ares_socket_t writable)
{
	for (int i = 0; i < CHANNELS; i++)
		if (channels->list[i] != NULL)
			ares_process_fd(channels->list[i], readable, writable);
}

/* c-ares changes the list of sockets while it works: it gets a copy. */
void resolver_channels_wait(
    struct resolver_channels *channels, struct deadline deadline)
{
	nfds_t count = channels->socket_count;
	struct pollfd *ready = xcalloc(count, sizeof *ready);

	if (count > 0)
		memcpy(ready, channels->sockets, count * sizeof *ready);
	deadline_poll(ready, count, next_timeout(channels, deadline));
	for (nfds_t i = 0; i < count; i++) {
		bool in = ready[i].revents & (POLLIN | POLLERR | POLLHUP);
		bool out = ready[i].revents & POLLOUT;

		if (in || out)
			process_sockets(channels,
			    in ? ready[i].fd : ARES_SOCKET_BAD,
			    out ? ready[i].fd : ARES_SOCKET_BAD);
	}
	process_sockets(channels, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	free(ready);
}

void resolver_channels_cancel(struct resolver_channels *channels)
{
	for (int i = 0; i < CHANNELS; i++)
		if (channels->list[i] != NULL)
			ares_cancel(channels->list[i]);
}

void resolver_channels_drop(
    struct resolver_channels *channels, enum resolver_channel which)
{
	if (channels->list[which] == NULL)
		return;
	ares_destroy(channels->list[which]);
	ares_library_cleanup();
	channels->list[which] = NULL;
}

void resolver_channels_close(struct resolver_channels *channels)
{
	for (int i = 0; i < CHANNELS; i++)
		resolver_channels_drop(channels, (enum resolver_channel)i);
	free(channels->sockets);
}
