/* SPDX-License-Identifier: ISC */
/*
 * Envelope addresses, as qmail writes them: a local part without quotes, the
 * last '@', a domain.  One without '@' (the null sender) has no domain.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/* The domain inside address, or NULL. */
const char *address_domain(const char *address);

/* address with another domain; the caller frees it. */
char *address_with_domain(const char *address, const char *domain);

/* False for an address that would end its command early: CR or LF in it. */
bool address_is_one_line(const char *address);

/* Whether only SMTPUTF8 (RFC 6531) can carry it: its local part is not ASCII.
 */
bool address_needs_utf8(const char *address);

/* Whether that is so of any address of an envelope. */
bool address_any_needs_utf8(
    const char *sender, char *const *recipients, size_t recipient_count);

/* Whether its domain is not ASCII. */
bool address_has_foreign_domain(const char *address);

/*
 * Whether a byte that is never quoted would mean something to SMTP: it could
 * end the address and begin a parameter.  That concerns the domain; in an
 * address without '@', which stands in the command as it is, blanks pass.
 */
bool address_breaks_command(const char *address);

bool address_is_valid_utf8(const char *address);

/*
 * The address as it stands between '<' and '>' (RFC 5321 section 4.1.2): the
 * local part in quotes where stock's quote.c quotes it; bytes above 127 are
 * no reason to.  One without '@' stays as it is.  The caller frees it.
 */
char *address_quote(const char *address);

#endif
