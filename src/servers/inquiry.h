/* SPDX-License-Identifier: ISC */
/*
 * All that the DNS is asked about one next hop, each question as soon as what
 * it depends on is in: MX and the TXT record of MTA-STS together, then the
 * addresses of all exchangers, then for each the TLSA records.
 */
#ifndef SERVERS_INQUIRY_H
#define SERVERS_INQUIRY_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/resolver.h"
#include "servers/exchanger.h"

/* What is asked for. */
struct inquiry {
	const char *next_hop;	    /* A-labels in lower case */
	bool relay;		    /* it is the only exchanger itself: no MX */
	uint16_t port;		    /* that TLSA records are about */
	bool use_v4, use_v6;	    /* the other addresses do not exist */
	bool dane;		    /* TLSA records; the resolver validates */
	bool sts;		    /* _mta-sts.NEXTHOP TXT */
	unsigned long sts_patience; /* for that, s, once all else is known */
};

enum inquiry_result {
	INQUIRY_FAILED,	 /* no telling which exchangers there are */
	INQUIRY_NO_HOST, /* the domain does not exist */
	INQUIRY_NULL_MX, /* it accepts no mail (RFC 7505) */
	INQUIRY_DONE	 /* what there is to know of the exchangers is known */
};

/*
 * Fills in exchangers, in the order in which to try them, and all other facts
 * about the next hop, but no servers.  At most the 24 best exchangers count.
 * When the resolver's time is over, what is known by then stays.
 */
enum inquiry_result inquiry_make(struct servers *servers,
    struct resolver *resolver, const struct inquiry *inquiry);

#endif
