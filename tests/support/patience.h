/* SPDX-License-Identifier: ISC */
/* How long tests wait for what has to come, on fast machines and slow ones. */
#ifndef PATIENCE_H
#define PATIENCE_H

/*
 * So many seconds, or more: the environment's CK_TIMEOUT_MULTIPLIER, which
 * counts for Check as well, times as many.  Nothing may depend on how soon it
 * is over: it only ends what hangs.
 */
unsigned patience(unsigned seconds);

#endif
