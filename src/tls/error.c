/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/error.h"

#include <stdio.h>
#include <string.h>

#include <gnutls/gnutls.h>

const char *tls_error_text(int status, char text[TLS_ERROR_SIZE])
{
	size_t length;

	snprintf(text, TLS_ERROR_SIZE, "%s", gnutls_strerror(status));
	length = strlen(text);
	if (length > 0 && text[length - 1] == '.')
		text[length - 1] = '\0';
	return text;
}
