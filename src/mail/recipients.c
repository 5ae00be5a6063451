/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/recipients.h"

#include <stdlib.h>

#include "mail/doubt.h"
#include "mail/refusal.h"

void recipients_start(struct recipients *recipients,
    const struct commands *commands, struct reports *reports)
{
	recipients->commands = commands;
	recipients->reports = reports;
	recipients->reported = 0;
	recipients->one_accepted = false;
	recipients->one_waits = false;
}

/* Reports one of whom the server has not been told. */
static void report_refused(struct recipients *recipients, size_t index)
{
	const struct commands *commands = recipients->commands;
	const struct session *session = commands->session;
	struct failure failure;

	refusal_fail(&failure, commands->refusals[index], REFUSAL_RECIPIENT,
	    session->recipients[index]);
	doubt_explain(&failure, session);
	report_recipient(recipients->reports, &failure);
	if (failure.class == FAILURE_TEMPORARY)
		recipients->one_waits = true;
	free(failure.text);
}

/* Reports the recipients up to there, which we refused ourselves. */
static void report_up_to(struct recipients *recipients, size_t index)
{
	while (recipients->reported < index)
		report_refused(recipients, recipients->reported++);
}

void recipients_take_reply(
    struct recipients *recipients, size_t index, const struct reply *reply)
{
	struct verdict *verdict = &recipients->verdict;
	bool accepted =
	    verdict_take_reply(verdict, recipients->commands->session,
		STAGE_RCPT, reply, recipients->one_accepted);

	report_up_to(recipients, index);
	report_recipient(
	    recipients->reports, accepted ? NULL : &verdict->failure);
	recipients->reported++;
	if (accepted)
		recipients->one_accepted = true;
	else if (verdict->failure.class == FAILURE_TEMPORARY)
		recipients->one_waits = true;
}

bool recipients_end(struct recipients *recipients)
{
	report_up_to(
	    recipients, recipients->commands->session->recipient_count);
	return recipients->one_accepted;
}
