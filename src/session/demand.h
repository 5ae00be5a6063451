/* SPDX-License-Identifier: ISC */
/*
 * What one server must show before it is told anything of a message: computed
 * before it is called, from the policy for the next hop, DANE, MTA-STS and
 * credentials, each of which may only raise it.  Nothing here asks anybody.
 */
#ifndef SESSION_DEMAND_H
#define SESSION_DEMAND_H

#include <stdbool.h>

#include "failure.h"
#include "route/policy.h"
#include "route/routes.h"
#include "route/settings.h"
#include "servers/exchanger.h"
#include "sts/policy.h"
#include "tls/task.h"

/* What holds for the whole delivery; without credentials or MTA-STS those are
   NULL. */
struct terms {
	const struct settings *settings;
	const char *run_directory;
	const struct policy *policy;
	const struct route *route;
	const struct sts_policy *sts;
	/* The next hop's name, or its address without brackets; and the name at
	   the end of its alias chain, if the MX answer said so. */
	const char *next_hop, *expanded;
};

enum demand_tls {
	DEMAND_CLEAR, /* STARTTLS is not used */
	DEMAND_TRY,   /* TLS where it can be had */
	DEMAND_TLS    /* never clear */
};

/* All those that are demanded have to hold; the first that does not is told. */
enum demand_check {
	CHECK_PINNED,
	CHECK_VERIFIED, /* by anchors and name, by DANE, or by a pin */
	CHECK_NAMED,	/* by anchors, for a name that the policy gives */
	CHECK_TLSA,
	CHECK_STS, /* by anchors, for the exchanger's alternative name */
	CHECKS
};

struct demand {
	enum demand_tls tls;
	bool implicit; /* TLS from the first byte */
	bool yields;   /* nothing but "prefer" demands TLS: clear will do */
	bool checks[CHECKS];
	/* Who demands it, for reports: "TLSA", or file and line; NULL for
	   control/tlsstrictness. */
	const char *tls_origin, *origins[CHECKS];
	bool requiretls;
	bool credentials;
	/* The names that its certificate may bear. */
	struct tls_name *names;
	size_t name_count;
};

/*
 * Returns false with a failure when the server must not even be called.  The
 * demand lives as long as the process.
 */
bool demand_for(struct demand *demand, const struct terms *terms,
    const struct server *server, struct failure *failure);

/* Whether the domain's policy, if it has that mode, is asked about a server of
   this exchanger. */
bool demand_asks_sts(const struct terms *terms,
    const struct exchanger *exchanger, enum sts_mode mode);

#endif
