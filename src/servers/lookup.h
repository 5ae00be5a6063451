/* SPDX-License-Identifier: ISC */
/* From the host to the servers that take its mail, by route, literal or MX. */
#ifndef SERVERS_LOOKUP_H
#define SERVERS_LOOKUP_H

#include <stdbool.h>

#include "servers/exchanger.h"
#include "failure.h"
#include "route/routes.h"
#include "route/settings.h"

/*
 * Finds the servers for host, in the order in which to try them; there is at
 * least one.  Returns false with the failure: D only for what DNS says for
 * certain.
 */
bool lookup_servers(struct servers *servers, const char *host,
    const struct settings *settings, const char *run_directory,
    struct failure *failure);

#endif
