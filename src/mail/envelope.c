/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/envelope.h"

#include <stdlib.h>

#include "address.h"
#include "dns/domain.h"
#include "mail/refusal.h"
#include "session/capabilities.h"
#include "xalloc.h"

bool envelope_check_sender(const char *sender, struct failure *failure)
{
	if (address_is_one_line(sender))
		return true;
	refusal_fail(failure, REFUSAL_LINE_BREAK, REFUSAL_SENDER, sender);
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

bool envelope_for_server(struct envelope *envelope,
    const struct request *request, unsigned capabilities,
    struct failure *failure)
{
	size_t count = request->recipient_count;
	bool good;

	*envelope = (struct envelope){.sender = request->sender,
	    .recipient_count = count,
	    .recipients = xcalloc(count, sizeof *envelope->recipients)};
	for (size_t i = 0; i < count; i++)
		envelope->recipients[i] = request->recipients[i];
	if ((capabilities & CAPABILITY_SMTPUTF8) &&
	    address_any_needs_utf8(request->sender, request->recipients, count))
		return true;
	good = use_ascii_domain(&envelope->sender, failure);
	for (size_t i = 0; good && i < count; i++)
		good = use_ascii_domain(&envelope->recipients[i], failure);
	return good;
}
