/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/presented.h"

#include "tls/certificate.h"

void presented_take(struct presented *presented, gnutls_session_t session)
{
	*presented = (struct presented){.count = 0};
	presented->chain =
	    gnutls_certificate_get_peers(session, &presented->count);
	if (presented->chain == NULL)
		presented->count = 0;
	if (presented->count > TLS_CHAIN_MAX)
		presented->count = TLS_CHAIN_MAX;
}

gnutls_x509_crt_t presented_get(struct presented *presented, unsigned index)
{
	if (index >= presented->count)
		return NULL;
	if (presented->decoded[index] == NULL)
		presented->decoded[index] = certificate_decode(
		    &presented->chain[index], GNUTLS_X509_FMT_DER);
	return presented->decoded[index];
}

unsigned presented_count(struct presented *presented)
{
	unsigned count = 0;

	while (presented_get(presented, count) != NULL)
		count++;
	return count;
}

void presented_free(struct presented *presented)
{
	for (unsigned i = 0; i < presented->count; i++)
		if (presented->decoded[i] != NULL)
			gnutls_x509_crt_deinit(presented->decoded[i]);
}
