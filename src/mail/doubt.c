/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/doubt.h"

bool doubt_refusal(const struct session *session)
{
	return session->clear_reason != NULL && *session->clear_reason != '\0';
}

bool doubt_lack(const struct session *session)
{
	return doubt_refusal(session) ||
	       (session->capabilities.set & CAPABILITY_UNSURE);
}

void doubt_explain(struct failure *failure, const struct session *session)
{
	if (failure->class == FAILURE_TEMPORARY && doubt_refusal(session))
		failure_add(failure, "%s", session->clear_reason);
}
