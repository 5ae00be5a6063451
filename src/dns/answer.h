/* SPDX-License-Identifier: ISC */
/*
 * What an answer of the DNS means for mail.  Only NXDOMAIN and an answer that
 * is empty are final; an answer with any other response code, or a referral,
 * or one that cannot be understood, or that is still truncated after TCP was
 * tried, says nothing.
 */
#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include <stddef.h>

#include "dns/exchangers.h"

enum answer {
	ANSWER_FAILED,	/* no answer worth the name: temporary */
	ANSWER_NO_HOST, /* NXDOMAIN */
	ANSWER_NO_DATA, /* the name exists, but has nothing of the kind */
	ANSWER_NULL_MX, /* the domain accepts no mail (RFC 7505) */
	ANSWER_DATA
};

/*
 * Reads the answer to a question for MX, with the status that ares_query
 * gave, and adds the exchangers that can be looked up.  An exchanger that is
 * an IP address, or no name at all, is left out.
 */
enum answer answer_exchangers(int status, const unsigned char *message,
    size_t size, struct exchangers *exchangers);

/* Reads the answer to a question for A (AF_INET) or AAAA (AF_INET6). */
enum answer answer_addresses(int status, const unsigned char *message,
    size_t size, int family, struct exchanger *exchanger);

#endif
