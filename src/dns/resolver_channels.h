/* SPDX-License-Identifier: ISC */
/* The channels of c-ares that questions go over, and waiting for them. */
#ifndef DNS_RESOLVER_CHANNELS_H
#define DNS_RESOLVER_CHANNELS_H

#include <poll.h>
#include <stdbool.h>

#include <ares.h>

#include "deadline.h"

/* What fits through every path without fragments (DNS flag day 2020). */
enum { RESOLVER_EDNS_SIZE = 1232 };

/*
 * Questions without EDNS have a channel of their own, from the first one on:
 * where a channel has EDNS, c-ares 1.18 cuts what it takes for OPT off any
 * question that FORMERR comes back for, and asks what is left of it.
 */
enum resolver_channel { CHANNEL_PLAIN, CHANNEL_EDNS, CHANNELS };

/* Starts as zeros, and stays where it is. */
struct resolver_channels {
	ares_channel list[CHANNELS]; /* NULL where none was needed yet */
	struct pollfd *sockets;	     /* of c-ares, as it wants them watched */
	nfds_t socket_count;
};

/* Opens one.  Returns false when there are no resources for it. */
bool resolver_channels_open(
    struct resolver_channels *channels, enum resolver_channel which);

/* Closes one again, if there is one. */
void resolver_channels_drop(
    struct resolver_channels *channels, enum resolver_channel which);

/*
 * Waits until something comes, or c-ares wants to look at the clock, or the
 * deadline has passed; c-ares then does its work, and calls back.
 */
void resolver_channels_wait(
    struct resolver_channels *channels, struct deadline deadline);

/* Gives all questions up that are on their way. */
void resolver_channels_cancel(struct resolver_channels *channels);

void resolver_channels_close(struct resolver_channels *channels);

#endif
