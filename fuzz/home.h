/* SPDX-License-Identifier: ISC */
/* A qmail home for the targets that read control files. */
#ifndef FUZZ_HOME_H
#define FUZZ_HOME_H

#include <stddef.h>

/* Goes there, after the first call has made it; returns its path. */
const char *fuzz_home_enter(void);

/* Goes back to where the target was called. */
void fuzz_home_leave(void);

/* Writes control/NAME. */
void fuzz_home_control(const char *name, const char *bytes, size_t size);

#endif
