/* SPDX-License-Identifier: ISC */
/* What qmail-rspawn makes of a finished qmail-remote, for qmail-send. */
#ifndef RSPAWN_H
#define RSPAWN_H

#include <stddef.h>

#include "bytes.h"

/* Fills result with the letter and text that qmail-send receives. */
void rspawn_report(
    int wait_status, const char *output, size_t length, struct bytes *result);

#endif
