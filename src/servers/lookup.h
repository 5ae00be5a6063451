/* SPDX-License-Identifier: ISC */
/* From a host to the servers that take its mail, by route, literal or MX. */
#ifndef SERVERS_LOOKUP_H
#define SERVERS_LOOKUP_H

#include <stdbool.h>

#include "deadline.h"
#include "failure.h"
#include "route/routes.h"
#include "route/settings.h"
#include "route/source.h"
#include "servers/exchanger.h"

/* What is looked up, and what it is wanted for. */
struct lookup {
	const char *host;		 /* as the request has it */
	const struct route *route;	 /* of that host */
	const struct settings *settings; /* ipme, timeoutdns */
	const struct source *source;	 /* families of addresses */
	struct deadline deadline;	 /* of the delivery */
	bool dane; /* TLSA records count: a resolver that validates is needed */
	bool sts;  /* _mta-sts.NEXTHOP TXT is wanted too */
	bool by_name; /* certificates have to bear the exchangers' names */
};

/*
 * Finds the servers, in the order in which to try them; there is at least one,
 * and 30 at most.  Those whose exchanger has TLSA_FAILED are among them, and
 * must not be used.  Returns false with the failure: a permanent one only for
 * what the DNS says for certain, and without a route.
 */
bool lookup_servers(struct servers *servers, const struct lookup *lookup,
    struct failure *failure);

#endif
