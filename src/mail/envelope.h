/* SPDX-License-Identifier: ISC */
/* Sender and recipients, in the form that a given server can take. */
#ifndef MAIL_ENVELOPE_H
#define MAIL_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

struct envelope {
	char *sender;
	size_t recipient_count;
	char **recipients;
};

/*
 * Returns false with a report D for a sender that no server will ever be
 * told, before any is asked.
 */
bool envelope_check_sender(const char *sender, struct report *report);

/*
 * Domains in U-labels become A-labels (RFC 5890), unless an address needs
 * SMTPUTF8 and the server offers it, in a set of enum capability.  A domain
 * that cannot be converted stays, and is refused when its turn comes.
 */
struct envelope envelope_for_server(char *sender, char **recipients,
    size_t recipient_count, unsigned capabilities);

#endif
