/* SPDX-License-Identifier: ISC */
/* control/ipme: addresses that are this machine's, whatever it bears. */
#ifndef ROUTE_IPME_H
#define ROUTE_IPME_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "faults.h"
#include "ip.h"

struct ipme {
	struct ip *list;
	size_t count;
};

/*
 * Reads them; starts with none.  Returns false with a temporary failure that
 * names the first line that is wrong; but if faults are wanted, each of those
 * is added to them, and left out.
 */
bool ipme_read(
    struct ipme *ipme, struct faults *faults, struct failure *failure);

#endif
