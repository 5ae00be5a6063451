/* SPDX-License-Identifier: ISC */
/*
 * What a message says to a question, whatever its type.  Only NXDOMAIN and an
 * answer that is empty are final; one with any other response code, or a
 * referral, or one that cannot be understood or is no response to the
 * question, or that is still truncated after TCP was tried, says nothing.
 *
 * The order of records means nothing.  Records count whose owner is the name
 * that was asked for, or on the chain of aliases that begins there; a chain
 * that leads back or is too long says nothing.
 */
#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "dns/message.h"
#include "ip.h"

enum answer_status {
	ANSWER_FAILED,	/* no answer worth the name: temporary */
	ANSWER_NO_HOST, /* NXDOMAIN, of the name or the alias's other name */
	ANSWER_NO_DATA, /* the name exists, but has nothing of the kind */
	ANSWER_DATA
};

struct answer {
	enum answer_status status;
	bool garbled;	  /* it failed, and EDNS may be to blame */
	bool authentic;	  /* AD: the server has verified it */
	bool alias;	  /* what was asked for is another name's alias */
	struct name name; /* the other name, or that which was asked for */
	/* With ANSWER_DATA, the records of the type; each is well formed. */
	struct rdata *records;
	size_t count;
	struct response message; /* of the octets */
	unsigned char *octets;	 /* a copy, which the answer owns */
};

/*
 * Reads what came as the response to a question for the type (A, AAAA, MX,
 * CNAME, TXT or TLSA) of a domain, in class IN.  The caller frees the answer
 * with answer_free.
 */
void answer_read(struct answer *answer, const unsigned char *octets,
    size_t size, const char *domain, unsigned type);

/* Leaves an answer that has failed. */
void answer_free(struct answer *answer);

/*
 * The name that what was asked for is an alias of; NULL where it is none, or
 * that of nothing one could ask for.  The caller frees it.
 */
char *answer_alias(const struct answer *answer);

/* The address in a record of type A or AAAA. */
void answer_address(const struct answer *answer, size_t index, struct ip *ip);

/*
 * The name in a record of type MX, and its preference.  Returns false for what
 * is no name that could be looked up, or an IP address.
 */
bool answer_exchanger(const struct answer *answer, size_t index,
    unsigned *preference, char name[DOMAIN_MAX + 1]);

/* Whether the only MX says that the domain accepts no mail (RFC 7505). */
bool answer_is_null_mx(const struct answer *answer);

/*
 * The strings of a record of type TXT in one (RFC 7208, section 3.3), of *size
 * octets, which may be any, and a NUL behind them.  The caller frees it.
 */
char *answer_text(const struct answer *answer, size_t index, size_t *size);

#endif
