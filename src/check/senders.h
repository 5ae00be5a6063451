/* SPDX-License-Identifier: ISC */
/* What is wrong on any line of outgoingip and outgoingip6, or comes to nothing.
 */
#ifndef CHECK_SENDERS_H
#define CHECK_SENDERS_H

#include "faults.h"
#include "route/settings.h"

void senders_check(const struct settings *settings, struct faults *faults);

#endif
