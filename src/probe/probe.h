/* SPDX-License-Identifier: ISC */
/*
 * What a delivery to a host would do, by the steps of a delivery, up to the
 * point where it would say MAIL; and what they have found out.
 *
 *     probe_start(&probe, host, sender, false);
 *     while (probe_next(&probe) != NULL)
 *             continue;
 *     probe_end(&probe);
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "failure.h"
#include "session/passes.h"
#include "session/plan.h"

/* The exit statuses, the worse the higher. */
enum probe_verdict {
	PROBE_DELIVERS = 0,
	PROBE_WAITS = 1,
	PROBE_BOUNCES = 2,
	PROBE_MISCONFIGURED = 3 /* it waits, until the configuration is mended */
};

struct probe {
	struct request request; /* without recipients */
	bool offline;		/* nobody is called, but for the DNS */
	struct plan plan;
	bool planned;	/* all of it; else up to plan.step, which failed */
	char *resolver; /* the servers in use, or NULL */
	bool validates; /* what they say of DNSSEC is trusted */
	struct passes passes;
	enum probe_verdict verdict;
	struct failure failure; /* what would be reported, unless it delivers */
	char *notes;		/* the last lines of the report, if it does */
};

/* The texts stay the caller's, and everything at its place. */
void probe_start(
    struct probe *probe, const char *host, const char *sender, bool offline);

/* The server that has been spoken to; NULL when all are through. */
const struct trial *probe_next(struct probe *probe);

/* Gives the verdict. */
void probe_end(struct probe *probe);

#endif
