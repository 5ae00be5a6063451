/* SPDX-License-Identifier: ISC */
/*
 * What qmail-remote-probe says of a delivery, before it: in a copy of the home,
 * with servers of its own that do the same, so that nothing of the scene knows.
 * Up to MAIL it must give the letter and the text that the delivery gives.
 */
#ifndef SHADOW_H
#define SHADOW_H

#include <stdbool.h>
#include <stddef.h>

#include "deliver.h"
#include "dns.h"
#include "peer.h"

struct shadow {
	struct dns *dns;
	struct peer *peer;
	bool numbered; /* what servers do depends on earlier connections */
	bool silent;   /* a server may keep the probe waiting for long */
	bool several;  /* which of them is the last may be a matter of speed */
	/* "QR_TEST_HTTPS_PORT=...", where it has a policy host of its own. */
	char https[32];
	unsigned runs;

	bool ran, delivers;
	struct bytes letter, text, notes; /* of the last run */
};

/* Starts the servers; either may be missing. */
void shadow_serve(
    struct shadow *shadow, const struct peer_address *addresses, size_t count);
void shadow_resolve(
    struct shadow *shadow, const char *zone, const struct dns_options *options);

/*
 * Asks about a delivery that is about to be made to the scene's servers, which
 * have these ports; dns is that of the scene, or NULL.
 */
void shadow_ask(struct shadow *shadow, const struct delivery *delivery,
    unsigned port, const struct dns *dns);

/* Fails the test unless the delivery has come out as was said. */
void shadow_compare(const struct shadow *shadow, const struct outcome *outcome);

void shadow_stop(struct shadow *shadow);

#endif
