/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/refusal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "i18n.h"
#include "mail/doubt.h"
#include "report.h"

enum { COMMAND_MAX = 512, SHOWN_SIZE = 256 };

static bool is_too_long(const char *address, enum refusal_role role)
{
	const char *frame =
	    role == REFUSAL_SENDER ? "MAIL FROM:<>\r\n" : "RCPT TO:<>\r\n";
	char *quoted = address_quote(address);
	size_t length = strlen(frame) + strlen(quoted);

	free(quoted);
	return length > COMMAND_MAX;
}

static enum refusal refuse_foreign(enum refusal_utf8 utf8)
{
	return utf8 == REFUSAL_UTF8_MISSING_NOW ? REFUSAL_UTF8_NOW
						: REFUSAL_UTF8;
}

enum refusal refusal_of(
    const char *address, enum refusal_role role, enum refusal_utf8 utf8)
{
	bool foreign = address_needs_utf8(address);
	bool used = utf8 == REFUSAL_UTF8_USED;

	if (!address_is_one_line(address))
		return REFUSAL_LINE_BREAK;
	if ((foreign || used) && !address_is_valid_utf8(address))
		return REFUSAL_ENCODING;
	if (foreign && !used)
		return refuse_foreign(utf8);
	if (address_breaks_command(address))
		return address_domain(address) != NULL ? REFUSAL_DOMAIN
						       : REFUSAL_COMMAND;
	if (address_has_foreign_domain(address) && !used)
		return REFUSAL_DOMAIN;
	if (is_too_long(address, role))
		return REFUSAL_LENGTH;
	return REFUSAL_NONE;
}

/* Of senders and recipients. */
static const char *const texts[][2] = {
    [REFUSAL_LINE_BREAK] = {N_("The sender address %s has a line break in it. "
			       "(#5.1.7)\n"),
	N_("The recipient address %s has a line break in it. "
	   "(#5.1.3)\n")},
    [REFUSAL_COMMAND] =
	{N_("The sender address %s cannot stand in a command of SMTP. "
	    "(#5.1.7)\n"),
	    N_("The recipient address %s cannot stand in a command of "
	       "SMTP. (#5.1.3)\n")},
    [REFUSAL_LENGTH] =
	{N_("The sender address %s is too long for SMTP. (#5.1.7)\n"),
	    N_("The recipient address %s is too long for SMTP. "
	       "(#5.1.3)\n")},
    [REFUSAL_DOMAIN] =
	{N_("The domain of the sender address %s is not a valid name. "
	    "(#5.1.8)\n"),
	    N_("The domain of the recipient address %s is not a valid "
	       "name. (#5.1.2)\n")},
    [REFUSAL_ENCODING] =
	{N_("The sender address %s is neither ASCII nor UTF-8. "
	    "(#5.6.7)\n"),
	    N_("The recipient address %s is neither ASCII nor UTF-8. "
	       "(#5.6.7)\n")},
    [REFUSAL_UTF8] =
	{N_("The sender address %s needs SMTPUTF8, which the server "
	    "does not offer. (#5.6.7)\n"),
	    N_("The recipient address %s needs SMTPUTF8, which the "
	       "server does not offer. (#5.6.7)\n")},
    [REFUSAL_UTF8_NOW] =
	{N_("The sender address %s needs SMTPUTF8, which the server "
	    "does not offer now. (#4.6.7)\n"),
	    N_("The recipient address %s needs SMTPUTF8, which the "
	       "server does not offer now. (#4.6.7)\n")},
};

void refusal_fail(struct failure *failure, enum refusal refusal,
    enum refusal_role role, const char *address)
{
	char shown[SHOWN_SIZE];

	failure_set(failure,
	    refusal == REFUSAL_UTF8_NOW ? FAILURE_TEMPORARY : FAILURE_PERMANENT,
	    _(texts[refusal][role]), report_safe(shown, sizeof shown, address));
}

bool refusal_pass_message(const struct session *session,
    const struct message_facts *facts, struct failure *failure)
{
	uint64_t limit = session->capabilities.size_limit;

	if (facts->partial_line) {
		failure_set(failure, FAILURE_PERMANENT, "%s",
		    _("SMTP cannot transfer messages with partial final lines. "
		      "(#5.6.2)\n"));
		return false;
	}
	if (limit == 0 || facts->wire_size <= limit)
		return true;
	if (doubt_lack(session))
		failure_set(failure, FAILURE_TEMPORARY,
		    _("The message is larger than %s takes now: %" PRIu64
		      " of at most %" PRIu64 " bytes. (#4.3.4)\n"),
		    session->server, facts->wire_size, limit);
	else
		failure_set(failure, FAILURE_PERMANENT,
		    _("The message is larger than %s takes: %" PRIu64
		      " of at most %" PRIu64 " bytes. (#5.3.4)\n"),
		    session->server, facts->wire_size, limit);
	doubt_explain(failure, session);
	return false;
}
