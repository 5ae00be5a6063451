/* SPDX-License-Identifier: ISC */
/* The sockets of a peer: one for each address, all with one port. */
#ifndef PEER_LISTEN_H
#define PEER_LISTEN_H

#include <stddef.h>
#include <stdint.h>

#include "peer.h"

/* Fills sockets, one for each address.  Returns the port. */
uint16_t peer_listen(
    int *sockets, const struct peer_address *addresses, size_t count);

#endif
