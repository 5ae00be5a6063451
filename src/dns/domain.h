/* SPDX-License-Identifier: ISC */
/* Domain names as the DNS takes them (IDNA2008, UTS 46 non-transitional). */
#ifndef DNS_DOMAIN_H
#define DNS_DOMAIN_H

#include <stdbool.h>

enum { DOMAIN_MAX = 253 };

/*
 * The A-label form of name in lower case, for which the caller is to call
 * free.  A name in ASCII only is checked for the lengths of RFC 1035 and for
 * bytes that no host name has.  NULL when it cannot be one.  Ends the process
 * with a report Z when another name cannot be converted now.
 */
char *domain_to_ascii(const char *name);

/* Whether name has the lengths and only the bytes of an ASCII domain name. */
bool domain_is_ascii_name(const char *name);

#endif
