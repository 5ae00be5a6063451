/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/error.h"

#include <stdio.h>
#include <string.h>

#include "i18n.h"

const char *tls_error_text(int status, char text[TLS_ERROR_SIZE])
{
	size_t length;

	snprintf(text, TLS_ERROR_SIZE, "%s", gnutls_strerror(status));
	length = strlen(text);
	if (length > 0 && text[length - 1] == '.')
		text[length - 1] = '\0';
	return text;
}

/* The name of the alert that was received; its number, where it has none. */
static const char *alert_text(
    gnutls_session_t session, char text[TLS_ERROR_SIZE])
{
	gnutls_alert_description_t alert = gnutls_alert_get(session);
	const char *name = gnutls_alert_get_name(alert);

	if (name != NULL)
		return name;
	snprintf(text, TLS_ERROR_SIZE, "%u", (unsigned)alert);
	return text;
}

void tls_error_explain(
    gnutls_session_t session, int status, struct reason *reason)
{
	char text[TLS_ERROR_SIZE];

	if (status == GNUTLS_E_FATAL_ALERT_RECEIVED)
		reason_set(reason, N_("the server sent the alert \"%s\""),
		    alert_text(session, text));
	else if (status == GNUTLS_E_PREMATURE_TERMINATION ||
		 status == GNUTLS_E_PUSH_ERROR || status == GNUTLS_E_PULL_ERROR)
		reason_set(reason, N_("the server closed the connection"));
	else
		reason_set(reason, "%s", tls_error_text(status, text));
}
