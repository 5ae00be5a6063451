/* SPDX-License-Identifier: ISC */
/* Files that only deliveries should be able to read. */
#ifndef CHECK_SECRET_H
#define CHECK_SECRET_H

#include "faults.h"

/* Adds an error when others can read the file.  One that is missing cannot. */
void secret_check(const char *file, struct faults *faults);

#endif
