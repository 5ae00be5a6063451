/* SPDX-License-Identifier: ISC */
/* Why no session came about with a server, in the words of stock. */
#ifndef SESSION_TROUBLE_H
#define SESSION_TROUBLE_H

#include <stdbool.h>

#include "failure.h"

/* For a connection that could not be made. */
void trouble_unconnected(struct failure *failure, bool timed_out);

/* For a connection that was lost or fell silent. */
void trouble_died(struct failure *failure, const char *server);

/* For a server that says more than it was asked. */
void trouble_out_of_step(struct failure *failure, const char *server);

#endif
