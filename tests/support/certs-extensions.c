/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "certs-extensions.h"

#include <err.h>
#include <string.h>

#include <gnutls/x509-ext.h>

static void must(int result, const char *what)
{
	if (result < 0)
		errx(99, "%s: %s", what, gnutls_strerror(result));
}

static void permit(gnutls_x509_crt_t certificate, const char *domain)
{
	gnutls_x509_name_constraints_t constraints;
	gnutls_datum_t name = {
	    (unsigned char *)domain, (unsigned)strlen(domain)};

	must(gnutls_x509_name_constraints_init(&constraints), "constraints");
	must(gnutls_x509_name_constraints_add_permitted(
		 constraints, GNUTLS_SAN_DNSNAME, &name),
	    domain);
	must(gnutls_x509_crt_set_name_constraints(certificate, constraints, 1),
	    "constraints");
	gnutls_x509_name_constraints_deinit(constraints);
}

static void demand_staple(gnutls_x509_crt_t certificate)
{
	enum { STATUS_REQUEST = 5 };
	gnutls_x509_tlsfeatures_t features;

	must(gnutls_x509_tlsfeatures_init(&features), "features");
	must(gnutls_x509_tlsfeatures_add(features, STATUS_REQUEST), "features");
	must(
	    gnutls_x509_crt_set_tlsfeatures(certificate, features), "features");
	gnutls_x509_tlsfeatures_deinit(features);
}

void certs_add_extensions(
    gnutls_x509_crt_t certificate, const struct cert_request *request)
{
	static const unsigned char null[] = {0x05, 0x00};

	if (request->permitted != NULL)
		permit(certificate, request->permitted);
	if (request->must_staple)
		demand_staple(certificate);
	if (request->strange)
		must(gnutls_x509_crt_set_extension_by_oid(certificate,
			 "1.3.6.1.4.1.32473.1", null, sizeof null, 1),
		    "extension");
}
