/* SPDX-License-Identifier: ISC */
/*
 * Questions to the DNS, asked in parallel through c-ares.  Names are
 * absolute: no search list, no hosts file, no aliases.
 */
#ifndef DNS_RESOLVE_H
#define DNS_RESOLVE_H

#include <stdbool.h>

#include "dns/answer.h"
#include "dns/exchangers.h"
#include "failure.h"

struct resolver;

/*
 * Ready to ask.  timeout bounds all questions together, in seconds; 0 means
 * no limit but c-ares's own.  servers is the value of DNSCACHEIP, an address
 * with or without a port, or NULL for those of resolv.conf.  Returns NULL
 * with the failure.
 */
struct resolver *resolve_open(
    unsigned long timeout, const char *servers, struct failure *failure);

void resolve_close(struct resolver *resolver);

/* Asks for the mail exchangers of host. */
enum answer resolve_exchangers(
    struct resolver *resolver, const char *host, struct exchangers *exchangers);

/*
 * Asks for all addresses of all exchangers at once, and sets incomplete when
 * some question was not answered.  Returns ANSWER_NO_HOST when none of the
 * names exists, else ANSWER_DATA or ANSWER_NO_DATA.
 */
enum answer resolve_addresses(
    struct resolver *resolver, struct exchangers *exchangers);

#endif
