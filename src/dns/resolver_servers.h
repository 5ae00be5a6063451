/* SPDX-License-Identifier: ISC */
/* The name servers that a channel of c-ares asks. */
#ifndef DNS_RESOLVER_SERVERS_H
#define DNS_RESOLVER_SERVERS_H

#include <stdbool.h>

#include <ares.h>

#include "failure.h"

/*
 * Has the server asked that DNSCACHEIP names in the environment; those of
 * resolv.conf stay where it is missing or empty.  Returns false with a
 * temporary failure: when it names none, or when the servers are to validate,
 * and one of them is neither on this machine nor vouched for in resolv.conf.
 */
bool resolver_servers_choose(
    ares_channel channel, bool validates, struct failure *failure);

/* As resolver_servers has them; the caller frees the list. */
char *resolver_servers_list(ares_channel channel);

#endif
