/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/shown.h"

#include <string.h>

#include <gnutls/gnutls.h>

#include "xalloc.h"

/* Whether libcurl's sessions are those of the GnuTLS that this program has. */
static bool is_ours(void)
{
	static const char name[] = "GnuTLS/";
	const char *backend = curl_version_info(CURLVERSION_NOW)->ssl_version;

	return backend != NULL && strncmp(backend, name, strlen(name)) == 0 &&
	       strcmp(backend + strlen(name), gnutls_check_version(NULL)) == 0;
}

bool shown_prepare(CURL *curl)
{
	return is_ours() ||
	       curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L) == CURLE_OK;
}

char *shown_in_session(CURL *curl)
{
	const struct curl_tlssessioninfo *info = NULL;
	const gnutls_datum_t *chain;
	gnutls_datum_t text = {0};
	unsigned count = 0;
	char *copy;

	if (!is_ours() ||
	    curl_easy_getinfo(curl, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_GNUTLS ||
	    info->internals == NULL)
		return NULL;
	chain = gnutls_certificate_get_peers(info->internals, &count);
	if (chain == NULL || count == 0 ||
	    gnutls_pem_base64_encode2("CERTIFICATE", chain, &text) != 0)
		return NULL;
	copy = xstrndup((const char *)text.data, text.size);
	gnutls_free(text.data);
	return copy;
}

char *shown_in_answer(CURL *curl)
{
	static const char label[] = "Cert:";
	const struct curl_slist *item = NULL;
	struct curl_certinfo *chain = NULL;

	if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain) == CURLE_OK &&
	    chain != NULL && chain->num_of_certs > 0)
		item = chain->certinfo[0];
	for (; item != NULL; item = item->next)
		if (strncmp(item->data, label, strlen(label)) == 0)
			return xstrdup(item->data + strlen(label));
	return NULL;
}
