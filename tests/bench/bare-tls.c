/* SPDX-License-Identifier: ISC */
/* Floor: a TLS handshake, and records of 16 KiB after it. */
#include "config.h"

#include <err.h>

#include <gnutls/gnutls.h>

#include "bare-connect.h"

static void check(ssize_t status, const char *what)
{
	if (status < 0)
		errx(1, "%s: %s", what, gnutls_strerror((int)status));
}

int main(int argc, char **argv)
{
	static char block[16384];
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;
	size_t left;
	int fd = bare_connect(argc, argv, &left);

	check(gnutls_certificate_allocate_credentials(&credentials), "load");
	check(gnutls_init(&session, GNUTLS_CLIENT), "load");
	check(gnutls_set_default_priority(session), "load");
	check(gnutls_credentials_set(
		  session, GNUTLS_CRD_CERTIFICATE, credentials),
	    "load");
	gnutls_transport_set_int(session, fd);
	check(gnutls_handshake(session), "handshake");
	while (left > 0) {
		size_t size = left < sizeof block ? left : sizeof block;
		ssize_t sent = gnutls_record_send(session, block, size);

		check(sent, "write");
		left -= (size_t)sent;
	}
	check(gnutls_bye(session, GNUTLS_SHUT_RDWR), "close");
	gnutls_deinit(session);
	return 0;
}
