/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/envelope.h"

#include <stdlib.h>

#include "address.h"
#include "dns/domain.h"
#include "mail/refusal.h"
#include "session/handoff.h"
#include "xalloc.h"

bool envelope_check_sender(const char *sender, struct failure *failure)
{
	if (address_is_one_line(sender))
		return true;
	failure_set(failure, FAILURE_PERMANENT, "%s",
	    refusal_text(REFUSAL_LINE_BREAK, REFUSAL_SENDER, sender));
	return false;
}

/* Returns false when the domain cannot be converted now. */
static bool use_ascii_domain(char **address, struct failure *failure)
{
	char *ascii;

	if (!address_has_foreign_domain(*address))
		return true;
	ascii = domain_to_ascii(address_domain(*address), failure);
	if (ascii == NULL)
		return failure->class == FAILURE_PERMANENT;
	*address = address_with_domain(*address, ascii);
	free(ascii);
	return true;
}

bool envelope_for_server(struct envelope *envelope, char *sender,
    char **recipients, size_t recipient_count, unsigned capabilities,
    struct failure *failure)
{
	bool good;

	*envelope = (struct envelope){.sender = sender,
	    .recipient_count = recipient_count,
	    .recipients = xcalloc(recipient_count, sizeof *recipients)};
	for (size_t i = 0; i < recipient_count; i++)
		envelope->recipients[i] = recipients[i];
	if ((capabilities & CAPABILITY_SMTPUTF8) &&
	    address_any_needs_utf8(sender, recipients, recipient_count))
		return true;
	good = use_ascii_domain(&envelope->sender, failure);
	for (size_t i = 0; good && i < recipient_count; i++)
		good = use_ascii_domain(&envelope->recipients[i], failure);
	return good;
}
