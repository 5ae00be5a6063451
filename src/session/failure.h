/* SPDX-License-Identifier: ISC */
/*
 * Why no session came about with a server, and which of several such reasons
 * tells the sender most.
 */
#ifndef SESSION_FAILURE_H
#define SESSION_FAILURE_H

#include <stdbool.h>

#include "report.h"

/* From the least to the most telling. */
enum failure_rank {
	FAILURE_NONE,	   /* nothing has been tried */
	FAILURE_TIMED_OUT, /* no connection within the time */
	FAILURE_REFUSED,   /* no connection for another reason */
	FAILURE_DIED,	   /* connected, but no answer came */
	FAILURE_ANSWERED   /* the server spoke */
};

struct failure {
	enum failure_rank rank;
	bool untrusted;	      /* TLS failed where only verified TLS will do */
	struct report report; /* always Z */
};

/*
 * Keeps latest in place of *kept when it tells at least as much; among
 * equals a failure of required TLS stays, otherwise the last one wins.
 */
void failure_keep(struct failure *kept, const struct failure *latest);

/* Stock's report for a connection that could not be made. */
void failure_set_unconnected(struct failure *failure, bool timed_out);

/* Stock's report for a connection that was lost or fell silent. */
void failure_set_died(struct failure *failure, const char *server);

/* For a server that says more than it was asked. */
void failure_set_out_of_step(struct failure *failure, const char *server);

#endif
