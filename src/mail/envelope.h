/* SPDX-License-Identifier: ISC */
/* Sender and recipients, in the form that a given server can take. */
#ifndef MAIL_ENVELOPE_H
#define MAIL_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "route/request.h"

struct envelope {
	char *sender;
	size_t recipient_count;
	char **recipients;
};

/*
 * Returns false with a permanent failure for a sender that no server will ever
 * be told, before any is asked.
 */
bool envelope_check_sender(const char *sender, struct failure *failure);

/*
 * Domains in U-labels become A-labels (RFC 5890), unless an address needs
 * SMTPUTF8 and the server offers it, in a set of enum capability.  A domain
 * that has no A-labels stays, and is refused when its turn comes.  Returns
 * false with a temporary failure when that cannot be found out now.
 */
bool envelope_for_server(struct envelope *envelope,
    const struct request *request, unsigned capabilities,
    struct failure *failure);

#endif
