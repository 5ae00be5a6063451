/* SPDX-License-Identifier: ISC */
/*
 * Whether a server takes a message fast enough (control/minrate): looked at in
 * equal steps, over the stretch of time that the last of them make up.
 */
#ifndef MAIL_PACE_H
#define MAIL_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "deadline.h"

enum { PACE_STEPS = 16 };

struct pace {
	uint64_t least;	      /* octets in a stretch */
	unsigned step;	      /* milliseconds; 0: there is no limit */
	struct deadline next; /* when to look again, or never */
	uint64_t
	    taken[PACE_STEPS]; /* octets so far, at each of the last looks */
	unsigned looks;
};

/*
 * From now on at least rate octets a second over any stretch of so many
 * seconds; no limit if one of them is 0.  taken: the octets so far.
 */
void pace_start(struct pace *pace, unsigned long rate, unsigned long stretch,
    uint64_t taken);

/*
 * Looks, a step after the last time.  Returns false when the stretch that ends
 * here was too slow.
 */
bool pace_look(struct pace *pace, uint64_t taken);

/*
 * Looks if it is time to.  Asked late it counts one step all the same: a server
 * does not pay for a process that was kept waiting.
 */
bool pace_keep(struct pace *pace, uint64_t taken);

#endif
