/* SPDX-License-Identifier: ISC */
/* Whom a certificate is for (RFC 6125, RFC 9525). */
#ifndef TLS_NAMES_H
#define TLS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/x509.h>

#include "ip.h"

/*
 * Whether a name in a certificate, in which "*." at the start stands for one
 * label, answers to a pattern as those of a task (task.h); ASCII case does not
 * matter.  Other wildcards, and those of a whole top-level domain, match
 * nothing.
 */
bool name_matches(const char *presented, const char *pattern);

/* The names of a certificate; those that cannot be a host's are left out. */
struct names {
	char **hosts;
	size_t host_count;
	struct ip *addresses;
	size_t address_count;
	/* NULL unless it is the only one, and there are no such alternatives */
	char *common_name;
};

void names_read(struct names *names, gnutls_x509_crt_t certificate);

enum name_source { NAME_NOWHERE, NAME_IN_SUBJECT, NAME_IN_ALTERNATIVE };

/* Where it bears a name for the pattern, or the address that the pattern is. */
enum name_source names_find(const struct names *names, const char *pattern);

#endif
