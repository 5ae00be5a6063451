/* SPDX-License-Identifier: ISC */
/* Which name servers are asked, and whether they are to be believed. */
#ifndef DNS_NAMESERVER_H
#define DNS_NAMESERVER_H

#include <stdbool.h>
#include <stdio.h>

/*
 * The value of DNSCACHEIP, an address with or without brackets and port, in
 * the form that c-ares reads; NULL when it is none.  The caller frees it.
 */
char *nameserver_for_ares(const char *text);

/*
 * Whether resolv.conf, open for reading, has "options trust-ad": the
 * administrator vouches for its servers, and the way to them.
 */
bool nameserver_conf_trusts(FILE *conf);

#endif
