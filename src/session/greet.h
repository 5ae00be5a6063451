/* SPDX-License-Identifier: ISC */
/*
 * The opening of the SMTP dialogue (RFC 5321 sections 3.1 and 3.2): greeting,
 * EHLO or HELO, and the STARTTLS command (RFC 3207).  A server that says more
 * than it was asked is given up; so nothing waits unread where a step ends.
 */
#ifndef SESSION_GREET_H
#define SESSION_GREET_H

#include <stdbool.h>

#include "failure.h"
#include "session/capabilities.h"
#include "session/dialogue.h"

/* Reads the greeting.  Returns false with the failure. */
bool greet_welcome(const struct dialogue *dialogue, struct failure *failure);

enum greet_hello {
	GREET_HELLO_DONE,
	GREET_HELLO_FAILED, /* the failure tells */
	GREET_HELLO_HUNG_UP /* the same: instead of an answer to EHLO */
};

/*
 * Says EHLO, or HELO where that is refused, and reads the capabilities;
 * after HELO there are none, for sure only if EHLO was refused for good.  If it
 * was refused for now, the failure tells, though HELO is done.
 */
enum greet_hello greet_hello(const struct dialogue *dialogue,
    const char *helohost, struct capabilities *capabilities,
    struct failure *failure);

/* Says HELO alone. */
enum greet_hello greet_helo(const struct dialogue *dialogue,
    const char *helohost, struct capabilities *capabilities,
    struct failure *failure);

enum greet_tls {
	GREET_TLS_READY,   /* the handshake may begin */
	GREET_TLS_REFUSED, /* the session goes on in clear */
	GREET_TLS_BROKEN   /* the session is of no use any more */
};

/* Says STARTTLS.  A connection that dies of it shows in the answer. */
void greet_ask_tls(const struct dialogue *dialogue);

/*
 * Reads the answer.  Bytes that came in clear behind the 220 break the
 * session: whoever sent them hopes that they pass for the server's under TLS.
 * Unless ready, the failure says why.
 */
enum greet_tls greet_hear_tls(
    const struct dialogue *dialogue, struct failure *failure);

/* Says QUIT, if that can be done at once, and waits for nothing. */
void greet_quit(const struct dialogue *dialogue);

#endif
