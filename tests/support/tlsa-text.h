/* SPDX-License-Identifier: ISC */
/* What administrators publish, or write down, of a certificate. */
#ifndef TLSA_TEXT_H
#define TLSA_TEXT_H

#include "certs.h"

/*
 * The data of a TLSA record as zones have it, "3 1 1 DIGITS"; the caller frees
 * it.
 */
char *tlsa_text(const struct cert *cert, unsigned usage, unsigned selector,
    unsigned matching);

/* The same with its last octet, or the key's last one, changed. */
char *tlsa_text_wrong(const struct cert *cert, unsigned usage,
    unsigned selector, unsigned matching);

/* The SHA-256 of its key for pin=, which the caller frees. */
char *tlsa_text_pin(const struct cert *cert);

#endif
