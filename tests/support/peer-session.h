/* SPDX-License-Identifier: ISC */
/* One connection of the peer, from the greeting to the client's end. */
#ifndef PEER_SESSION_H
#define PEER_SESSION_H

#include "peer.h"
#include "record.h"

/*
 * Plays the script on a connected socket, which it closes.  number counts
 * the connections to this address from 1.
 */
void peer_session(int fd, const struct peer_script *script, unsigned number,
    const struct record *record);

#endif
