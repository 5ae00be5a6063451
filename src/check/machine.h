/* SPDX-License-Identifier: ISC */
/* What has to be there besides control files, and fit them. */
#ifndef CHECK_MACHINE_H
#define CHECK_MACHINE_H

#include <stdbool.h>

#include "check/lines.h"
#include "faults.h"
#include "route/settings.h"

/*
 * Certificates and keys, the run directory, the programs and modules, the
 * resolver: adds what is missing or of no use for what the control files ask.
 */
void machine_check(const struct settings *settings, const struct needs *needs,
    struct faults *faults);

/*
 * Adds the relays that come to no server: addresses that are not called, and,
 * if the DNS may be asked, names that are not to be found there.
 */
void machine_check_relays(const struct settings *settings,
    const struct needs *needs, bool by_dns, struct faults *faults);

#endif
