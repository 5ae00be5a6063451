/* SPDX-License-Identifier: ISC */
/* The addresses of this machine that connections come from. */
#ifndef BIND_H
#define BIND_H

#include <stdbool.h>

#include "ip.h"

/*
 * Binds a socket to the address, and to a port of the system's choice.  Returns
 * false with errno.
 */
bool bind_to(int descriptor, const struct ip *ip);

/*
 * Whether this machine bears the address, and sockets can be bound to it.
 * Returns false with errno, EADDRNOTAVAIL where it does not.
 */
bool bind_check(const struct ip *ip);

#endif
