/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/links.h"

#include <stdbool.h>

enum { UNKNOWN = 0, SIGNS = 1, SIGNS_NOT = -1 };

static bool has_signed(gnutls_x509_crt_t issuer, gnutls_x509_crt_t certificate)
{
	unsigned verdict = 1;

	return gnutls_x509_crt_check_issuer(certificate, issuer) == 1 &&
	       gnutls_x509_crt_verify(certificate, &issuer, 1, 0, &verdict) ==
		   0 &&
	       verdict == 0;
}

static bool signs(struct links *links, unsigned issuer, unsigned other)
{
	signed char *known = &links->signs[issuer][other];

	if (*known == UNKNOWN)
		*known = has_signed(links->chain[issuer], links->chain[other])
			     ? SIGNS
			     : SIGNS_NOT;
	return *known == SIGNS;
}

/* Marks the server's own, and whatever has signed what is marked. */
static void mark_upwards(struct links *links, bool up[TLS_CHAIN_MAX])
{
	unsigned queue[TLS_CHAIN_MAX] = {0}, end = 1;

	up[0] = true;
	for (unsigned at = 0; at < end; at++)
		for (unsigned i = 1; i < links->count; i++)
			if (!up[i] && signs(links, i, queue[at])) {
				up[i] = true;
				queue[end++] = i;
			}
}

/* Of those, what the anchor has signed, and what that has signed in turn. */
static void mark_downwards(struct links *links, gnutls_x509_crt_t anchor,
    const bool up[TLS_CHAIN_MAX], bool down[TLS_CHAIN_MAX])
{
	unsigned queue[TLS_CHAIN_MAX], end = 0;

	for (unsigned i = 1; i < links->count; i++)
		if (up[i] && has_signed(anchor, links->chain[i])) {
			down[i] = true;
			queue[end++] = i;
		}
	for (unsigned at = 0; at < end; at++)
		for (unsigned i = 1; i < links->count; i++)
			if (up[i] && !down[i] && signs(links, queue[at], i)) {
				down[i] = true;
				queue[end++] = i;
			}
}

unsigned links_between(struct links *links, gnutls_x509_crt_t anchor,
    gnutls_x509_crt_t list[TLS_CHAIN_MAX])
{
	bool up[TLS_CHAIN_MAX] = {false}, down[TLS_CHAIN_MAX] = {true};
	unsigned count = 0;

	mark_upwards(links, up);
	mark_downwards(links, anchor, up, down);
	for (unsigned i = 0; i < links->count; i++)
		if (down[i])
			list[count++] = links->chain[i];
	return count;
}
