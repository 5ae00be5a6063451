/* SPDX-License-Identifier: ISC */
/* The addresses of this machine, which mail must not be sent to. */
#ifndef SERVERS_LOCAL_H
#define SERVERS_LOCAL_H

#include <stdbool.h>
#include <stddef.h>

#include "ip.h"

/*
 * Adds to the array at *own, of *count, what the interfaces that are up bear
 * (getifaddrs), and the unspecified addresses, which reach this machine too.
 * Returns false with errno.
 */
bool own_add_interfaces(struct ip **own, size_t *count);

#endif
