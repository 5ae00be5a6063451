/* SPDX-License-Identifier: ISC */
/*
 * What the peer says in one connection: normal replies and the actions of a
 * script in their place.
 */
#ifndef PEER_ACT_H
#define PEER_ACT_H

#include <stdbool.h>

#include "bytes.h"
#include "peer.h"
#include "wire.h"

struct peer_speaker {
	const struct peer_script *script;
	unsigned number; /* of the connection to this address, from 1 */
	struct wire wire;
	struct bytes in;	      /* received, not yet interpreted */
	struct bytes waiting;	      /* replies not yet sent */
	unsigned counts[PEER_STAGES]; /* how often each stage came */
	struct bytes said; /* the reply given last, if only in part */
	const struct peer_override *early; /* has answered the next command */
	bool over; /* nothing is to be read or said any more */
};

/* Counts the stage.  Returns what the script says about it, or NULL. */
const struct peer_override *peer_find(
    struct peer_speaker *speaker, enum peer_stage stage);

/* Does what the override says in place of the normal reply. */
void peer_act(struct peer_speaker *speaker,
    const struct peer_override *override, const char *normal);

/* Gives the normal reply to a stage or what stands in its place. */
void peer_reply(
    struct peer_speaker *speaker, enum peer_stage stage, const char *normal);

/* Records what has come in as something that will not be interpreted. */
void peer_set_aside(struct peer_speaker *speaker);

/* Sends the replies that wait. */
void peer_flush(struct peer_speaker *speaker);

#endif
