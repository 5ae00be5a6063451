/* SPDX-License-Identifier: ISC */
/* What a server says in its reply to EHLO that it can do (RFC 5321 section
   4.1.1.1). */
#ifndef SESSION_CAPABILITIES_H
#define SESSION_CAPABILITIES_H

#include <stddef.h>
#include <stdint.h>

/* The SMTP extensions that we make use of. */
enum capability {
	CAPABILITY_PIPELINING = 1 << 0, /* RFC 2920 */
	CAPABILITY_SIZE = 1 << 1,	/* RFC 1870 */
	CAPABILITY_8BITMIME = 1 << 2,	/* RFC 6152 */
	CAPABILITY_SMTPUTF8 = 1 << 3,	/* RFC 6531 */
	CAPABILITY_STARTTLS = 1 << 4,	/* RFC 3207 */
	CAPABILITY_REQUIRETLS = 1 << 5, /* RFC 8689 */
	/* None of the server's: EHLO was refused for the moment, or not
	   answered, so that there may be more than was found. */
	CAPABILITY_UNSURE = 1 << 6
};

enum { CAPABILITIES_AUTH = 1024 };

struct capabilities {
	unsigned set;	     /* of enum capability */
	uint64_t size_limit; /* octets; 0 when the server named none */
	/* What AUTH offers (RFC 4954), names with blanks between them; it is
	   not handed over to qmail-remote-io. */
	char auth[CAPABILITIES_AUTH];
};

/* Adds what a line of the reply, but for the first, says: a keyword and perhaps
   parameters. */
void capabilities_take_line(
    struct capabilities *capabilities, const char *line, size_t length);

#endif
