/* SPDX-License-Identifier: ISC */
/* Domain names as the DNS takes them (IDNA2008, UTS 46 non-transitional). */
#ifndef DNS_DOMAIN_H
#define DNS_DOMAIN_H

#include <stdbool.h>

#include "failure.h"

enum { DOMAIN_MAX = 253 };

/*
 * The A-label form of name in lower case, for which the caller is to call
 * free.  A name in ASCII only is checked for the lengths of RFC 1035 and for
 * bytes that no host name has.  NULL with a failure: a permanent one, stock's
 * "couldn't find any host named", when it cannot be a name, a temporary one
 * when that cannot be found out now.
 */
char *domain_to_ascii(const char *name, struct failure *failure);

/* A copy of an absolute name as certificates and SNI have it: without the dot
   at its end.  The caller frees it. */
char *domain_undotted(const char *name);

/* Fills the failure, a permanent one, with stock's words for no such host. */
void domain_set_unknown(struct failure *failure, const char *name);

/* Whether name has the lengths and only the bytes of an ASCII domain name. */
bool domain_is_ascii_name(const char *name);

/* Whether there are only lower-case letters, digits, hyphens and underscores
   between its dots. */
bool domain_is_plain(const char *name);

#endif
