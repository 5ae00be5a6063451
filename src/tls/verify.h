/* SPDX-License-Identifier: ISC */
/* Verification of a server's certificates, and words for what is wrong. */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "reason.h"
#include "tls/presented.h"
#include "tls/trust.h"

/* How GnuTLS is asked about a chain. */
struct verifier {
	void *context;
	/* Checks it against the list, which it frees, but for names.  Returns a
	   status of GnuTLS. */
	int (*verify)(
	    void *context, gnutls_x509_trust_list_t list, unsigned *verdict);
};

/*
 * Checks a chain against the anchors that were found for it: it is good when it
 * is with all of them or, as GnuTLS tries only one of several namesakes, with
 * one of them.  The verdict is that with all of them, or 0.  Returns a status
 * of GnuTLS.
 */
int tls_verify(const struct verifier *verifier, const struct anchors *anchors,
    unsigned *verdict);

/*
 * Says what a verdict other than 0 on the chain means; the server is called
 * name.
 */
void tls_verify_explain(struct presented *presented, unsigned verdict,
    const char *name, struct reason *reason);

#endif
