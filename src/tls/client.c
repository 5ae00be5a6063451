/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/x509.h>

#include "control.h"
#include "i18n.h"
#include "report.h"
#include "tls/error.h"

bool client_has_certificate(const char *file)
{
	gnutls_datum_t text = {0};
	gnutls_x509_crt_t *list = NULL;
	unsigned count = 0;
	bool found = false;

	if (gnutls_load_file(file, &text) == 0 &&
	    gnutls_x509_crt_list_import2(
		&list, &count, &text, GNUTLS_X509_FMT_PEM, 0) >= 0) {
		found = count > 0;
		for (unsigned i = 0; i < count; i++)
			gnutls_x509_crt_deinit(list[i]);
		gnutls_free(list);
	}
	gnutls_free(text.data);
	return found;
}

static bool has_key(const struct control_text *text)
{
	static const char end[] = "PRIVATE KEY-----";

	return memmem(text->bytes, text->size, end, sizeof end - 1) != NULL;
}

/* Which of the two files is wrong, and what GnuTLS has no good words for. */
static void explain(struct failure *failure, const char *certificate,
    const char *key, int status)
{
	bool good = client_has_certificate(certificate);
	const char *file = good ? key : certificate;
	char words[TLS_ERROR_SIZE];
	struct control_text text;

	if (!control_read(file, &text)) {
		control_fail(failure, file, strerror(errno));
		return;
	}
	if (!good)
		control_fail(failure, file, _("there is no certificate in it"));
	else if (!has_key(&text))
		control_fail(failure, file, _("there is no private key in it"));
	else if (status == GNUTLS_E_DECRYPTION_FAILED)
		control_fail(
		    failure, file, _("the private key in it has a passphrase"));
	else
		control_fail(failure, file, tls_error_text(status, words));
	explicit_bzero(text.bytes, text.size);
	free(text.bytes);
}

bool client_load(gnutls_certificate_credentials_t to,
    const struct tls_task *task, struct failure *failure)
{
	const char *certificate = task->clientcert;
	const char *key =
	    task->clientkey != NULL ? task->clientkey : certificate;
	int status;

	if (certificate == NULL)
		return true;
	status = gnutls_certificate_set_x509_key_file2(
	    to, certificate, key, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (status >= 0)
		return true;
	if (status == GNUTLS_E_MEMORY_ERROR)
		report_out_of_memory();
	if (status == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		control_fail_line(failure, "control/clientcert", 1, certificate,
		    _("the key does not fit this certificate"));
	else
		explain(failure, certificate, key, status);
	return false;
}
