/* SPDX-License-Identifier: ISC */
/* Addresses that no server is told, and what is reported instead. */
#ifndef MAIL_REFUSAL_H
#define MAIL_REFUSAL_H

#include <stdbool.h>

enum refusal {
	REFUSAL_NONE,
	REFUSAL_LINE_BREAK, /* it would end its command and begin another */
	REFUSAL_COMMAND,    /* it would end, and parameters begin */
	REFUSAL_LENGTH,	  /* its command exceeds 512 octets (RFC 5321 4.5.3.1.4)
			   */
	REFUSAL_DOMAIN,	  /* its domain is none, or has no A-labels */
	REFUSAL_ENCODING, /* neither ASCII nor UTF-8 */
	REFUSAL_UTF8	  /* it needs SMTPUTF8, which is not offered */
};

enum refusal_role { REFUSAL_SENDER, REFUSAL_RECIPIENT };

/*
 * Why address cannot be sent in that role; utf8 tells whether addresses may
 * be UTF-8 in this session.
 */
enum refusal refusal_of(const char *address, enum refusal_role role, bool utf8);

/* The sentence that says so; the caller frees it. */
char *refusal_text(
    enum refusal refusal, enum refusal_role role, const char *address);

#endif
