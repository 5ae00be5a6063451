/* SPDX-License-Identifier: ISC */
/* The connect to one server. */
#ifndef SESSION_CONNECTION_H
#define SESSION_CONNECTION_H

#include "ip.h"
#include "servers/exchanger.h"

/*
 * Starts it, from an address of this machine, or, for NULL, from the system's
 * choice.  *descriptor, unless it is -1, is a non-blocking socket without
 * Nagle's delay, which is the caller's also where this fails; it becomes
 * writable when the connect has ended.  Returns 0 or an errno.
 */
int connection_start(
    int *descriptor, const struct server *server, const struct ip *from);

/* What has become of a connect that has ended: 0 or an errno. */
int connection_outcome(int descriptor);

#endif
