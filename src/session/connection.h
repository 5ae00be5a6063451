/* SPDX-License-Identifier: ISC */
/* One TCP connection. */
#ifndef SESSION_CONNECTION_H
#define SESSION_CONNECTION_H

#include <stdint.h>

#include "deadline.h"
#include "ip.h"

/*
 * Connects, and returns a non-blocking descriptor without Nagle's delay, or
 * -1 with errno; ETIMEDOUT when the deadline passed first.
 */
int connection_open(
    const struct ip *ip, uint16_t port, struct deadline deadline);

#endif
