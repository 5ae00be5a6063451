/* SPDX-License-Identifier: ISC */
/*
 * The certificate that a policy host shows.  libcurl tells it, but over GnuTLS
 * only when it can itself read every key of the chain, and it gives the answer
 * up where it cannot (Ed25519): there the session is asked.
 */
#ifndef STS_SHOWN_H
#define STS_SHOWN_H

#include <stdbool.h>

#include <curl/curl.h>

/* Has what the two below need set up. */
bool shown_prepare(CURL *curl);

/* While the answer comes: the certificate in PEM, to be freed, or NULL. */
char *shown_in_session(CURL *curl);

/* After it: the same where the session has not told. */
char *shown_in_answer(CURL *curl);

#endif
