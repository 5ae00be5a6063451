/* SPDX-License-Identifier: ISC */
/* Fetching a policy over HTTPS (RFC 8461, section 3.3), by libcurl. */
#ifndef STS_DOWNLOAD_H
#define STS_DOWNLOAD_H

#include "sts/call.h"

struct sts_download {
	char body[STS_POLICY_SIZE_MAX + 1];
	size_t size;
	char *certificate; /* of the server, in PEM */
	char reason[STS_REASON_SIZE];
	size_t head_size; /* octets of response lines so far */
	bool chunked;	  /* they say so (RFC 9112, section 7.1) */
	const struct sts_call *call;
	void *curl; /* libcurl's handle, while it lasts */
};

/* Has libcurl load what it needs.  Returns false when it does not start. */
bool sts_download_prepare(void);

/*
 * Asks for the policy, once: only from the addresses of the call, over TLS with
 * a certificate that leads to a trust anchor of the file anchors, a PEM bundle,
 * and is for the host as libcurl understands that: whether a subject
 * alternative name says so is left to look at.  No redirect is followed,
 * nothing outside of the call counts.  Returns false with the reason when there
 * is no answer of status 200 and type text/plain that fits.
 */
bool sts_download(struct sts_download *download, const struct sts_call *call,
    const char *anchors);

#endif
