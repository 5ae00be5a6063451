/* SPDX-License-Identifier: ISC */
/* Whether what is demanded of the relays of routes can be had at all. */
#ifndef CHECK_DEMANDS_H
#define CHECK_DEMANDS_H

#include "check/lines.h"
#include "faults.h"
#include "route/settings.h"

/*
 * Adds each route whose relay no delivery would call, whatever the relay is
 * like: its policy and its credentials, or its port, exclude each other.
 */
void demands_check(const struct settings *settings, const struct needs *needs,
    struct faults *faults);

#endif
