/* SPDX-License-Identifier: ISC */
/*
 * Whether a server's certificates match its TLSA records (RFC 6698 section 2.1,
 * RFC 7672 section 3.1).  Nothing here asks anybody, and names are left to
 * others.
 */
#ifndef TLS_TLSA_H
#define TLS_TLSA_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "dns/tlsa.h"
#include "tls/handshake.h"

/* Usable records, and the certificates as they were presented, at most
   TLS_CHAIN_MAX. */
struct tlsa_case {
	const struct tlsa_record *records;
	size_t record_count;
	const gnutls_x509_crt_t *chain; /* the server's own is the first */
	unsigned chain_count;
};

struct tlsa_finding {
	enum tlsa_match match;
	/* Without one: whether there was an anchor, and GnuTLS's verdict on the
	   chain with the last that was tried. */
	bool anchored;
	unsigned verdict;
};

/*
 * Usage 3: the server's own certificate or key is one that a record is about.
 * Usage 2: a valid chain, in dates and purpose too, leads to it from one of the
 * anchors, which are the presented certificates behind the first that a record
 * is about, and those that a record "2 0 0" holds.  The server's own
 * certificate is no anchor, wherever it is repeated.
 */
struct tlsa_finding tlsa_find(const struct tlsa_case *tlsa_case);

#endif
