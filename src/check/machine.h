/* SPDX-License-Identifier: ISC */
/* What has to be there besides control files, and fit them. */
#ifndef CHECK_MACHINE_H
#define CHECK_MACHINE_H

#include "check/lines.h"
#include "faults.h"
#include "route/settings.h"

/*
 * Certificates and keys, the run directory, the programs and modules, the
 * resolver: adds what is missing or of no use for what the control files ask.
 */
void machine_check(const struct settings *settings, const struct needs *needs,
    struct faults *faults);

/* Looks up the relays in the DNS, and adds those that are not to be found. */
void machine_check_relays(const struct settings *settings,
    const struct needs *needs, struct faults *faults);

#endif
