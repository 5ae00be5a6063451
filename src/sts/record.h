/* SPDX-License-Identifier: ISC */
/* The TXT record of MTA-STS, at _mta-sts.DOMAIN (RFC 8461, section 3.1). */
#ifndef STS_RECORD_H
#define STS_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "servers/exchanger.h"

enum { STS_ID_MAX = 32 };

/*
 * Takes the id from the one record that begins "v=STSv1;".  Returns false when
 * there is none, or more than one, or when it has no id of letters and digits:
 * the domain then names no policy.
 */
bool sts_record_id(
    char id[STS_ID_MAX + 1], const struct text *texts, size_t count);

/* Whether text has 1 to STS_ID_MAX letters and digits, and nothing else. */
bool sts_record_is_id(const char *text, size_t size);

#endif
