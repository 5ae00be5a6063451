/* SPDX-License-Identifier: ISC */
/* The copying of the relay, in both directions at once. */
#ifndef TLS_COPY_H
#define TLS_COPY_H

#include "stream.h"

/*
 * Copies between the TLS session and the local socket until either side
 * ends, and then for a short while what is still on its way.
 */
void relay_copy(const struct transport *server, const struct transport *local);

#endif
