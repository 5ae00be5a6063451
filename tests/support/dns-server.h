/* SPDX-License-Identifier: ISC */
/*
 * The process of the test DNS server: waits, reads questions, sends answers
 * when they are due.
 */
#ifndef DNS_SERVER_H
#define DNS_SERVER_H

#include "dns-log.h"
#include "dns-zone.h"

/* Serves until it is killed.  listener is -1 for UDP alone. */
_Noreturn void dns_server_run(struct dns_zone *zone,
    const struct dns_options *options, struct dns_log *log, int udp,
    int listener);

#endif
