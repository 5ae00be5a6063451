/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-relay: does the TLS handshake with a server, keeps the session,
 * and copies.  Run by qmail-remote only; tls/protocol.h has what they say to
 * each other.
 */
#include "config.h"

#include "i18n.h"
#include "paths.h"
#include "startup.h"
#include "tls/serve.h"

int main(int argc, char **argv)
{
	struct failure failure;
	bool input_closed;

	if (argc > 1) {
		process_start(argc, argv,
		    N_("qmail-remote-relay is run by qmail-remote, not by "
		       "hand"),
		    &input_closed, &failure);
		return 0;
	}
	i18n_start(path_locale());
	relay_serve();
	return 0;
}
