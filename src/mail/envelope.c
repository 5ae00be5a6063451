/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/envelope.h"

#include <stdlib.h>

#include "address.h"
#include "dns/domain.h"
#include "mail/refusal.h"
#include "session/handoff.h"
#include "xalloc.h"

bool envelope_check_sender(const char *sender, struct report *report)
{
	if (address_is_one_line(sender))
		return true;
	refusal_report(REFUSAL_LINE_BREAK, REFUSAL_SENDER, sender, report);
	return false;
}

static char *with_ascii_domain(char *address)
{
	char *ascii, *converted;

	if (!address_has_foreign_domain(address))
		return address;
	ascii = domain_to_ascii(address_domain(address));
	if (ascii == NULL)
		return address;
	converted = address_with_domain(address, ascii);
	free(ascii);
	return converted;
}

struct envelope envelope_for_server(char *sender, char **recipients,
    size_t recipient_count, unsigned capabilities)
{
	struct envelope envelope = {.sender = sender,
	    .recipient_count = recipient_count,
	    .recipients = xcalloc(recipient_count, sizeof *recipients)};

	for (size_t i = 0; i < recipient_count; i++)
		envelope.recipients[i] = recipients[i];
	if ((capabilities & CAPABILITY_SMTPUTF8) &&
	    address_any_needs_utf8(sender, recipients, recipient_count))
		return envelope;
	envelope.sender = with_ascii_domain(sender);
	for (size_t i = 0; i < recipient_count; i++)
		envelope.recipients[i] = with_ascii_domain(recipients[i]);
	return envelope;
}
