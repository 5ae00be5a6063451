/* SPDX-License-Identifier: ISC */
/* Floor: one message under TLS, with the envelope in one go. */
#include "config.h"

#include <err.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "bare-connect.h"
#include "bare-dialogue.h"

static void check(ssize_t status)
{
	if (status < 0)
		errx(1, "%s", gnutls_strerror((int)status));
}

static void ask_for_tls(int fd)
{
	static const char *const turns[] = {BARE_EHLO, BARE_STARTTLS};
	char reply[4096];

	for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
		if (read(fd, reply, sizeof reply) <= 0 ||
		    write(fd, turns[i], strlen(turns[i])) < 0)
			err(1, "STARTTLS");
	}
	if (read(fd, reply, sizeof reply) <= 0)
		err(1, "read");
}

static void shake_hands(gnutls_session_t *session, int fd)
{
	gnutls_certificate_credentials_t credentials;

	check(gnutls_certificate_allocate_credentials(&credentials));
	check(gnutls_init(session, GNUTLS_CLIENT));
	check(gnutls_set_default_priority(*session));
	check(gnutls_credentials_set(
	    *session, GNUTLS_CRD_CERTIFICATE, credentials));
	gnutls_transport_set_int(*session, fd);
	check(gnutls_handshake(*session));
}

static void say(gnutls_session_t session, const char *text)
{
	check(gnutls_record_send(session, text, strlen(text)));
}

/* Between replies the server may send tickets. */
static void hear(gnutls_session_t session)
{
	char reply[4096];
	ssize_t size;

	do
		size = gnutls_record_recv(session, reply, sizeof reply);
	while (size == GNUTLS_E_AGAIN || size == GNUTLS_E_INTERRUPTED);
	check(size);
}

int main(int argc, char **argv)
{
	static const char *const turns[] = {
	    BARE_EHLO, BARE_ENVELOPE, BARE_MESSAGE};
	gnutls_session_t session;
	size_t unused;
	int fd = bare_connect(argc, argv, &unused);

	ask_for_tls(fd);
	shake_hands(&session, fd);
	for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
		say(session, turns[i]);
		hear(session);
	}
	say(session, BARE_QUIT);
	check(gnutls_bye(session, GNUTLS_SHUT_WR));
	return 0;
}
